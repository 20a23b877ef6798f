package scenarios

import (
	"fmt"
	"slices"
	"time"

	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// failing are background failures: every unit, an instance or a zone, fails MTTF
// after it began to work and is back MTTR later, over and over.
type failing struct {
	*topology.Failures
	mttf, mttr des.Delay
	units      []unit
	begun      map[[2]int]int // instances that have begun to work, by service and zone
}

// unit that fails. A turn is from the begin of its work to its repair.
type unit struct {
	zone, service int // service -1: the zone as a whole
	instance      int
	luck          des.Rand
	turn          int
}

// openFailures draws when what works now will fail.
func (p *Player) openFailures(m *topology.Failures, s step, target Target) {
	f := &failing{Failures: m, mttf: DelayOf(m.MTTF), mttr: DelayOf(m.MTTR), begun: map[[2]int]int{}}
	p.failing[s.fault] = f
	if m.OfZones {
		for _, z := range p.topology.SelectedZones(&m.Selection) {
			f.units = append(f.units, unit{zone: z, service: -1, luck: p.luck(s.fault, 0, "zone", p.topology.ZoneNames()[z])})
			p.turn(s.at, s.fault, len(f.units)-1)
		}
		return
	}
	for _, service := range p.topology.SelectedServices(&m.Selection) {
		for _, z := range p.topology.SelectedZones(&m.Selection) {
			for _, i := range target.Candidates(service, z) {
				p.working(s.at, s.fault, i, service, z)
			}
		}
	}
}

// Started tells the player that an instance has come into service. It is of
// interest where instances fail in the background.
func (p *Player) Started(at time.Duration, instance, service, zone int) {
	for k, f := range p.failing {
		if f == nil || f.OfZones || p.over(k, at) ||
			!slices.Contains(p.topology.SelectedServices(&f.Selection), service) ||
			!slices.Contains(p.topology.SelectedZones(&f.Selection), zone) {
			continue
		}
		p.working(at, k, instance, service, zone)
	}
}

func (p *Player) over(fault int, at time.Duration) bool {
	f := p.faults[fault]
	return f.For > 0 && at >= f.At+f.For
}

// working: an instance begins to work, and what was drawn for an earlier life of
// it is void. Its luck belongs to its place in its service and zone.
func (p *Player) working(at time.Duration, fault, instance, service, zone int) {
	f := p.failing[fault]
	k := slices.IndexFunc(f.units, func(u unit) bool { return u.instance == instance })
	if k < 0 {
		n := f.begun[[2]int{service, zone}]
		f.begun[[2]int{service, zone}]++
		luck := p.luck(fault, n, "instance", p.topology.ComponentName(service), p.topology.ZoneNames()[zone])
		k = len(f.units)
		f.units = append(f.units, unit{zone: zone, service: service, instance: instance, luck: luck})
	}
	p.turn(at, fault, k)
}

// turn begins with a unit's work and sets its failure.
func (p *Player) turn(at time.Duration, fault, k int) {
	f := p.failing[fault]
	u := &f.units[k]
	u.turn++
	p.later(step{at: at + time.Duration(f.mttf.Sample(&u.luck)), fault: fault, kind: fail, firing: k, turn: u.turn})
}

// fail takes a unit down, if it is still what the failure was drawn for.
func (p *Player) fail(s step, target Target) {
	f := p.failing[s.fault]
	u := &f.units[s.firing]
	if u.turn != s.turn {
		return
	}
	e := &Effect{Kind: ZoneLoss, Fault: "failures", Where: Where{Zones: []int{u.zone}}, Mode: f.Mode, Restart: true}
	e.Object = p.topology.ZoneNames()[u.zone]
	if u.service >= 0 {
		if !slices.Contains(target.Candidates(u.service, u.zone), u.instance) {
			return // something else has taken it away; it is told when it works again
		}
		e.Kind, e.Where = Outage, Where{Instances: []int{u.instance}}
	}
	if f.Pauses {
		e.Kind, e.What = Pause, "frozen"
		if u.service >= 0 {
			e.Object = fmt.Sprint("an instance of ", p.topology.ComponentName(u.service), " in ", e.Object)
		}
	}
	id := p.take(s.fault, e, target)
	p.later(step{at: s.at + time.Duration(f.mttr.Sample(&u.luck)), fault: s.fault, kind: repair, firing: s.firing, turn: s.turn, effect: id})
}

// repair brings a unit back. A zone works at once, and what was frozen; an instance
// tells when it does. Who died while frozen and works again has its next turn already.
func (p *Player) repair(s step, target Target) {
	f := p.failing[s.fault]
	u := &f.units[s.firing]
	p.inForce[s.fault] = slices.DeleteFunc(p.inForce[s.fault], func(id int) bool { return id == s.effect })
	target.End(s.effect)
	if u.service < 0 || f.Pauses && u.turn == s.turn {
		p.turn(s.at, s.fault, s.firing)
	}
}
