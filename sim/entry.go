package sim

import "github.com/silverback-sim/silverback/sim/des"

// Where clients come in: through a zone that is drawn by the traffic's weights. A
// zone that is lost or that an operator has shifted away from is left out, another
// one of its region first. When a region is lost, its clients are led to the others
// by DNS: a resolver keeps its answer up to the TTL, so that they follow evenly
// spread over it, and come back likewise.

// entry draws the zone through which an attempt comes in. It does not get in if
// that zone is lost and its client has not gone elsewhere, or if all are lost.
func (w *World) entry(c *client, f *frame) (z int, in bool) {
	r := des.From(f.key, forEntry)
	z = w.home(c, f, r.Float64())
	zone := &w.zones[z]
	leaves := false // its region, though that is there
	switch {
	case !zone.avoided:
		return z, true
	case zone.shifted:
	case zone.lost():
		if w.now < zone.since+c.m.failover || w.now < zone.moved+w.keeps(f, zone.ttl) {
			return z, false
		}
	case w.now >= zone.moved+zone.ttl: // all are back
		zone.ttl, zone.avoided = 0, false
		return z, true
	case w.now >= zone.moved+w.keeps(f, zone.ttl):
		return z, true
	default:
		leaves = true
	}
	u := r.Float64()
	if !leaves {
		if other := w.otherEntry(c, u, w.m.region[z], true); other >= 0 {
			return other, true
		}
	}
	if other := w.otherEntry(c, u, w.m.region[z], false); other >= 0 {
		return other, true
	}
	return z, leaves
}

// home is the zone that an attempt would come in through. A retry draws it anew,
// but not another region.
func (w *World) home(c *client, f *frame, u float64) int {
	z := among(c.m.entryShare, u)
	if f.attempt > 0 && w.m.regions > 1 {
		r := des.From(w.firstKey(f), forEntry)
		if first := among(c.m.entryShare, r.Float64()); w.m.region[z] != w.m.region[first] {
			return first
		}
	}
	return z
}

// keeps is how long the client of an attempt keeps its DNS answer after a change.
func (w *World) keeps(f *frame, ttl des.Time) des.Time {
	r := des.From(w.firstKey(f), forDNS)
	return des.Time(float64(r.Float64() * float64(ttl)))
}

// firstKey of the request whose retry an attempt may be.
func (w *World) firstKey(f *frame) uint64 {
	return f.key - uint64(f.attempt)*w.m.perTry
}

// among returns the index into which u falls, given cumulative shares.
func among(cumulative []float64, u float64) int {
	k := 0
	for k < len(cumulative)-1 && u >= cumulative[k] {
		k++
	}
	return k
}

// otherEntry draws among the zones in use inside a region, or outside of it; evenly
// if nobody enters there otherwise; -1 if there are none.
func (w *World) otherEntry(c *client, u float64, region int, inside bool) int {
	var sum float64
	open := 0
	for z, v := range c.m.enters {
		if w.zones[z].inUse() && (w.m.region[z] == region) == inside {
			sum += v
			open++
		}
	}
	even := sum == 0
	if even {
		sum = float64(open)
	}
	u = float64(u * sum)
	last := -1
	for z, v := range c.m.enters {
		if !w.zones[z].inUse() || (w.m.region[z] == region) != inside || v == 0 && !even {
			continue
		}
		if even {
			v = 1
		}
		if last = z; u < v {
			break
		}
		u -= v
	}
	return last
}
