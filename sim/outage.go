package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// isOut tells whether an outage of an instance is in force.
func (w *World) isOut(i int32) bool {
	return slices.ContainsFunc(w.inForce, func(f force) bool {
		return f.Kind == scenarios.Outage && slices.Contains(f.Where.Instances, int(i))
	})
}

// beginOutage stops instances until the effect ends.
func (w *World) beginOutage(e *scenarios.Effect) {
	for _, instance := range e.Where.Instances {
		i := int32(instance)
		in := &w.insts[i]
		if !in.life.living() {
			continue
		}
		w.takeOut([]int32{i}, stopped, modeOr(e.Mode, topology.Refuse), 0, func() {
			w.log(e.Fault, w.name(i), "failed in "+w.m.topology.ZoneNames()[in.zone])
		})
	}
}

// endOutage: repaired instances work again, those of them that have not been
// replaced meanwhile and whose zone is there.
func (w *World) endOutage(e *scenarios.Effect) {
	for _, instance := range e.Where.Instances {
		i := int32(instance)
		in := &w.insts[i]
		s := &w.services[in.service]
		if in.life != stopped || w.isOut(i) || w.zones[in.zone].lost() {
			continue
		}
		if w.needed(s, 1) == 0 {
			in.life = dead
			w.bury(i)
			continue
		}
		w.revive(s, i)
		w.log("repaired", w.name(i), "works again in "+w.m.topology.ZoneNames()[in.zone])
		w.started(i)
	}
}
