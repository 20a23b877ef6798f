package sim

import (
	"slices"
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
	start   des.Time // of the window
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
	active  int      // index of the kind that is active now
}

type span struct {
	at    des.Time
	phase uint8
}

type causeCount struct{ failed, degraded uint64 }

const phases = 1 + int(trace.Phases)

// serviceMeter is what is counted of one service. The slices of windows have an
// entry for the warm-up in front.
type serviceMeter struct {
	record    *trace.Component
	out       [phases]*trace.Outcomes
	use       [phases]trace.Use
	heldBy    [phases]float64 // slot·s, also where use.Busy counts cores
	sojourn   *latency
	wait      *tally
	waits     *trace.Histogram
	part      trace.Use   // of this window
	upPart    []float64   // instance·s of this window, by zone
	upBy      [][]float64 // mean in service, by window and zone
	minUp     int64
	maxUp     int64
	requests  []uint32
	ok        []uint32
	degraded  []uint32
	failed    []uint32
	liveSlots float64 // slots, or cores, of one instance; 0 if unlimited
}

// clientMeter is what is counted of one traffic.
type clientMeter struct {
	record  *trace.Client
	out     [phases]*trace.Outcomes
	latency *latency // first attempt to answer
	windows trace.ClientWindows
	entered [][]uint64 // by window and zone
}

func (m *meter) init(w *World) {
	sm := w.m.topology.Simulation
	m.window = int64(sm.Window)
	m.folded, m.start, m.cut = w.now, w.now, w.now
	m.spans = []span{{w.now, 0}}
	m.names = []string{""}
	m.causes = make([]causeCount, len(w.m.services)*int(trace.Reasons))
	w.control.at = des.Never
	w.control.add(w.now, min(0, w.now+m.window), windowEnd, 0, 0)
}

func (w *World) windows() int {
	return int((w.end+w.meter.window-1)/w.meter.window) + 1
}

func (w *World) openServiceMeter(s *service) {
	n := w.windows()
	s.record = &trace.Component{Name: s.m.name}
	s.out[0] = new(trace.Outcomes)
	for p := range s.record.Phases {
		s.out[1+p] = &s.record.Phases[p]
	}
	s.requests, s.ok, s.degraded, s.failed = make([]uint32, n), make([]uint32, n), make([]uint32, n), make([]uint32, n)
	s.upPart = make([]float64, w.m.zones)
	s.sojourn, s.wait, s.waits = new(latency), new(tally), new(trace.Histogram)
	switch {
	case s.m.cores > 0:
		s.liveSlots = float64(s.m.cores)
	case s.m.slots < 1<<31-1:
		s.liveSlots = float64(s.m.slots)
	}
}

func (w *World) openClientMeter(c *client) {
	n := w.windows()
	c.record = &trace.Client{Name: c.m.name}
	c.latency = new(latency)
	c.out[0] = new(trace.Outcomes)
	for p := range c.record.Phases {
		c.out[1+p] = &c.record.Phases[p]
	}
	for _, col := range []*[]uint32{
		&c.windows.Requests, &c.windows.Attempts, &c.windows.OK, &c.windows.Degraded,
		&c.windows.Failed, &c.windows.Answered,
	} {
		*col = make([]uint32, n)
	}
}

// at finds the phase and window of an earlier moment.
func (m *meter) at(t des.Time) (phase uint8, win int) {
	for k := len(m.spans) - 1; ; k-- {
		if k == 0 || m.spans[k].at <= t {
			phase = m.spans[k].phase
			break
		}
	}
	if t >= 0 {
		win = int(t/m.window) + 1
	}
	return phase, win
}

// sent: an attempt at a service is made now.
func (m *meter) sent(s *service) {
	o := s.out[m.phase]
	o.Requests++
	o.Attempts++
	s.requests[m.win]++
}

// settled: the outcome of an attempt that was made at `sent`.
func (m *meter) settled(s *service, sent des.Time, o outcome) {
	phase, win := m.phase, m.win
	if sent < m.cut {
		phase, win = m.at(sent)
	}
	out := s.out[phase]
	switch {
	case o.reason != trace.None:
		out.Failed[o.reason]++
		s.failed[win]++
	case o.degraded:
		out.Degraded++
		s.degraded[win]++
	default:
		out.OK++
		s.ok[win]++
	}
}

// servedBy: a service has answered a request that was sent at `sent`, a sojourn
// after its arrival.
func (m *meter) servedBy(s *service, sent, sojourn des.Time) {
	if sent < m.cut {
		phase, _ := m.at(sent)
		s.sojourn.record(sojourn, &s.out[phase].Latency)
		return
	}
	s.sojourn.now.record(sojourn)
}

