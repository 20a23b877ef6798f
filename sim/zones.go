package sim

import (
	"fmt"
	"slices"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// zone is the state of one zone.
type zone struct {
	losses  int      // in force; they may overlap
	since   des.Time // of the first of them
	shifted bool     // an operator keeps requests out
	// Of the DNS name of its region: its TTL, if it leads elsewhere or did a short
	// while ago, and when that changed.
	ttl, moved des.Time
	avoided    bool // not all clients who would come in here may
}

func (z *zone) lost() bool { return z.losses > 0 }

func (z *zone) inUse() bool { return z.losses == 0 && !z.shifted }

func (z *zone) reckon() { z.avoided = !z.inUse() || z.ttl > 0 }

// loseZone takes a zone's instances away at the begin of an effect.
func (w *World) loseZone(z int, e *scenarios.Effect) {
	zone := &w.zones[z]
	if zone.losses++; zone.losses == 1 {
		zone.since, zone.ttl = w.now, 0
	}
	if e.Follow > 0 {
		zone.ttl, zone.moved = int64(e.Follow), w.now
	}
	zone.reckon()
	var lost []int32
	for i := range w.insts {
		if in := &w.insts[i]; int(in.zone) == z && in.life.living() {
			lost = append(lost, int32(i))
		}
	}
	w.takeOut(lost, stopped, modeOr(e.Mode, topology.Blackhole), int64(e.Surrender), func() {
		w.log(e.Fault, w.m.topology.ZoneNames()[z], fmt.Sprintf("zone lost, %d instances with it", len(lost)))
	})
}

// modeOr is a mode that was written, or the default of the fault.
func modeOr(written, otherwise topology.DeathMode) topology.DeathMode {
	if written == topology.DefaultMode {
		return otherwise
	}
	return written
}

// modeAt is how the address of a dead instance behaves: as long as its zone is
// lost, as the zone's latest loss says.
func (w *World) modeAt(in *instance) topology.DeathMode {
	if w.zones[in.zone].lost() {
		for k := len(w.inForce) - 1; k >= 0; k-- {
			if e := w.inForce[k]; e.Kind == scenarios.ZoneLoss && slices.Contains(e.Where.Zones, int(in.zone)) {
				return modeOr(e.Mode, topology.Blackhole)
			}
		}
	}
	return in.mode
}

// restoreZone ends one loss of a zone; when no other is in force, its instances
// restart if the effect says so.
func (w *World) restoreZone(z int, e *scenarios.Effect) {
	zone := &w.zones[z]
	if zone.losses--; zone.lost() {
		return
	}
	zone.moved = w.now
	zone.reckon()
	restarted := 0
	for k := range w.services {
		s := &w.services[k]
		if e.Restart {
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
		if in := &w.insts[i]; int(in.zone) == z && in.life == stopped && !w.isOut(i) {
			back = append(back, i)
		}
	}
	n := w.needed(s, len(back))
	for k, i := range back {
		if k >= n {
			w.insts[i].life = dead
			w.bury(i)
			continue
		}
		w.revive(s, i)
		w.startUp(s, i)
	}
	return n
}

// needed is how many of n instances that could come back are missing from the
// wanted count. Launches under way are cancelled for them.
func (w *World) needed(s *service, n int) int {
	if n == 0 {
		return 0
	}
	w.cancelLaunches(s, s.alive+n-s.wanted)
	return max(0, min(n, s.wanted-s.alive))
}

// revive: a stopped instance is to start again.
func (w *World) revive(s *service, i int32) {
	in := &w.insts[i]
	in.life, in.mode = starting, topology.Refuse // the checks go on: they may still see it away
	s.alive++
	s.inZone[in.zone].alive++
	if !in.seen { // the checks never noticed that it was away
		s.unseen--
	}
}

// cancelLaunches gives up n launches under way, the latest first.
func (w *World) cancelLaunches(s *service, n int) {
	for k := len(s.insts) - 1; k >= 0 && n > 0; k-- {
		in := &w.insts[s.insts[k]]
		if in.life != starting || in.seen || in.believed {
			continue
		}
		in.life, in.seen = dead, true
		in.epoch++
		s.alive--
		s.inZone[in.zone].alive--
		n--
		w.log("cancelled", w.name(s.insts[k]), "launch under way is not needed any more")
		w.bury(s.insts[k])
	}
}

// forget leaves a returned zone's instances dead.
func (w *World) forget(s *service, z int) {
	for _, i := range slices.Clone(s.insts) {
		if in := &w.insts[i]; int(in.zone) == z && in.life == stopped && !w.isOut(i) {
			in.life = dead
			w.bury(i)
		}
	}
}

// reckonShifts keeps requests out of the zones that operators have shifted away
// from, whatever health checks say, and lets them in again afterwards.
func (w *World) reckonShifts() {
	for z := range w.zones {
		zone := &w.zones[z]
		was := zone.shifted
		zone.shifted = slices.ContainsFunc(w.inForce, func(f force) bool {
			return f.Kind == scenarios.Shift && slices.Contains(f.Where.Zones, z)
		})
		zone.reckon()
		if was == zone.shifted {
			continue
		}
		for k := range w.services {
			w.rotateZone(&w.services[k], z)
		}
	}
}

// rotateZone: the zone of a service's instances is shifted away from, or is not
// any more.
func (w *World) rotateZone(s *service, z int) {
	s.version++ // of the addresses that are of use
	for _, i := range s.insts {
		if int(w.insts[i].zone) == z {
			w.rotate(i)
		}
	}
	for _, i := range s.insts { // which tells how many are left
		if in := &w.insts[i]; int(in.zone) == z {
			w.reckon(in)
		}
	}
}
