package sim

import (
	"fmt"
	"slices"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// What faults do, in the twin: it is a scenarios.Target.

// twinLoss is the loss of a zone by one fault, in force.
type twinLoss struct {
	zone   int
	id     int
	refuse float64 // share of launches that the others refuse
	mode   topology.DeathMode
}

// modeAt is how the address of a dead instance behaves: in a lost zone as the
// latest loss says.
func (tw *twin) modeAt(in *twinInstance) topology.DeathMode {
	mode := in.mode
	for _, l := range tw.losses {
		if l.zone == in.zone {
			mode = l.mode
		}
	}
	return mode
}

func (tw *twin) lost(z int) bool {
	return slices.ContainsFunc(tw.losses, func(l twinLoss) bool { return l.zone == z })
}

// Candidates implements scenarios.Target.
func (tw *twin) Candidates(service, z int) []int {
	var living []int
	for _, in := range tw.services[service].instances {
		if in.zone == z && in.living() {
			living = append(living, int(in.id))
		}
	}
	return living
}

// Kill implements scenarios.Target.
func (tw *twin) Kill(instance int, mode topology.DeathMode, fault string) {
	in := tw.instances[instance]
	if !in.living() {
		return
	}
	tw.struck(&twinStrike{inst: in, ended: true, fault: fault})
	tw.die(in, dead, orMode(mode, topology.Refuse), 0)
	tw.log(fault, in.name(), "terminated in "+tw.top.ZoneNames()[in.zone])
	tw.callersKnow([]*twinInstance{in})
}

func orMode(written, otherwise topology.DeathMode) topology.DeathMode {
	if written == topology.DefaultMode {
		return otherwise
	}
	return written
}

// callersKnow: who needs no checks knows at once; then the resets are felt.
func (tw *twin) callersKnow(died []*twinInstance) {
	for _, in := range died {
		if in.service.t.HealthCheck.None {
			tw.seeDeath(in)
		}
	}
	tw.takeDown(died)
}

// Begin implements scenarios.Target.
func (tw *twin) Begin(id int, e *scenarios.Effect) {
	tw.struck(&twinStrike{effect: &twinEffect{id, e}, fault: e.Fault})
	if e.Kind == scenarios.Shift {
		tw.shift(func() {
			tw.inForce = append(tw.inForce, twinEffect{id, e})
			tw.log(e.Fault, e.Object, e.What)
		})
		return
	}
	tw.inForce = append(tw.inForce, twinEffect{id, e})
	switch e.Kind {
	case scenarios.ZoneLoss:
		for _, z := range e.Where.Zones {
			tw.loseZone(id, z, e)
		}
	case scenarios.Outage:
		for _, i := range e.Where.Instances {
			if in := tw.instances[i]; in.living() {
				tw.die(in, stopped, orMode(e.Mode, topology.Refuse), 0)
				tw.log(e.Fault, in.name(), "failed in "+tw.top.ZoneNames()[in.zone])
				tw.callersKnow([]*twinInstance{in})
			}
		}
	default:
		tw.log(e.Fault, e.Object, e.What)
	}
	tw.followEffects(e.Kind)
}

// End implements scenarios.Target.
func (tw *twin) End(id int) {
	k := slices.IndexFunc(tw.inForce, func(f twinEffect) bool { return f.id == id })
	e := tw.inForce[k].Effect
	tw.strikeEnds(id)
	if e.Kind == scenarios.Shift {
		tw.shift(func() {
			tw.inForce = slices.Delete(tw.inForce, k, k+1)
			tw.log("ended", e.Object, "traffic is shifted back")
		})
		return
	}
	tw.inForce = slices.Delete(tw.inForce, k, k+1)
	switch e.Kind {
	case scenarios.ZoneLoss:
		for _, z := range e.Where.Zones {
			tw.restoreZone(id, z, e)
		}
	case scenarios.Outage:
		for _, i := range e.Where.Instances {
			tw.repair(tw.instances[i])
		}
	default:
		tw.log("ended", e.Object, e.Fault+" is over")
	}
	tw.followEffects(e.Kind)
}

// repair ends an outage of an instance, if that is what keeps it down.
func (tw *twin) repair(in *twinInstance) {
	if in.state != stopped || tw.out(in) || tw.lost(in.zone) {
		return
	}
	if tw.room(in.service, 1) == 0 {
		in.state = dead
		return
	}
	in.state, in.mode = starting, topology.Refuse
	if !in.seen {
		tw.unseen(in.service, -1)
	}
	tw.log("repaired", in.name(), "works again in "+tw.top.ZoneNames()[in.zone])
	tw.started(in)
}

// out tells whether an outage of an instance is in force.
func (tw *twin) out(in *twinInstance) bool {
	return slices.ContainsFunc(tw.inForce, func(f twinEffect) bool {
		return f.Kind == scenarios.Outage && slices.Contains(f.Where.Instances, int(in.id))
	})
}

func (tw *twin) loseZone(id, z int, e *scenarios.Effect) {
	if !tw.lost(z) {
		tw.since[z], tw.names[z] = tw.now, twinName{}
	}
	if e.Follow > 0 {
		tw.names[z] = twinName{int64(e.Follow), tw.now}
	}
	mode := orMode(e.Mode, topology.Blackhole)
	tw.losses = append(tw.losses, twinLoss{z, id, e.RefuseElsewhere, mode})
	var died []*twinInstance
	for _, in := range tw.instances {
		if in.zone == z && in.living() {
			died = append(died, in)
		}
	}
	for _, in := range died {
		tw.die(in, stopped, mode, int64(e.Surrender))
	}
	tw.log(e.Fault, tw.top.ZoneNames()[z], fmt.Sprintf("zone lost, %d instances with it", len(died)))
	if e.Surrender > 0 {
		tw.takeDown(died)
		return
	}
	tw.callersKnow(died)
}

func (tw *twin) restoreZone(id, z int, e *scenarios.Effect) {
	tw.losses = slices.DeleteFunc(tw.losses, func(l twinLoss) bool { return l.id == id && l.zone == z })
	if tw.lost(z) {
		return
	}
	tw.names[z].changed = tw.now
	restarted := 0
	for _, s := range tw.services {
		restarted += tw.comeBack(s, z, e.Restart)
		tw.reconcile(s)
	}
	tw.log("restored", tw.top.ZoneNames()[z], fmt.Sprintf("zone is back, %d instances restart", restarted))
}

// comeBack restarts what was lost with the zone and is still missing.
func (tw *twin) comeBack(s *twinService, z int, restart bool) int {
	var back []*twinInstance
	for _, in := range s.instances {
		if in.zone == z && in.state == stopped && !tw.out(in) {
			in.state = dead
			back = append(back, in)
		}
	}
	if !restart {
		return 0
	}
	n := tw.room(s, len(back))
	for _, in := range back[:n] {
		in.state, in.mode = starting, topology.Refuse
		if !in.seen {
			tw.unseen(s, -1)
		}
		tw.startUp(in)
	}
	return n
}

// room for n instances that could come back; the latest launches under way give
// way to them.
func (tw *twin) room(s *twinService, n int) int {
	if n == 0 {
		return 0
	}
	living := s.count((*twinInstance).living)
	for _, in := range slices.Backward(s.instances) {
		if living+n <= s.wanted {
			break
		}
		if in.state == starting && !in.seen && !in.believed {
			in.dropPlans()
			in.state, in.seen = dead, true
			living--
			tw.log("cancelled", in.name(), "launch under way is not needed any more")
		}
	}
	return max(0, min(n, s.wanted-living))
}

// log notes an event.
func (tw *twin) log(kind, object, what string) {
	if tw.now >= 0 {
		tw.facts.events = append(tw.facts.events, trace.Event{T: time.Duration(tw.now), Kind: kind, Object: object, What: what})
	}
}
