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
	if mode == topology.DefaultMode {
		mode = topology.Refuse
	}
	tw.held = append(tw.held, twinHeld{tw.now, fault})
	tw.die(in, dead, mode)
	tw.log(fault, in.name(), "terminated in "+tw.top.ZoneNames()[in.zone])
	tw.callersKnow([]*twinInstance{in})
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
	tw.held = append(tw.held, twinHeld{tw.now, e.Fault})
	tw.inForce[id] = e
	for _, z := range e.Where.Zones {
		tw.loseZone(id, z, e)
	}
}

// End implements scenarios.Target.
func (tw *twin) End(id int) {
	e := tw.inForce[id]
	delete(tw.inForce, id)
	for _, z := range e.Where.Zones {
		tw.restoreZone(id, z, e)
	}
}

func (tw *twin) loseZone(id, z int, e *scenarios.Effect) {
	mode := e.Mode
	if mode == topology.DefaultMode {
		mode = topology.Blackhole
	}
	if !tw.lost(z) {
		tw.since[z] = tw.now
	}
	tw.losses = append(tw.losses, twinLoss{z, id, e.RefuseElsewhere, mode})
	var died []*twinInstance
	for _, in := range tw.instances {
		if in.zone == z && in.living() {
			died = append(died, in)
		}
	}
	for _, in := range died {
		tw.die(in, stopped, mode)
	}
	tw.log(e.Fault, tw.top.ZoneNames()[z], fmt.Sprintf("zone lost, %d instances with it", len(died)))
	tw.callersKnow(died)
}

func (tw *twin) restoreZone(id, z int, e *scenarios.Effect) {
	tw.losses = slices.DeleteFunc(tw.losses, func(l twinLoss) bool { return l.id == id && l.zone == z })
	if tw.lost(z) {
		return
	}
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
		if in.zone == z && in.state == stopped {
			in.state = dead
			back = append(back, in)
		}
	}
	if !restart || len(back) == 0 {
		return 0
	}
	living := s.count((*twinInstance).living)
	for _, in := range slices.Backward(s.instances) { // launches that are not needed now, the latest first
		if living+len(back) <= s.wanted {
			break
		}
		if in.state == starting && !in.seen && !in.believed {
			in.dropPlans()
			in.state, in.seen = dead, true
			living--
			tw.log("cancelled", in.name(), "launch under way is not needed any more")
		}
	}
	n := max(0, min(len(back), s.wanted-living))
	for _, in := range back[:n] {
		in.state, in.mode = starting, topology.Refuse
		if !in.seen {
			tw.unseen(s, -1)
		}
		tw.startUp(in)
	}
	return n
}

// log notes an event.
func (tw *twin) log(kind, object, what string) {
	if tw.now >= 0 {
		tw.facts.events = append(tw.facts.events, trace.Event{T: time.Duration(tw.now), Kind: kind, Object: object, What: what})
	}
}
