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
	inForce  [][]int           // by fault: effects that end with it
	failing  []*failing        // by fault: of `failures`, else nil
	effects  int               // ever begun
	steps    []step            // sorted by time; played from the front
}

// step is one moment of one fault.
type step struct {
	at     time.Duration
	fault  int
	kind   stepKind
	firing int // of a monkey, counted; of failures, the unit's number
	turn   int // of a failing unit; of a calendar, the group
	effect int // that a repair ends
}

type stepKind uint8

const (
	begin stepKind = iota
	finish
	fire   // a monkey, not for the first time
	due    // a termination of a monkey's calendar
	shift  // an operator reacts
	fail   // a unit of `failures`
	repair // likewise
)

// NewPlayer prepares a variant for a run over a topology; random choices belong
// to the seed, the scenario and the fault.
func NewPlayer(t *topology.Topology, v Variant, seed uint64) *Player {
	p := &Player{topology: t, seed: seed}
	if v.Scenario == nil {
		return p
	}
	p.scenario = v.Scenario.Name
	same := 0 // zone of the fault before
	for i, f := range v.faults {
		luck := p.luck(i, 0)
		for len(f.Choices()) > 0 {
			if f.Choices()[0].Same {
				f = decide(f, 0, same)
			} else {
				f = decide(f, 0, luck.Below(len(options(t, f.Choices()[0]))))
			}
		}
		same, _ = f.OneZone()
		p.faults = append(p.faults, f)
		p.steps = append(p.steps, step{at: f.At, fault: i, kind: begin})
		if f.For > 0 {
			p.steps = append(p.steps, step{at: f.At + f.For, fault: i, kind: finish})
		}
	}
	p.inForce = make([][]int, len(p.faults))
	p.failing = make([]*failing, len(p.faults))
	p.sort()
	return p
}

// later adds a step, unless the fault is over by then.
func (p *Player) later(s step) {
	f := p.faults[s.fault]
	if f.For == 0 || s.at < f.At+f.For {
		p.steps = append(p.steps, s)
		p.sort()
	}
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
	switch s.kind {
	case begin:
		p.begin(f, s, target)
	case finish: // what was killed stays dead
		for _, id := range p.inForce[s.fault] {
			target.End(id)
		}
		p.inForce[s.fault] = nil
		p.steps = slices.DeleteFunc(p.steps, func(o step) bool { return o.fault == s.fault })
	case fire:
		p.fireMonkey(f, s, target)
	case due:
		p.strike(f, s, target)
	case shift:
		e := &Effect{Kind: Shift, Fault: f.Kind(), Where: Where{Zones: f.Gorilla.Zone.Of}, What: "an operator shifts traffic away"}
		e.Object = p.object(f, e)
		p.take(s.fault, e, target)
	case fail:
		p.fail(s, target)
	case repair:
		p.repair(s, target)
	}
}

func (p *Player) begin(f *topology.Fault, s step, target Target) {
	switch {
	case f.Monkey != nil && f.Monkey.Calendar != nil:
		p.openCalendar(f, s)
	case f.Monkey != nil:
		p.fireMonkey(f, s, target)
	case f.Kill != nil:
		for _, c := range p.drawn(&f.Kill.Selection, s, target) {
			target.Kill(c.instance, f.Kill.Mode, "kill")
		}
	case f.Flush != nil:
		on := f.Flush.Selection
		on.Services = slices.DeleteFunc(slices.Clone(p.topology.SelectedServices(&on)), func(k int) bool {
			kind, _ := p.topology.Component(k)
			return kind != topology.CacheKind
		})
		for _, c := range p.drawn(&on, s, target) {
			target.Flush(c.instance, "cache_flush")
		}
	case f.Failures != nil:
		p.openFailures(f.Failures, s, target)
	default:
		p.take(s.fault, p.effect(f, s, target), target)
		if g := f.Gorilla; g != nil && g.Shift {
			p.later(step{at: s.at + g.ShiftAfter, fault: s.fault, kind: shift})
		}
	}
}

// take puts an effect in force until its fault ends.
func (p *Player) take(fault int, e *Effect, target Target) int {
	p.effects++
	p.inForce[fault] = append(p.inForce[fault], p.effects)
	target.Begin(p.effects, e)
	return p.effects
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

// candidates in the order in which they are drawn. Everyone's lot hangs on its
// own service, zone and place there, so that one instance more changes nobody
// else's luck.
func (p *Player) candidates(s step, services, zones []int, target Target) []candidate {
	var all []candidate
	for _, service := range services {
		for _, z := range zones {
			lots := p.luck(s.fault, s.firing, "lot", p.topology.ComponentName(service), p.topology.ZoneNames()[z])
			for _, i := range target.Candidates(service, z) {
				all = append(all, candidate{i, lots.Uint64()})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.lot, b.lot) })
	return all
}
