package sim

import (
	"fmt"
	"time"

	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// relaunchAfter is how long a fleet waits after a refused launch, as instance
// groups do between attempts.
const relaunchAfter = des.Time(time.Minute)

// reconcile launches what is missing of the wanted count. Deaths that the
// health checks have not seen are not missing yet.
func (w *World) reconcile(s *service) {
	if !s.m.replace {
		return
	}
	for s.alive+s.unseen < s.wanted {
		z, refused := w.launchZone(s)
		if z < 0 {
			if refused && !s.refused {
				s.refused = true // told once, not every minute
				w.log("refused", s.m.name, "no zone gives capacity for a replacement")
			}
			if !s.retrying {
				s.retrying = true
				w.control.add(w.now, w.now+relaunchAfter, relaunch, int32(s.index), 0)
			}
			return
		}
		s.refused = false
		i := w.birth(s, z)
		w.log("launch", w.name(i), "replacement in "+w.m.topology.ZoneNames()[z])
		w.startUp(s, i)
	}
}

// launchZone is the home zone with the fewest instances that gives capacity, or
// -1. A refusal by one zone leads to the next.
func (w *World) launchZone(s *service) (z int, refused bool) {
	tried := make([]bool, w.m.zones)
	for {
		best := -1
		for _, z := range s.m.homes {
			if !tried[z] && !w.zones[z].lost() && (best < 0 || s.inZone[z].alive < s.inZone[best].alive) {
				best = z
			}
		}
		if best < 0 {
			return best, refused
		}
		if !w.refuses(s) {
			return best, refused
		}
		tried[best], refused = true, true
	}
}

// refuses draws whether a launch outside the lost zones is refused.
func (w *World) refuses(s *service) bool {
	var share float64
	for _, e := range w.inForce {
		share = max(share, e.RefuseElsewhere)
	}
	if share == 0 {
		return false
	}
	s.launches++
	r := des.From(des.Stream(w.seed, "capacity", s.m.name), uint64(s.launches)*forPick)
	return r.Float64() < share
}

// startUp brings an instance into service after its start-up time.
func (w *World) startUp(s *service, i int32) {
	s.launches++
	r := des.From(des.Stream(w.seed, "startup", s.m.name), uint64(s.launches)*forPick)
	w.control.add(w.now, w.now+s.m.startup.Sample(&r), inService, i, w.insts[i].epoch)
}

// started: start-up is over. A new address is registered with the balancer as
// part of it; an address that the health checks took out must pass them again.
func (w *World) started(i int32) {
	in := &w.insts[i]
	s := &w.services[in.service]
	w.begin(i)
	if in.discipline != nobody {
		w.disciplines[in.discipline].since = w.now
	}
	if in.node != nobody {
		w.nodes[in.node].since = w.now
	}
	in.epoch++        // what the checks would have seen of its death is past
	isNew := !in.seen // never died, or came back before anybody noticed
	switch {
	case isNew || !s.m.checked:
		w.believe(i)
	default:
		w.control.add(w.now, s.m.health.SeesReturn(w.now, in.phase), seesReturn, i, in.epoch)
	}
	in.seen = false
	w.player.Started(time.Duration(w.now), int(i), int(in.service), int(in.zone))
	w.nextStep() // it may be an earlier one now
	if w.pausedBy(i) {
		w.freeze(i)
	}
	if s.alive == s.wanted && w.allUp(s) {
		w.log("in_service", s.m.name, fmt.Sprintf("all %d instances are in service again", s.wanted))
	}
}

func (w *World) allUp(s *service) bool {
	return int(s.upNow()) == s.wanted
}

// Kill implements scenarios.Target.
func (w *World) Kill(instance int, mode topology.DeathMode, fault string) {
	i := int32(instance)
	in := &w.insts[i]
	if !in.life.living() {
		return
	}
	w.strikeOne(i, fault)
	w.takeOut([]int32{i}, dead, modeOr(mode, topology.Refuse), 0, func() {
		w.log(fault, w.name(i), "terminated in "+w.m.topology.ZoneNames()[in.zone])
	})
}
