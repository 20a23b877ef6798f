package sim

import (
	"fmt"
	"slices"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// Balancers in the twin: who may be picked is made out anew for every attempt.

// pick an instance that is believed healthy, nil if there is none.
func (tw *twin) pick(s *twinService, r *twinRequest) *twinInstance {
	b := tw.balancerOf(s, r)
	in := tw.pickBy(b, r)
	if r.balancer = b; in != nil && b.caller != nil {
		tw.flying(b)[in.id]++
	}
	return in
}

func (tw *twin) pickBy(b *twinBalancer, r *twinRequest) *twinInstance {
	s := b.s
	from, cursor, number := tw.candidates(b, r.zone)
	switch len(from) {
	case 0:
		return nil
	case 1: // is no turn
		return tw.instances[from[0]]
	}
	if s.cache != nil {
		return tw.keeper(s, r.zone, uint32(r.key))
	}
	draw := des.From(r.key, forPick)
	switch s.t.Balancing {
	case topology.LeastRequests:
		return tw.instances[policy.LeastRequests(from, tw.flying(b), draw.Uint64())]
	case topology.PowerOfTwo:
		return tw.instances[policy.PowerOfTwo(from, tw.flying(b), draw.Uint64())]
	case topology.RandomChoice:
		return tw.instances[policy.Random(from, draw.Uint64())]
	case topology.ConsistentHash:
		return tw.instances[tw.ringOf(s, from).Place(uint64(uint32(r.key))*1_000_000>>32)]
	default:
		return tw.instances[b.turn(from, cursor, number)]
	}
}

// candidates of a caller in a zone, in the order of turns, and whose turns they are.
func (tw *twin) candidates(b *twinBalancer, zone int) (from []int32, cursor string, number int) {
	s := b.s
	own := func(z int) bool { return z == zone }
	if s.t.ZoneRouting == topology.OnlyZone {
		from, _ = tw.usable(b, own)
		return from, fmt.Sprint("zone ", zone), zone
	}
	region := func(z int) bool { return tw.zoneOf[z] == tw.zoneOf[zone] }
	from, panics := tw.usable(b, region)
	cursor, number = fmt.Sprint("region ", tw.zoneOf[zone]), s.zones+tw.zoneOf[zone]
	if len(from) == 0 {
		from, panics = tw.usable(b, func(int) bool { return true })
		cursor, number = "all", s.zones+len(tw.top.Regions)
	}
	if !s.spread(tw) {
		cursor, number = "home", s.zones
	}
	if near := s.list(tw.healthy(b), own); s.t.ZoneRouting == topology.PreferZone && len(near) > 0 && !panics {
		return near, fmt.Sprint("zone ", zone), zone
	}
	return from, cursor, number
}

// spread over several regions.
func (s *twinService) spread(tw *twin) bool {
	regions := map[int]bool{}
	for z, n := range s.t.Instances {
		if n > 0 {
			regions[tw.zoneOf[z]] = true
		}
	}
	return len(regions) > 1
}

// usable instances of a service in some zones: the healthy ones, or, if they are too
// few, all whose address is known.
func (tw *twin) usable(b *twinBalancer, in func(zone int) bool) (list []int32, panics bool) {
	s := b.s
	healthy := s.list(tw.healthy(b), in)
	known := s.list(tw.known, in)
	few := len(healthy) == 0 || float64(len(healthy)) < s.t.PanicThreshold*float64(len(known))
	if s.t.FailOpen && len(known) > 0 && few {
		return known, true
	}
	return healthy, false
}

// healthy in the eyes of a balancer.
func (tw *twin) healthy(b *twinBalancer) func(*twinInstance) bool {
	return func(in *twinInstance) bool { return tw.inRotation(in) && !b.outliers.Ejected(tw.now, in.id) }
}

// known tells whether callers have the address of an instance and may use it.
func (tw *twin) known(in *twinInstance) bool {
	gone := in.state == dead && in.seen && !in.believed && in.service.t.Replace
	return in.known && !gone && !tw.shifted(in.zone)
}

// list the instances of some zones that are of a kind; the zones take turns.
func (s *twinService) list(is func(*twinInstance) bool, in func(zone int) bool) (all []int32) {
	byZone := make([][]int32, s.zones)
	longest := 0
	for _, i := range s.instances {
		if is(i) && in(i.zone) {
			byZone[i.zone] = append(byZone[i.zone], i.id)
			longest = max(longest, len(byZone[i.zone]))
		}
	}
	for k := range longest {
		for _, list := range byZone {
			if k < len(list) {
				all = append(all, list[k])
			}
		}
	}
	return all
}

// shifted tells whether an operator keeps requests out of a zone.
func (tw *twin) shifted(zone int) bool {
	return slices.ContainsFunc(tw.effects(scenarios.Shift), func(f twinEffect) bool { return slices.Contains(f.Where.Zones, zone) })
}

func (tw *twin) inRotation(in *twinInstance) bool { return in.believed && !tw.shifted(in.zone) }

// believe in an instance.
func (in *twinInstance) believe() { in.believed, in.known = true, true }

// ringOf some instances; it is kept while they are the same.
func (tw *twin) ringOf(s *twinService, from []int32) *policy.Ring {
	if !slices.Equal(from, s.placed) {
		s.ring, s.placed = policy.Ring{}, from
		s.ring.Follow(from, func(i int32) uint64 {
			in := tw.instances[i]
			return des.Mix(des.Stream(tw.seed, "ring", s.t.Name), uint64(in.zone)<<32|uint64(in.place))
		})
	}
	return &s.ring
}

// hashes tells whether some service is balanced by keys: then half of a request's
// key is the same for all that is done for it.
func (tw *twin) hashes() bool {
	return slices.ContainsFunc(tw.services, func(s *twinService) bool { return s.t.Balancing == topology.ConsistentHash || s.cache != nil })
}

// callKey of a call that a request makes.
func (tw *twin) callKey(r *twinRequest, own uint64) uint64 {
	if tw.hashes() {
		return own>>32<<32 | uint64(uint32(r.key))
	}
	return own
}

// tryKey of the nth attempt after one.
func (tw *twin) tryKey(key uint64, n int) uint64 {
	if tw.hashes() {
		return key + uint64(n)*(perAttempt>>32<<32)
	}
	return key + uint64(n)*perAttempt
}

// hedgeKey of the nth hedge of a try.
func (tw *twin) hedgeKey(key uint64, n int) uint64 {
	if tw.hashes() {
		return key + uint64(n)*(perHedge>>32<<32)
	}
	return key + uint64(n)*perHedge
}

// shift: an operator has moved traffic away from zones, or back. It is told where
// callers are not wrong about anybody any more.
func (tw *twin) shift(change func()) {
	wrong := make([][]*twinInstance, len(tw.services))
	find := func(k int) (list []*twinInstance) {
		for _, in := range tw.services[k].instances {
			if tw.wrong(in) {
				list = append(list, in)
			}
		}
		return list
	}
	for k := range tw.services {
		wrong[k] = find(k)
	}
	change()
	for k, s := range tw.services {
		if n := len(wrong[k]); n > 0 && len(find(k)) == 0 {
			tw.logDetected(s, wrong[k][n-1])
		}
	}
	tw.notePhase()
}
