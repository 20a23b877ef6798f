package scenarios

import (
	"cmp"
	"slices"
	"time"

	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// Target is what faults act upon. Instances are handles of the target's own;
// services and zones are indices of the topology.
type Target interface {
	// Living instances of a service in a zone, in a stable order.
	Living(service, zone int) []int
	// Kill terminates an instance. fault is the kind that did it.
	Kill(instance int, mode topology.DeathMode, fault string)
	// LoseZone takes a zone away; refuseElsewhere is the share of launches that
	// the other zones refuse meanwhile.
	LoseZone(zone int, mode topology.DeathMode, refuseElsewhere float64)
	// RestoreZone ends a loss of the same zone and refusal; when no other loss of
	// the zone is in force, its instances restart if restart is set.
	RestoreZone(zone int, refuseElsewhere float64, restart bool)
}

// Player plays one variant once.
type Player struct {
	variant Variant
	zones   int
	steps   []step // sorted by time; played from the front
}

// step is one moment of one fault.
type step struct {
	at    time.Duration
	fault int
	kind  stepKind
	rand  des.Rand
}

type stepKind uint8

const (
	begin stepKind = iota
	finish
)

// NewPlayer prepares a variant for a run over a topology; random choices belong
// to the seed, the scenario and the fault.
func NewPlayer(t *topology.Topology, v Variant, seed uint64) *Player {
	p := &Player{variant: v, zones: len(t.ZoneNames())}
	if v.Scenario == nil {
		return p
	}
	p.variant.zones = slices.Clone(v.zones)
	for i, f := range v.Scenario.Faults {
		r := v.stream(seed, i)
		if f.Gorilla != nil && p.variant.zones[i] == undecided {
			p.variant.zones[i] = r.Below(p.zones)
		}
		p.steps = append(p.steps, step{at: f.At, fault: i, kind: begin, rand: r})
		if f.For > 0 {
			p.steps = append(p.steps, step{at: f.At + f.For, fault: i, kind: finish})
		}
	}
	p.sort()
	return p
}

func (p *Player) sort() {
	slices.SortStableFunc(p.steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
}

// FaultPhase is the stretch from the first fault's start to the last one's end;
// an end of 0 means the end of the run. ok is false without faults.
func (p *Player) FaultPhase() (start, end time.Duration, ok bool) {
	if p.variant.Scenario == nil || len(p.variant.Scenario.Faults) == 0 {
		return 0, 0, false
	}
	open := false
	for i, f := range p.variant.Scenario.Faults {
		if i == 0 || f.At < start {
			start = f.At
		}
		open = open || f.For == 0
		end = max(end, f.At+f.For)
	}
	if open {
		end = 0
	}
	return start, end, true
}

// Active is the kind of the fault that is in force at a time, "" if none; of
// several, the one written first.
func (p *Player) Active(at time.Duration) string {
	if p.variant.Scenario == nil {
		return ""
	}
	for _, f := range p.variant.Scenario.Faults {
		if f.At <= at && (f.For == 0 || at < f.At+f.For) {
			return f.Kind()
		}
	}
	return ""
}

// Next is when something is due.
func (p *Player) Next() (at time.Duration, ok bool) {
	if len(p.steps) == 0 {
		return 0, false
	}
	return p.steps[0].at, true
}

// Step does the one thing that is due next.
func (p *Player) Step(target Target) {
	s := p.steps[0]
	p.steps = p.steps[1:]
	f := p.variant.Scenario.Faults[s.fault]
	switch {
	case s.kind == finish && f.Gorilla == nil:
		// what was killed stays dead; the end only ends the fault's time
	case f.Gorilla != nil && s.kind == begin:
		target.LoseZone(p.variant.zones[s.fault], f.Gorilla.Mode, f.Gorilla.RefuseCapacityElsewhere)
	case f.Gorilla != nil:
		target.RestoreZone(p.variant.zones[s.fault], f.Gorilla.RefuseCapacityElsewhere, f.Gorilla.Restart)
	case f.Monkey != nil:
		p.fireMonkey(f, s, target)
	case f.Kill != nil:
		p.kill(f.Kill, s.rand, target)
	}
}

// fireMonkey terminates instances now and sets the next firing.
func (p *Player) fireMonkey(f *topology.Fault, s step, target Target) {
	m := f.Monkey
	r := s.rand
	for _, service := range m.Services {
		for _, group := range p.groups(m, service, target) {
			if r.Float64() >= m.Probability {
				continue
			}
			for range min(max(1, m.MaxPerRun), len(group)) {
				i := r.Below(len(group))
				target.Kill(group[i], m.Mode, "monkey")
				group = slices.Delete(group, i, i+1)
			}
		}
	}
	next := s
	next.at += m.Every
	next.rand = r
	if m.Every > 0 && (f.For == 0 || next.at < f.At+f.For) {
		p.steps = append(p.steps, next)
		p.sort()
	}
}

// groups of living instances from which the monkey takes: per service, or per
// service and zone.
func (p *Player) groups(m *topology.Monkey, service int, target Target) [][]int {
	if !m.PerZone {
		return [][]int{p.living([]int{service}, m.Zones, target)}
	}
	var groups [][]int
	for _, z := range p.chosen(m.Zones) {
		groups = append(groups, p.living([]int{service}, []int{z}, target))
	}
	return groups
}

func (p *Player) kill(k *topology.Kill, r des.Rand, target Target) {
	candidates := p.living(k.Services, k.Zones, target)
	n := k.Count
	if n == 0 {
		n = int(k.Share*float64(len(candidates)) + 0.5)
		if n == 0 && k.Share > 0 {
			n = 1 // a share of a small fleet still kills
		}
	}
	for range min(n, len(candidates)) {
		i := r.Below(len(candidates))
		target.Kill(candidates[i], k.Mode, "kill")
		candidates = slices.Delete(candidates, i, i+1)
	}
}

func (p *Player) living(services, zones []int, target Target) []int {
	var all []int
	for _, s := range services {
		for _, z := range p.chosen(zones) {
			all = append(all, target.Living(s, z)...)
		}
	}
	return all
}

// chosen zones: those written, or all.
func (p *Player) chosen(zones []int) []int {
	if zones != nil {
		return zones
	}
	all := make([]int, p.zones)
	for z := range all {
		all[z] = z
	}
	return all
}
