package sim

import (
	"math"
	"slices"
)

// Who is in rotation: the instances that the health checks believe in, in zones
// that no operator has shifted away from. Balancers may know better; see balancer.

// inRotation tells whether an instance belongs into the rotation.
func (w *World) inRotation(in *instance) bool {
	return in.believed && !w.zones[in.zone].shifted
}

// rotate takes an instance into the rotation of its service, or out of it.
func (w *World) rotate(i int32) {
	in := &w.insts[i]
	s := &w.services[in.service]
	p := &s.inZone[in.zone]
	k, there := slices.BinarySearch(p.rotation, i)
	switch wanted := w.inRotation(in); {
	case wanted == there:
		return
	case wanted:
		p.rotation = slices.Insert(p.rotation, k, i)
		s.rotating++
	default:
		p.rotation = slices.Delete(p.rotation, k, k+1)
		s.rotating--
	}
	s.stale = min(s.stale, k)
	s.version++
	s.careful = true
}

// fresh is a service whose rotation is as its zones say.
const fresh = math.MaxInt

// interleave brings the rotation over all zones up to date. That is left until
// somebody wants to know, as instances often come and go together.
func (w *World) interleave(s *service) {
	w.lists = w.lists[:0]
	for z := range s.inZone {
		w.lists = append(w.lists, s.inZone[z].rotation)
	}
	s.rotation = interleave(s.rotation, w.lists, s.stale)
	s.stale = fresh
}

// interleave lists, so that taking turns also takes turns of the lists: the first
// of each, the second of each, and so on. What the result has of the first `known`
// of each is right already.
func interleave(result []int32, lists [][]int32, known int) []int32 {
	n, longest := 0, 0
	for _, l := range lists {
		n += min(known, len(l))
		longest = max(longest, len(l))
	}
	result = result[:n]
	for k := known; k < longest; k++ {
		for _, l := range lists {
			if k < len(l) {
				result = append(result, l[k])
			}
		}
	}
	return result
}

// bury forgets an instance that is gone for good. A pet that has died keeps its
// address.
func (w *World) bury(i int32) {
	in := &w.insts[i]
	s := &w.services[in.service]
	if in.life != dead || !in.seen || in.believed || !s.m.replace {
		return
	}
	if k, there := slices.BinarySearch(s.insts, i); there {
		s.insts = slices.Delete(s.insts, k, k+1)
		s.version++
	}
}
