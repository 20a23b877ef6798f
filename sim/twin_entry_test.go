package sim

import (
	"github.com/silverback-sim/silverback/sim/des"
)

// Where clients come in, in the twin.

// twinName is the DNS name of a zone's region.
type twinName struct {
	ttl, changed int64
}

// entry draws the zone of an attempt; it does not get in if that zone is lost and
// its client has not gone elsewhere.
func (tw *twin) entry(c *twinClient, r *twinRequest) (zone int, in bool) {
	draw := des.From(r.key, forEntry)
	z := c.home(draw.Float64())
	firstKey := tw.tryKey(r.key, -r.try)
	if first := des.From(firstKey, forEntry); tw.zoneOf[z] != tw.zoneOf[c.home(first.Float64())] {
		first = des.From(firstKey, forEntry)
		z = c.home(first.Float64())
	}
	dns := des.From(firstKey, forDNS)
	name := tw.names[z]
	hasNew := name.ttl == 0 || tw.now >= name.changed+int64(dns.Float64()*float64(name.ttl))
	near := func(other int) bool { return tw.zoneOf[other] == tw.zoneOf[z] }
	far := func(other int) bool { return !near(other) }
	switch {
	case tw.shifted(z):
	case tw.lost(z):
		if tw.now < tw.since[z]+int64(c.t.EntryFailover) || !hasNew {
			return z, false
		}
	case hasNew:
		return z, true
	default: // the region is back, and the client does not know
		if other := tw.drawEntry(c, draw.Float64(), far); other >= 0 {
			return other, true
		}
		return z, true
	}
	u := draw.Float64()
	other := tw.drawEntry(c, u, near)
	if other < 0 {
		other = tw.drawEntry(c, u, far)
	}
	if other < 0 {
		return z, false
	}
	return other, true
}

// home of a client by its draw. A draw decides only where there is a choice.
func (c *twinClient) home(u float64) int {
	for k, v := range c.t.Enters {
		if v >= 1 {
			return k
		}
	}
	return weighted(c.t.Enters, func(int) bool { return true }, u)
}

// drawEntry draws among the zones in use, evenly if nobody enters there otherwise.
func (tw *twin) drawEntry(c *twinClient, u float64, in func(int) bool) int {
	open := func(z int) bool { return in(z) && !tw.lost(z) && !tw.shifted(z) }
	if other := weighted(c.t.Enters, open, u); other >= 0 {
		return other
	}
	even := make([]float64, len(c.t.Enters))
	for k := range even {
		even[k] = 1
	}
	return weighted(even, open, u)
}

// weighted returns the zone of share u among those that are eligible, or -1.
func weighted(weights []float64, eligible func(int) bool, u float64) int {
	var sum float64
	for z, v := range weights {
		if eligible(z) {
			sum += v
		}
	}
	found, upTo := -1, 0.0
	for z, v := range weights {
		if !eligible(z) || v == 0 {
			continue
		}
		found = z
		if upTo += v; u*sum < upTo {
			break
		}
	}
	return found
}
