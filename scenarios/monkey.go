package scenarios

import (
	"time"

	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// group is what a monkey takes instances of: a service, or a service in a zone.
type group struct {
	service int
	zones   []int
	names   []string
}

func (p *Player) groups(m *topology.Monkey) []group {
	zones := p.topology.SelectedZones(&m.Selection)
	var all []group
	for _, service := range p.topology.SelectedServices(&m.Selection) {
		name := p.topology.ComponentName(service)
		if !m.PerZone {
			all = append(all, group{service, zones, []string{name}})
			continue
		}
		for _, z := range zones {
			all = append(all, group{service, []int{z}, []string{name, p.topology.ZoneNames()[z]}})
		}
	}
	return all
}

// fireMonkey terminates instances now, of every group, and sets the next firing.
func (p *Player) fireMonkey(f *topology.Fault, s step, target Target) {
	m := f.Monkey
	for _, g := range p.groups(m) {
		luck := p.luck(s.fault, s.firing, g.names...)
		if luck.Float64() < m.Probability {
			p.monkeyTakes(m, s, g, target)
		}
	}
	if m.Every > 0 {
		p.later(step{at: s.at + m.Every, fault: s.fault, kind: fire, firing: s.firing + 1})
	}
}

// monkeyTakes terminates instances of a group.
func (p *Player) monkeyTakes(m *topology.Monkey, s step, g group, target Target) {
	lots := p.candidates(s, []int{g.service}, g.zones, target)
	for _, c := range lots[:min(max(1, m.MaxPerRun), len(lots))] {
		target.Kill(c.instance, m.Mode, "monkey")
	}
}

// openCalendar sets all terminations of a monkey that goes by a calendar: every
// group has its own.
func (p *Player) openCalendar(f *topology.Fault, s step) {
	c := f.Monkey.Calendar
	calendar := policy.Calendar{
		Mean: float64(c.Mean), MinGap: c.MinGap, From: c.From, To: c.To, Workdays: c.Days, Location: c.Location,
	}
	lasts := f.For
	if lasts == 0 {
		lasts = p.topology.Simulation.Duration - s.at
	}
	for k, g := range p.groups(f.Monkey) {
		luck := p.luck(s.fault, 0, g.names...)
		for n, after := range calendar.Terminations(topology.CalendarStart().Add(s.at), int64(lasts), luck.Uint64()) {
			p.later(step{at: s.at + time.Duration(after), fault: s.fault, kind: due, firing: n + 1, turn: k})
		}
	}
}

// strike carries out a termination of the calendar.
func (p *Player) strike(f *topology.Fault, s step, target Target) {
	p.monkeyTakes(f.Monkey, s, p.groups(f.Monkey)[s.turn], target)
}
