package scenarios

import (
	"cmp"
	"slices"
	"time"

	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// Player plays one variant once.
type Player struct {
	topology *topology.Topology
	seed     uint64
	scenario string
	faults   []*topology.Fault // with every choice taken
	steps    []step            // sorted by time; played from the front
}

// step is one moment of one fault.
type step struct {
	at     time.Duration
	fault  int
	kind   stepKind
	firing int // of a monkey, from 0
}

type stepKind uint8

const (
	begin stepKind = iota
	finish
)

// NewPlayer prepares a variant for a run over a topology; random choices belong
// to the seed, the scenario and the fault.
func NewPlayer(t *topology.Topology, v Variant, seed uint64) *Player {
	p := &Player{topology: t, seed: seed}
	if v.Scenario == nil {
		return p
	}
	p.scenario = v.Scenario.Name
	for i, f := range v.faults {
		luck := p.luck(i, 0)
		for len(f.Choices()) > 0 {
			f = decide(f, 0, luck.Below(len(options(t, f.Choices()[0]))))
		}
		p.faults = append(p.faults, f)
		p.steps = append(p.steps, step{at: f.At, fault: i, kind: begin})
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
	if len(p.faults) == 0 {
		return 0, 0, false
	}
	open := false
	for i, f := range p.faults {
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
	f := p.faults[s.fault]
	switch {
	case s.kind == finish:
		if f.Gorilla != nil { // what was killed stays dead; the end only ends the fault's time
			target.End(s.fault)
		}
	case f.Gorilla != nil:
		target.Begin(s.fault, zoneLoss(f.Gorilla))
	case f.Monkey != nil:
		p.fireMonkey(f, s, target)
	case f.Kill != nil:
		p.kill(f.Kill, s, target)
	}
}

func zoneLoss(g *topology.Gorilla) *Effect {
	return &Effect{
		Kind: ZoneLoss, Fault: "gorilla", Where: Where{Zones: g.Zone.Of}, Mode: g.Mode,
		RefuseElsewhere: g.RefuseCapacityElsewhere, Restart: g.Restart,
	}
}

// luck of one firing of a fault, for a group that the names tell apart. It is
// nobody else's: another service or fault does not change it.
func (p *Player) luck(fault, firing int, names ...string) des.Rand {
	names = append([]string{"scenario", p.scenario}, names...)
	return des.From(des.Mix(des.Stream(p.seed, names...), uint64(fault)<<32|uint64(firing)), 0x9e3779b97f4a7c15)
}

// candidate is a living instance that a fault may take.
type candidate struct {
	instance int
	lot      uint64 // the least are drawn
}

// fireMonkey terminates instances now and sets the next firing.
func (p *Player) fireMonkey(f *topology.Fault, s step, target Target) {
	m := f.Monkey
	zones := p.topology.SelectedZones(&m.Selection)
	for _, service := range p.topology.SelectedServices(&m.Selection) {
		groups := [][]int{zones}
		if m.PerZone {
			groups = groups[:0]
			for _, z := range zones {
				groups = append(groups, []int{z})
			}
		}
		for _, group := range groups {
			p.monkeyTakes(m, s, service, group, target)
		}
	}
	next := s
	next.at += m.Every
	next.firing++
	if m.Every > 0 && (f.For == 0 || next.at < f.At+f.For) {
		p.steps = append(p.steps, next)
		p.sort()
	}
}

// monkeyTakes draws whether a group loses instances, and which.
func (p *Player) monkeyTakes(m *topology.Monkey, s step, service int, zones []int, target Target) {
	names := []string{p.topology.Services[service].Name}
	if m.PerZone {
		names = append(names, p.topology.ZoneNames()[zones[0]])
	}
	luck := p.luck(s.fault, s.firing, names...)
	if luck.Float64() >= m.Probability {
		return
	}
	group := p.candidates(s, []int{service}, zones, target)
	for _, c := range group[:min(max(1, m.MaxPerRun), len(group))] {
		target.Kill(c.instance, m.Mode, "monkey")
	}
}

func (p *Player) kill(k *topology.Kill, s step, target Target) {
	candidates := p.candidates(s, p.topology.SelectedServices(&k.Selection), p.topology.SelectedZones(&k.Selection), target)
	n := k.Count
	if n == 0 {
		n = int(float64(k.Share*float64(len(candidates))) + 0.5)
		if n == 0 && k.Share > 0 {
			n = 1 // a share of a small fleet still kills
		}
	}
	for _, c := range candidates[:min(n, len(candidates))] {
		target.Kill(c.instance, k.Mode, "kill")
	}
}

// candidates in the order in which they are drawn. Everyone's lot hangs on its
// own service, zone and place there, so that one instance more changes nobody
// else's luck.
func (p *Player) candidates(s step, services, zones []int, target Target) []candidate {
	var all []candidate
	for _, service := range services {
		for _, z := range zones {
			lots := p.luck(s.fault, s.firing, "lot", p.topology.Services[service].Name, p.topology.ZoneNames()[z])
			for _, i := range target.Candidates(service, z) {
				all = append(all, candidate{i, lots.Uint64()})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.lot, b.lot) })
	return all
}