// begun: a client makes a request.
func (m *meter) begun(c *client) {
	c.out[m.phase].Requests++
	c.windows.Requests[m.win]++
}

// attempted: a client makes an attempt at a request it first made at `first`.
// Attempts belong to their own moment: the load that retries make is there.
func (m *meter) attempted(c *client, first des.Time) {
	if first >= 0 || m.phase == 0 {
		c.out[m.phase].Attempts++
		c.windows.Attempts[m.win]++
	}
}

// ended: a client has the last word on a request.
func (m *meter) ended(c *client, first, now des.Time, o outcome) {
	phase, win := m.phase, m.win
	var earlier *trace.Histogram
	if first < m.cut {
		phase, win = m.at(first)
		earlier = &c.out[phase].Latency
	}
	out := c.out[phase]
	if o.reason != trace.None {
		out.Failed[o.reason]++
		c.windows.Failed[win]++
		if phase > 0 {
			m.cause(o).failed++
		}
		return
	}
	if o.degraded {
		out.Degraded++
		c.windows.Degraded[win]++
		if phase > 0 {
			m.cause(o).degraded++
		}
	} else {
		out.OK++
		c.windows.OK[win]++
	}
	c.latency.record(now-first, earlier)
	c.windows.Answered[m.win]++
	if m.phase > 0 {
		c.record.Answered[m.phase-1]++
	}
}

// cause counter of an outcome under the fault that is active now.
func (m *meter) cause(o outcome) *causeCount {
	per := len(m.causes) / len(m.names)
	k := m.active*per + int(o.cause)*int(trace.Reasons) + int(o.root)
	return &m.causes[k]
}

// activate makes a kind of fault the one to which failures are put down.
func (m *meter) activate(kind string) {
	m.active = slices.Index(m.names, kind)
	if m.active < 0 {
		per := len(m.causes) / len(m.names)
		m.active = len(m.names)
		m.names = append(m.names, kind)
		m.causes = append(m.causes, make([]causeCount, per)...)
	}
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
	w.fold()
	for k := range w.services {
		s := &w.services[k]
		s.sojourn.endPhase(&s.out[m.phase].Latency)
	}
	for k := range w.traffic {
		c := &w.traffic[k]
		c.latency.endPhase(&c.out[m.phase].Latency)
	}
	if last := &m.spans[len(m.spans)-1]; last.at == w.now {
		last.phase = p
	} else {
		m.spans = append(m.spans, span{w.now, p})
	}
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
		u := trace.Use{Time: dt, Queue: s.queue.fold(w.now) / 1e9, InSystem: s.inSystem.fold(w.now) / 1e9}
		held := s.held.fold(w.now) / 1e9
		u.Busy = held
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
	}
}

// endWindow closes a window and opens the next; or ends the warm-up, or the run.
func (w *World) endWindow() {
	m := &w.meter
	w.fold()
	w.closeWindow()
	if w.now >= 0 {
		m.win++
		m.start, m.cut = w.now, w.now
	}
	if w.now == 0 {
		m.enterPhase(w, 1+uint8(trace.Before))
		for k := range w.services {
			w.services[k].noteUp(true)
		}
	}
	if w.opts.Progress != nil {
		warmup := int64(w.m.topology.Simulation.Warmup)
		w.opts.Progress(float64(w.now+warmup) / float64(w.end+warmup))
	}
	if w.now == w.end || w.opts.Stop != nil && w.opts.Stop() {
		m.stopped = true
		return
	}
	next := w.now + m.window
	if w.now < 0 {
		next = min(next, 0)
	}
	w.control.add(w.now, min(next, w.end), windowEnd, 0, 0)
}

// closeWindow notes the values of the window that ends now, unless it is one of
// the warm-up, and starts anew.
func (w *World) closeWindow() {
	for k := range w.services {
		s := &w.services[k]
		s.sojourn.endPhase(&s.out[w.meter.phase].Latency)
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
		c.latency.endPhase(&c.out[w.meter.phase].Latency)
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
	cw.InService = append(cw.InService, ratio(s.part.InService, s.part.Time))
	cw.P99 = append(cw.P99, s.sojourn.window.Quantile(0.99))
	by := make([]float64, len(s.upPart))
	for z, up := range s.upPart {
		by[z] = ratio(up, s.part.Time)
	}
	s.upBy = append(s.upBy, by)
}

func (c *client) closeWindow() {
	c.windows.P50 = append(c.windows.P50, c.latency.window.Quantile(0.5))
	c.windows.P99 = append(c.windows.P99, c.latency.window.Quantile(0.99))
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
