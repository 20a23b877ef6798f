package sim

import (
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
)

// meter counts what happens, by phase and window. Phase 0 and window 0 are the
// warm-up, which is counted like the rest and not reported.
type meter struct {
	phase   uint8 // 1 + trace.Phase, or 0
	spans   []span
	win     int
	cut     des.Time // what began at or after it is in the present phase and window
	folded  des.Time // when the integrals were last taken
	window  des.Time
	faulted bool // the fault phase has begun
	inFault bool
	blind   int // dead instances that health checks have not seen
	stopped bool
	causes  []causeCount
	events  []trace.Event
	names   []string // kinds of faults; "" (none) first
	held    []held
	batches batches
	origins []origin // of failures, by the numbers under which they travel

	failed, degraded uint64 // outcomes of clients in this window
}

type span struct {
	at    des.Time
	phase uint8
}

const phases = 1 + int(trace.Phases)

func (m *meter) init(w *World) {
	sm := w.m.topology.Simulation
	m.window = int64(sm.Window)
	m.folded, m.cut = w.now, w.now
	m.batches.windows = trace.BatchWindows(sm.Duration, sm.Window)
	m.spans = []span{{w.now, 0}}
	m.names, m.held = []string{""}, []held{{w.now, 0}}
	m.causes = make([]causeCount, len(w.m.services)*int(trace.Reasons))
	for k := range w.m.services {
		m.origins = append(m.origins, origin{service: uint16(k)})
	}
	w.control.at = des.Never
	w.control.add(w.now, min(0, w.now+m.window), windowEnd, 0, 0)
}

func (w *World) windows() int {
	return int((w.end+w.meter.window-1)/w.meter.window) + 1
}

// setFault opens or ends the fault phase.
func (m *meter) setFault(w *World, on bool) {
	m.faulted, m.inFault = true, on
	m.setPhase(w)
}

// unseen: so many more (or fewer) dead instances the callers do not know of.
func (m *meter) unseen(w *World, change int) {
	m.blind += change
	m.setPhase(w)
}

func (m *meter) setPhase(w *World) {
	p := trace.Before
	switch {
	case m.inFault && m.blind > 0:
		p = trace.Undetected
	case m.inFault:
		p = trace.Detected
	case m.faulted:
		p = trace.Recovery
	}
	m.enterPhase(w, 1+uint8(p))
}

func (m *meter) enterPhase(w *World, p uint8) {
	if w.now < 0 || p == m.phase {
		return
	}
	if last := &m.spans[len(m.spans)-1]; last.at == w.now {
		// One moment has one phase, the last: what was counted at it goes along.
		last.phase, m.phase = p, p
		return
	}
	w.settleUp()
	if w.now > 0 && partOf(p) != partOf(m.phase) {
		w.endBatch()
	}
	m.spans = append(m.spans, span{w.now, p})
	m.phase = p
	m.cut = w.now
}

// fold takes all integrals up to now.
func (w *World) fold() {
	m := &w.meter
	dt := float64(w.now-m.folded) / 1e9
	m.folded = w.now
	for k := range w.services {
		s := &w.services[k]
		u := trace.Use{Time: dt, Queue: s.queue.fold(w.now) / 1e9}
		held := s.held.fold(w.now) / 1e9
		u.Busy = held
		u.InSystem = u.Queue + held + s.away.fold(w.now)/1e9
		if s.m.cores > 0 {
			u.Busy = s.busyCores.fold(w.now) / 1e9
		}
		for z := range s.inZone {
			up := s.inZone[z].up.fold(w.now) / 1e9
			s.upPart[z] += up
			u.InService += up
		}
		u.Slots = u.InService * s.liveSlots
		s.heldBy[m.phase] += held
		s.use[m.phase].Add(u)
		s.part.Add(u)
		s.batchUse.Add(u)
	}
}

