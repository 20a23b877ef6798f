package sim

import (
	"fmt"
	"slices"

	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// zone is the state of one zone.
type zone struct {
	losses int      // in force; they may overlap
	since  des.Time // of the first of them
}

func (z *zone) lost() bool { return z.losses > 0 }

// zoneLoss is one loss in force.
type zoneLoss struct {
	zone            int
	refuseElsewhere float64
	mode            topology.DeathMode
}

// LoseZone implements scenarios.Target.
func (w *World) LoseZone(z int, mode topology.DeathMode, refuseElsewhere float64) {
	if mode == topology.DefaultMode {
		mode = topology.Blackhole
	}
	w.losses = append(w.losses, zoneLoss{z, refuseElsewhere, mode})
	w.meter.hold(w.now, "gorilla")
	if w.zones[z].losses++; w.zones[z].losses == 1 {
		w.zones[z].since = w.now
	}
	lost := 0
	for i := range w.insts {
		if in := &w.insts[i]; int(in.zone) == z && in.state <= starting {
			w.die(int32(i), inLostZone, mode)
			lost++
		}
	}
	w.log("gorilla", w.m.topology.ZoneNames()[z], fmt.Sprintf("zone lost, %d instances with it", lost))
	for i := range w.insts {
		in := &w.insts[i]
		if int(in.zone) == z && in.state == inLostZone && !w.services[in.service].m.checked {
			w.seeDeath(int32(i))
		}
	}
	w.takeDown() // resets are felt when those who know at once know
}

// modeAt is how the address of a dead instance behaves: as long as its zone is
// lost, as the zone's latest loss says.
func (w *World) modeAt(in *instance) topology.DeathMode {
	if w.zones[in.zone].lost() {
		for k := len(w.losses) - 1; k >= 0; k-- {
			if w.losses[k].zone == int(in.zone) {
				return w.losses[k].mode
			}
		}
	}
	return in.mode
}

// RestoreZone implements scenarios.Target.
func (w *World) RestoreZone(z int, refuseElsewhere float64, restart bool) {
	k := slices.IndexFunc(w.losses, func(l zoneLoss) bool { return l.zone == z && l.refuseElsewhere == refuseElsewhere })
	w.losses = slices.Delete(w.losses, k, k+1)
	if w.zones[z].losses--; w.zones[z].lost() {
		return
	}
	restarted := 0
	for k := range w.services {
		s := &w.services[k]
		if restart {
			restarted += w.restart(s, z)
		} else {
			w.forget(s, z)
		}
		w.reconcile(s)
	}
	w.log("restored", w.m.topology.ZoneNames()[z], fmt.Sprintf("zone is back, %d instances restart", restarted))
}

// restart brings back a service's instances of a returned zone, but not more
// than are missing from the wanted count; launches under way elsewhere are
// cancelled for them.
func (w *World) restart(s *service, z int) int {
	var back []int32
	for _, i := range s.insts {
		if in := &w.insts[i]; int(in.zone) == z && in.state == inLostZone {
			back = append(back, i)
		}
	}
	if len(back) == 0 {
		return 0
	}
	w.cancelLaunches(s, s.alive+len(back)-s.wanted)
	n := max(0, min(len(back), s.wanted-s.alive))
	for k, i := range back {
		in := &w.insts[i]
		if k >= n {
			in.state = dead
			continue
		}
		in.state, in.mode = starting, topology.Refuse // the checks go on: they may still see it away
		s.alive++
		s.inZone[z].alive++
		if !in.seen { // the checks never noticed that it was away
			s.unseen--
		}
		w.startUp(s, i)
	}
	return n
}

// cancelLaunches gives up n launches under way, the latest first.
func (w *World) cancelLaunches(s *service, n int) {
	for k := len(s.insts) - 1; k >= 0 && n > 0; k-- {
		in := &w.insts[s.insts[k]]
		if in.state != starting || in.seen || in.believed {
			continue
		}
		in.state, in.seen = dead, true
		in.epoch++
		s.alive--
		s.inZone[in.zone].alive--
		n--
		w.log("cancelled", w.name(s.insts[k]), "launch under way is not needed any more")
	}
}

// forget leaves a returned zone's instances dead.
func (w *World) forget(s *service, z int) {
	for _, i := range s.insts {
		if in := &w.insts[i]; int(in.zone) == z && in.state == inLostZone {
			in.state = dead
		}
	}
}
