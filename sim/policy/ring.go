package policy

import (
	"cmp"
	"slices"
)

// virtualNodes is how often an instance stands on the ring by default, as in Ketama.
const virtualNodes = 160

// Ring places keys on instances by consistent hashing: an instance that joins or
// leaves moves only its own share of the keys, about one in n (Karger et al.,
// "Consistent Hashing and Random Trees", STOC 1997). Where an instance stands
// depends on its identity alone, not on the others or on the order of joining. A
// lookup is a binary search. The zero value is empty.
type Ring struct {
	// VirtualNodes is how often each instance stands on the ring, before the first
	// Follow; 0 is 160: shares of the keys then differ by 8%, 1/√160.
	VirtualNodes int

	points  []ringPoint // in the order of their hashes
	members []int32     // in the order of their numbers

	// Memory to use again.
	former  []int32
	joining []ringPoint
	spare   []int32
	met     []uint64 // by instance: the last round that met it
	round   uint64
}

type ringPoint struct {
	hash     uint64
	instance int32
}

func (p ringPoint) compare(q ringPoint) int {
	return cmp.Or(cmp.Compare(p.hash, q.hash), cmp.Compare(p.instance, q.instance))
}

// Follow makes the given instances the ring's members. An instance's identity is a
// random word of its own; it is asked for when it joins.
func (r *Ring) Follow(members []int32, identity func(instance int32) uint64) {
	before, next := r.members, append(r.former[:0], members...)
	slices.Sort(next)
	r.members, r.former = next, before
	if slices.ContainsFunc(before, func(i int32) bool { return !holds(next, i) }) {
		r.points = slices.DeleteFunc(r.points, func(p ringPoint) bool { return !holds(next, p.instance) })
	}
	if n := len(next); n > 0 && int(next[n-1]) >= len(r.met) {
		r.met = append(r.met, make([]uint64, int(next[n-1])+1-len(r.met))...)
	}
	r.joining = r.joining[:0]
	for _, i := range next {
		if holds(before, i) {
			continue
		}
		at := identity(i)
		for range cmp.Or(r.VirtualNodes, virtualNodes) {
			at += golden
			r.joining = append(r.joining, ringPoint{scatter(at), i})
		}
	}
	slices.SortFunc(r.joining, ringPoint.compare)
	r.merge()
}

// merge the joining points into the others, from the last on.
func (r *Ring) merge() {
	i, j := len(r.points)-1, len(r.joining)-1
	r.points = append(r.points, r.joining...)
	for k := len(r.points) - 1; j >= 0; k-- {
		if i >= 0 && r.joining[j].compare(r.points[i]) < 0 {
			r.points[k] = r.points[i]
			i--
		} else {
			r.points[k] = r.joining[j]
			j--
		}
	}
}

// Place is the instance that has the key: the first one on the ring from the key's
// own place on. There must be a member.
func (r *Ring) Place(key uint64) int32 { return r.points[r.first(key)].instance }

func (r *Ring) first(key uint64) int {
	hash := scatter(key)
	lo, hi := 0, len(r.points)
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); r.points[mid].hash < hash {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(r.points) {
		lo = 0
	}
	return lo
}

// Replicas are the next instances on the ring (the preference list of DeCandia et al.,
// "Dynamo", SOSP 2007); see the placements.
func (r *Ring) Replicas(key uint64, zones, to []int32) []int32 {
	c := choice{zones: zones, to: to[:0], want: len(to), spare: r.spare[:0]}
	r.round++
	at := r.first(key)
	for left := len(r.members); left > 0 && !c.done(); at++ {
		if at == len(r.points) {
			at = 0
		}
		if who := r.points[at].instance; r.met[who] != r.round {
			r.met[who] = r.round
			left--
			c.offer(who)
		}
	}
	r.spare = c.spare
	return c.close()
}

func holds(sorted []int32, i int32) bool {
	_, found := slices.BinarySearch(sorted, i)
	return found
}
