package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// What a failure goes back to: the component and reason at its root travel with it,
// and with them the fault that touched that component, if one did. Of a failure at
// a component that no fault touched, the fault that still had consequences when the
// request was made, or when it ended, is taken to be the cause; of several the one
// that struck last.

// strike is one effect of a fault, or the death of one instance.
type strike struct {
	id     int               // of the effect
	effect *scenarios.Effect // nil = the death of inst
	inst   int32
	fault  int      // index of meter.names
	order  int      // in which they struck, from 1
	until  des.Time // when it was over, with what it took being back
	ended  bool     // the effect has
}

// strikeLog holds the strikes of a run.
type strikeLog struct {
	going  []strike // in the order in which they struck
	over   []strike // in the order in which that was
	calm   bool     // no consequences are left
	asked  uint64   // outcomes before the first strike
	missed uint64   // of those, failed or degraded
}

// strike notes that an effect begins.
func (w *World) strike(id int, e *scenarios.Effect) {
	w.struck(strike{id: id, effect: e, inst: nobody}, e.Fault)
}

// strikeOne notes the death of an instance.
func (w *World) strikeOne(i int32, fault string) {
	w.struck(strike{inst: i, ended: true}, fault)
}

func (w *World) struck(s strike, fault string) {
	st := &w.strikes
	s.fault, s.order, s.until = w.meter.named(fault), 1+len(st.going)+len(st.over), des.Never
	st.going = append(st.going, s)
	st.calm = false
	w.watching = true
	w.meter.hold(w.now, s.fault)
}

// strikeEnds: an effect has ended; what it took may be away for longer.
func (w *World) strikeEnds(id int) {
	for k := range w.strikes.going {
		if s := &w.strikes.going[k]; s.effect != nil && s.id == id {
			s.ended = true
		}
	}
}

// ease ends strikes of which nothing is left, and holds the last of the others
// responsible. When all are over, the last one remains so until users do not feel
// it any more: an overload may outlive its trigger.
func (w *World) ease() {
	st := &w.strikes
	if len(st.going) > 0 {
		st.going = slices.DeleteFunc(st.going, func(s strike) bool {
			if !s.ended || !w.restored(&s) {
				return false
			}
			s.until = w.now
			st.over = append(st.over, s)
			return true
		})
	}
	switch n := len(st.going); {
	case n > 0:
		w.meter.hold(w.now, st.going[n-1].fault)
	case st.calm:
		w.meter.hold(w.now, 0)
	}
}

// feel, at the end of a window, compares what users felt in it with what they felt
// before the first strike.
func (w *World) feel() {
	m, st := &w.meter, &w.strikes
	if w.now < 0 {
		return // the warm-up counts as one window
	}
	all, missed := m.failed, m.failed+m.degraded
	m.failed, m.degraded = 0, 0
	for k := range w.traffic {
		all += uint64(w.traffic[k].columns.answered[m.win])
	}
	if len(st.going)+len(st.over) == 0 {
		st.asked += all
		st.missed += missed
		return
	}
	usual := 0.0
	if st.asked > 0 {
		usual = float64(st.missed) / float64(st.asked)
	}
	st.calm = all > 0 && float64(missed)/float64(all) <= usual+calmWithin
}

// calmWithin is how much more of the outcomes may be bad than before.
const calmWithin = 0.001

// origin of a failure: a component, and the fault that touched it.
type origin struct {
	service uint16
	fault   int // index of meter.names; 0 = none
}

// origin is the number under which the origin of a failure travels. Below the
// number of services it is the service, without a fault.
func (m *meter) origin(service uint16, fault int) uint16 {
	if fault == 0 {
		return service
	}
	o := origin{service, fault}
	k := slices.Index(m.origins, o)
	if k < 0 {
		if k = len(m.origins); k == inherited {
			return service
		}
		m.origins = append(m.origins, o)
	}
	return uint16(k)
}

// named is the number of a kind of fault.
func (m *meter) named(kind string) int {
	k := slices.Index(m.names, kind)
	if k < 0 {
		per := len(m.causes) / len(m.names)
		k = len(m.names)
		m.names = append(m.names, kind)
		m.causes = append(m.causes, make([]causeCount, per)...)
	}
	return k
}

// hold a kind of fault responsible from now on for what fails where no fault
// touched the root.
func (m *meter) hold(now des.Time, fault int) {
	if m.held[len(m.held)-1].fault != fault {
		m.held = append(m.held, held{now, fault})
	}
}

// responsible is the kind of fault that was held at a time.
func (m *meter) responsible(t des.Time) int {
	k := len(m.held) - 1
	for k > 0 && m.held[k].at > t {
		k--
	}
	return m.held[k].fault
}

// faultOf an outcome: that which touched its root, or else the one that was held
// responsible when the request was first made, or else when it ended.
func (m *meter) faultOf(o outcome, first, now des.Time) int {
	if fault := m.origins[o.cause].fault; fault > 0 {
		return fault
	}
	if fault := m.responsible(first); fault > 0 {
		return fault
	}
	return m.responsible(now)
}