// endWindow closes a window and opens the next; or ends the warm-up, or the run.
func (w *World) endWindow() {
	m := &w.meter
	w.settleUp()
	w.feel()
	w.closeWindow()
	if w.now >= 0 {
		m.win++
		m.cut = w.now
	}
	if w.now == 0 {
		m.enterPhase(w, 1+uint8(trace.Before))
		for k := range w.services {
			s := &w.services[k]
			s.noteUp(true)
			s.queueMax = 0
			for _, i := range s.insts {
				s.queueMax = max(s.queueMax, int(w.insts[i].queued))
			}
		}
	}
	if w.now <= 0 || (m.win-1)%m.batches.windows == 0 {
		w.endBatch()
	}
	if w.opts.Progress != nil {
		warmup := int64(w.m.topology.Simulation.Warmup)
		w.opts.Progress(float64(w.now+warmup) / float64(w.end+warmup))
	}
	if w.now == w.end || w.askedToStop() {
		m.stopped = true
		w.endBatch()
		return
	}
	next := w.now + m.window
	if w.now < 0 {
		next = min(next, 0)
	}
	w.control.add(w.now, min(next, w.end), windowEnd, 0, 0)
}

// settleUp moves what was counted since the last edge to the phase and window
// that it belongs to.
func (w *World) settleUp() {
	w.fold()
	m := &w.meter
	for k := range w.services {
		s := &w.services[k]
		s.counted.attempts = s.counted.requests
		s.counted.moveTo(s.out[m.phase], &s.columns, m.win)
		s.sojourn.endPhase(&s.out[m.phase].Latency)
		if s.m.cache != nil {
			s.settleLookups(m)
		}
		s.released[m.phase] += s.releases
		s.releases = 0
	}
	for k := range w.traffic {
		c := &w.traffic[k]
		c.counted.moveTo(c.out[m.phase], &c.columns, m.win)
		c.latency.endPhase(&c.out[m.phase].Latency)
		c.answeredBy[m.phase] += c.answered
		c.columns.answered[m.win] += uint32(c.answered)
		c.answered = 0
	}
}

// closeWindow notes the values of the window that ends now, unless it is one of
// the warm-up, and starts anew.
func (w *World) closeWindow() {
	for k := range w.services {
		s := &w.services[k]
		s.wait.moveTo(s.waits)
		if w.now > 0 {
			s.closeWindow()
		} else {
			s.waits.Reset()
		}
		s.sojourn.window.Reset()
		s.part = trace.Use{}
		clear(s.upPart)
	}
	for k := range w.traffic {
		c := &w.traffic[k]
		if w.now > 0 {
			c.closeWindow()
		}
		c.latency.window.Reset()
		clear(c.demand)
	}
}

func (s *service) closeWindow() {
	cw := &s.record.Windows
	cw.Utilization = append(cw.Utilization, ratio(s.part.Busy, s.part.Slots))
	cw.Queue = append(cw.Queue, ratio(s.part.Queue, s.part.Time))
	cw.InSystem = append(cw.InSystem, ratio(s.part.InSystem, s.part.Time))
	cw.InService = append(cw.InService, ratio(s.part.InService, s.part.Time))
	cw.P99 = append(cw.P99, s.sojourn.window.Quantile(0.99))
	by := make([]float64, len(s.upPart))
	for z, up := range s.upPart {
		by[z] = ratio(up, s.part.Time)
	}
	s.upBy = append(s.upBy, by)
}

func (c *client) closeWindow() {
	cw := &c.record.Windows
	cw.P50 = append(cw.P50, c.latency.window.Quantile(0.5))
	cw.P99 = append(cw.P99, c.latency.window.Quantile(0.99))
	c.entered = append(c.entered, append([]uint64(nil), c.demand...))
}

// noteUp remembers the extremes of instances in service.
func (s *service) noteUp(first bool) {
	n := s.upNow()
	if first {
		s.minUp, s.maxUp = n, n
	}
	s.minUp, s.maxUp = min(s.minUp, n), max(s.maxUp, n)
}

func (s *service) upNow() int64 {
	var n int64
	for z := range s.inZone {
		n += s.inZone[z].up.n
	}
	return n
}

// log notes an event worth telling.
func (w *World) log(kind, object, what string) {
	if w.now >= 0 {
		w.meter.events = append(w.meter.events, trace.Event{T: time.Duration(w.now), Kind: kind, Object: object, What: what})
	}
}
