package sim

import (
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// pick an instance that the caller believes healthy, or nobody.
func (w *World) pick(s *service, f *frame) int32 {
	if s.careful {
		return w.pickWithCare(s, f)
	}
	from, rr := s.rotation, &s.turn
	if s.m.routing != topology.AnyZone {
		if own := s.inZone[f.zone].rotation; len(own) > 0 || s.m.routing == topology.OnlyZone {
			from, rr = own, &s.inZone[f.zone].turn
		}
	}
	switch len(from) {
	case 0:
		return nobody
	case 1:
		return from[0]
	}
	switch s.m.balance {
	case topology.RoundRobin:
		return rr.Pick(from)
	case topology.RandomChoice:
		r := des.From(f.key, forPick)
		return policy.Random(from, r.Uint64())
	default:
		return choose(s.m.balance, from, w.inFlight, f)
	}
}

// choose by the rules that need no more than the requests in flight.
func choose(rule topology.Balancing, from, inFlight []int32, f *frame) int32 {
	r := des.From(f.key, forPick)
	switch rule {
	case topology.LeastRequests:
		return policy.LeastRequests(from, inFlight, r.Uint64())
	case topology.PowerOfTwo:
		return policy.PowerOfTwo(from, inFlight, r.Uint64())
	default:
		return policy.Random(from, r.Uint64())
	}
}

// pickWithCare picks where more than the rotation counts, or where that is stale.
func (w *World) pickWithCare(s *service, f *frame) int32 {
	if !s.m.careful {
		w.interleave(s)
		s.careful = false
		return w.pick(s, f)
	}
	b := w.balancerOf(s, f)
	p, cursor := w.choiceOf(s, w.viewOf(s, b), int(f.zone))
	inFlight := w.inFlight
	if s.m.perCaller {
		inFlight = b.inFlight
	}
	var handle int32
	switch {
	case len(p.from) == 0:
		return nobody
	case len(p.from) == 1:
		handle = p.from[0]
	case s.m.cache != nil:
		return w.keeper(s, p, f)
	case s.m.balance == topology.RoundRobin:
		handle = w.turn(s, b, p.from, cursor)
	case s.m.balance == topology.ConsistentHash:
		handle = w.place(s, p, f)
	default:
		handle = choose(s.m.balance, p.from, inFlight, f)
	}
	if s.m.perCaller {
		inFlight[handle]++
	}
	return s.instanceOf(handle)
}