// blame counts an outcome's cause.
func (m *meter) blame(o outcome, first, now des.Time) {
	per := len(m.causes) / len(m.names)
	c := &m.causes[m.faultOf(o, first, now)*per+int(m.origins[o.cause].service)*int(trace.Reasons)+int(o.root)]
	if o.kind == asDegraded {
		c.degraded++
	} else {
		c.failed++
	}
}

// restored tells whether what an ended strike took is back, and the callers know
// it.
func (w *World) restored(s *strike) bool {
	if s.effect == nil {
		return w.whole(&w.services[w.insts[s.inst].service])
	}
	switch s.effect.Kind {
	case scenarios.ZoneLoss, scenarios.Outage, scenarios.Pause:
	default:
		return true
	}
	for k := range w.services {
		if !w.whole(&w.services[k]) {
			return false
		}
	}
	return true
}

func (w *World) whole(s *service) bool {
	return s.wrong == 0 && int(s.upNow()) == s.wanted && s.rotating == s.wanted && s.ejected == 0
}

// watch looks at the outcome of an attempt: at the root of a failure it finds the
// fault.
func (w *World) watch(f *frame, e *edgeModel, o outcome) outcome {
	if o.kind == o.root && o.kind != trace.None {
		o.cause = w.meter.origin(o.cause, w.touching(f, e, o.kind))
	}
	if w.spans != nil {
		w.spans.settled(w, f, e, o)
	}
	return o
}

// How near a strike is to the root of a failure.
const (
	farOff     = iota
	atCallee   // it touches what the component calls, directly or not
	atService  // other instances of the component
	atInstance // the instance, or its messages, but does not do such things
	explains
)

// touching is the fault that touched an attempt which failed by a reason: the
// nearest, and of several the last; 0 if there is none. What was over before the
// attempt was made has not touched it.
func (w *World) touching(f *frame, e *edgeModel, reason trace.Reason) int {
	best, fault, order := farOff, 0, 0
	try := func(s *strike) {
		if near := w.nearness(s, f, e, reason); near > best || near == best && near > farOff && s.order > order {
			best, fault, order = near, s.fault, s.order
		}
	}
	for k := range w.strikes.going {
		try(&w.strikes.going[k])
	}
	for k := len(w.strikes.over) - 1; k >= 0 && w.strikes.over[k].until >= f.sent; k-- {
		try(&w.strikes.over[k])
	}
	return fault
}

func (w *World) nearness(s *strike, f *frame, e *edgeModel, reason trace.Reason) int {
	switch {
	case f.inst >= 0 && w.touchesAttempt(s, f, e):
		if s.does(reason) {
			return explains
		}
		return atInstance
	case w.touchesService(s, int(e.service)):
		return atService
	case reason == trace.Error || reason == trace.Malformed || reason == trace.Refused:
		return farOff // nothing that it calls makes a component do that
	}
	for _, k := range w.m.callees[e.service] {
		if w.touchesService(s, k) {
			return atCallee
		}
	}
	return farOff
}

// touchesAttempt tells whether a strike met the instance of an attempt, or its
// messages.
func (w *World) touchesAttempt(s *strike, f *frame, e *edgeModel) bool {
	if s.effect == nil {
		return s.inst == f.inst
	}
	switch s.effect.Kind {
	case scenarios.Surge, scenarios.Shift:
		return false
	case scenarios.Partition, scenarios.Loss:
		caller, server := w.ends(f, &w.insts[f.inst])
		return crosses(s.effect, caller, server) || crosses(s.effect, server, caller)
	default:
		return w.meets(&s.effect.Where, f.inst, e.op)
	}
}

// touchesService tells whether a strike meets some instance of a service.
func (w *World) touchesService(s *strike, service int) bool {
	if s.effect == nil {
		return int(w.insts[s.inst].service) == service
	}
	where := &s.effect.Where
	switch s.effect.Kind {
	case scenarios.Surge, scenarios.Shift, scenarios.Partition, scenarios.Loss:
		return false
	default:
	}
	switch {
	case where.Operations != nil && !slices.ContainsFunc(where.Operations, func(t topology.Target) bool { return t.Service == service }):
		return false
	case where.Instances != nil:
		return slices.ContainsFunc(where.Instances, func(i int) bool { return int(w.insts[i].service) == service })
	}
	return (where.Services == nil || slices.Contains(where.Services, service)) &&
		slices.ContainsFunc(w.m.services[service].homes, func(z int) bool { return where.Zones == nil || slices.Contains(where.Zones, z) })
}

// does tells whether a strike makes what it meets fail by a reason.
func (s *strike) does(reason trace.Reason) bool {
	if s.effect == nil {
		return reason == trace.Refused || reason == trace.Timeout
	}
	switch s.effect.Kind {
	case scenarios.ZoneLoss, scenarios.Outage, scenarios.Partition:
		return reason == trace.Refused || reason == trace.Timeout
	case scenarios.Slowdown, scenarios.Pause:
		return reason == trace.Timeout || reason == trace.Rejected
	case scenarios.Delay, scenarios.Loss:
		return reason == trace.Timeout
	case scenarios.Errors:
		return reason == trace.Error
	case scenarios.BadData:
		return reason == trace.Malformed
	default:
		return false
	}
}
