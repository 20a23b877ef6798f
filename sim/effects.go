package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// force is an effect in force.
type force struct {
	id int
	*scenarios.Effect
	delay des.Delay // of Delay
}

// Begin implements scenarios.Target.
func (w *World) Begin(id int, e *scenarios.Effect) {
	w.inForce = append(w.inForce, force{id, e, scenarios.DelayOf(e.Delay)})
	w.strike(id, e)
	switch e.Kind {
	case scenarios.ZoneLoss:
		for _, z := range e.Where.Zones {
			w.loseZone(z, e)
		}
	case scenarios.Outage:
		w.beginOutage(e)
	default:
		w.log(e.Fault, e.Object, e.What)
	}
	w.reckonEffects(e.Kind)
}

// End implements scenarios.Target.
func (w *World) End(id int) {
	k := slices.IndexFunc(w.inForce, func(f force) bool { return f.id == id })
	e := w.inForce[k].Effect
	w.inForce = slices.Delete(w.inForce, k, k+1)
	switch e.Kind {
	case scenarios.ZoneLoss:
		for _, z := range e.Where.Zones {
			w.restoreZone(z, e)
		}
	case scenarios.Outage:
		w.endOutage(e)
	case scenarios.Shift:
		w.log("ended", e.Object, "traffic is shifted back")
	default:
		w.log("ended", e.Object, e.Fault+" is over")
	}
	w.strikeEnds(id)
	w.reckonEffects(e.Kind)
}

// reckonEffects draws the consequences of a change of the effects of a kind that
// are in force. Nothing is undone: all is reckoned anew.
func (w *World) reckonEffects(changed scenarios.EffectKind) {
	w.ailments, w.disturbances = w.ailments[:0], w.disturbances[:0]
	w.disturbed = w.m.loss > 0 || w.spans != nil // which looks at every message
	for _, f := range w.inForce {
		switch f.Kind {
		case scenarios.Slowdown, scenarios.Errors, scenarios.BadData:
			w.ailments = append(w.ailments, f)
		case scenarios.Partition, scenarios.Loss, scenarios.Delay:
			w.disturbances = append(w.disturbances, f)
			w.disturbed = true
		case scenarios.ZoneLoss, scenarios.Outage, scenarios.Pause, scenarios.Surge, scenarios.Shift:
		}
	}
	w.ailing = len(w.ailments) > 0
	for k := range w.services {
		w.services[k].reckonSpecial(w)
	}
	switch changed {
	case scenarios.Pause:
		w.reckonPauses()
	case scenarios.Surge:
		w.reckonSurges()
	case scenarios.Shift:
		w.reckonShifts()
	default:
	}
}

// reckonSpecial tells whether requests take more than the plain path.
func (s *service) reckonSpecial(w *World) {
	s.special = s.m.special || s.m.cores > 0 || s.m.cache != nil || w.ailing || w.spans != nil
}

// ailment is what the effects in force do to requests of one operation on one
// instance.
type ailment struct {
	slowdown float64 // of the own work; 1 = none
	errors   float64 // share of the requests that fail after their work
	badData  float64 // share of the replies that are malformed
	salvage  float64 // share of those that a tolerant reader recovers
}

// ailmentOf a request; to be asked only while w.ailing.
func (w *World) ailmentOf(i int32, op *opModel) ailment {
	a := ailment{slowdown: 1}
	for _, e := range w.ailments {
		if !w.meets(&e.Where, i, op) {
			continue
		}
		switch e.Kind {
		case scenarios.Slowdown:
			a.slowdown = float64(a.slowdown * e.Factor)
		case scenarios.Errors:
			a.errors += float64((1 - a.errors) * e.Rate)
		case scenarios.BadData:
			a.badData += float64((1 - a.badData) * e.Rate)
			a.salvage = e.Salvage // the last one's
		default:
		}
	}
	return a
}

// meets tells whether an effect is felt by requests of an operation (nil = any)
// on an instance.
func (w *World) meets(where *scenarios.Where, i int32, op *opModel) bool {
	in := &w.insts[i]
	switch {
	case where.Instances != nil && !slices.Contains(where.Instances, int(i)),
		where.Services != nil && !slices.Contains(where.Services, int(in.service)),
		where.Zones != nil && !slices.Contains(where.Zones, int(in.zone)):
		return false
	}
	return op == nil || where.Operations == nil ||
		slices.Contains(where.Operations, topology.Target{Service: int(op.service), Operation: int(op.number)})
}

// Candidates implements scenarios.Target.
func (w *World) Candidates(service, z int) []int {
	var living []int
	for _, i := range w.services[service].insts {
		if in := &w.insts[i]; int(in.zone) == z && in.life.living() {
			living = append(living, int(i))
		}
	}
	return living
}
