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
	if s.m.balance == topology.RoundRobin {
		return rr.Pick(from)
	}
	r := des.From(f.key, forPick)
	switch s.m.balance {
	case topology.LeastRequests:
		return policy.LeastRequests(from, w.inFlight, r.Uint64())
	case topology.PowerOfTwo:
		return policy.PowerOfTwo(from, w.inFlight, r.Uint64())
	default:
		return policy.Random(from, r.Uint64())
	}
}

// pickWithCare picks where more than the rotation counts, or the rotation is stale.
func (w *World) pickWithCare(s *service, f *frame) int32 {
	if s.stale != fresh {
		w.interleave(s)
	}
	s.careful = false
	return w.pick(s, f)
}
