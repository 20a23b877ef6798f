package sim

import (
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
)

// counted is what the hot path counts of attempts or requests that were made in
// the present phase and window, which nearly all are; it is moved to where it
// belongs at the next edge. What began earlier goes there directly.
type counted struct {
	requests uint64
	attempts uint64
	ended    [trace.Reasons + 1]uint64 // by reason; None = ok, asDegraded = degraded
}

// columns of windows have an entry for the warm-up in front.
type columns struct {
	requests, attempts, ok, degraded, failed, answered []uint32
}

func newColumns(n int) columns {
	return columns{
		make([]uint32, n), make([]uint32, n), make([]uint32, n),
		make([]uint32, n), make([]uint32, n), make([]uint32, n),
	}
}

func (c *counted) moveTo(out *trace.Outcomes, col *columns, win int) {
	out.Requests += c.requests
	out.Attempts += c.attempts
	col.requests[win] += uint32(c.requests)
	col.attempts[win] += uint32(c.attempts)
	for k, n := range c.ended {
		if n > 0 {
			end(out, col, win, trace.Reason(k), n)
		}
	}
	*c = counted{}
}

// end counts n outcomes of a kind.
func end(out *trace.Outcomes, col *columns, win int, kind trace.Reason, n uint64) {
	switch kind {
	case trace.None:
		out.OK += n
		col.ok[win] += uint32(n)
	case asDegraded:
		out.Degraded += n
		col.degraded[win] += uint32(n)
	default:
		out.Failed[kind] += n
		col.failed[win] += uint32(n)
	}
}

// serviceMeter is what is counted of one service.
type serviceMeter struct {
	counted  counted
	looked   trace.Lookups // since the last edge
	sojourn  *latency
	wait     *tally
	releases uint64 // of slots, since the last edge

	record    *trace.Component
	out       [phases]*trace.Outcomes
	columns   columns
	waits     *trace.Histogram
	use       [phases]trace.Use
	lookups   [phases]trace.Lookups
	hits      []uint32 // columns of a cache
	misses    []uint32
	heldBy    [phases]float64 // slot·s, also where use.Busy counts cores
	released  [phases]uint64
	part      trace.Use      // of this window
	batchUse  trace.Use      // of this batch
	noted     trace.Outcomes // what was counted until this batch began
	upPart    []float64      // instance·s of this window, by zone
	upBy      [][]float64    // mean in service, by window and zone
	minUp     int64
	maxUp     int64
	liveSlots float64 // slots, or cores, of one instance; 0 if unlimited
}

// clientMeter is what is counted of one traffic.
type clientMeter struct {
	counted  counted
	latency  *latency // first attempt to answer
	answered uint64   // ok and degraded, since the last edge, by the moment of the answer

	record     *trace.Client
	out        [phases]*trace.Outcomes
	columns    columns
	answeredBy [phases]uint64
	entered    [][]uint64     // by window and zone
	noted      trace.Outcomes // what was counted until this batch began
}

func (w *World) openServiceMeter(s *service) {
	s.record = &trace.Component{Name: s.m.name}
	s.out[0] = new(trace.Outcomes)
	for p := range s.record.Phases {
		s.out[1+p] = &s.record.Phases[p]
	}
	s.columns = newColumns(w.windows())
	if s.m.cache != nil {
		s.hits, s.misses = make([]uint32, w.windows()), make([]uint32, w.windows())
	}
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
	c.record = &trace.Client{Name: c.m.name}
	c.out[0] = new(trace.Outcomes)
	for p := range c.record.Phases {
		c.out[1+p] = &c.record.Phases[p]
	}
	c.columns = newColumns(w.windows())
	c.latency = new(latency)
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

// settled: the outcome of an attempt that was made at `sent`.
func (m *meter) settled(s *service, sent des.Time, kind trace.Reason) {
	if sent >= m.cut {
		s.counted.ended[kind]++
		return
	}
	m.settledLate(s, sent, kind)
}

func (m *meter) settledLate(s *service, sent des.Time, kind trace.Reason) {
	phase, win := m.at(sent)
	end(s.out[phase], &s.columns, win, kind, 1)
}

// servedLate: a service has answered a request that was sent at `sent`, before
// the present window or phase, a sojourn after its arrival.
func (m *meter) servedLate(s *service, sent, sojourn des.Time) {
	phase, _ := m.at(sent)
	s.sojourn.recordLate(sojourn, &s.out[phase].Latency)
}

// attempted: a client makes an attempt at a request it first made at `first`.
// Attempts belong to their own moment: the load that retries make is there.
func (m *meter) attempted(c *client, first des.Time) {
	if first >= 0 || m.phase == 0 {
		c.counted.attempts++
	}
}

// ended: a client has the last word on a request.
func (m *meter) ended(c *client, first, now des.Time, o outcome) {
	good := !o.failed()
	if good {
		c.answered++
	}
	switch {
	case !good:
		m.failed++
	case o.kind == asDegraded:
		m.degraded++
	}
	phase := m.phase
	if first >= m.cut {
		c.counted.ended[o.kind]++
		if good {
			c.latency.now.record(now - first)
		}
	} else {
		var win int
		phase, win = m.at(first)
		end(c.out[phase], &c.columns, win, o.kind, 1)
		if good {
			c.latency.recordLate(now-first, &c.out[phase].Latency)
		}
	}
	if o.root != trace.None && phase > 0 {
		m.blame(o, first, now)
	}
}

// causeCount counts client requests by the root of what befell them.
type causeCount struct{ failed, degraded uint64 }

// held is the kind of fault that is held responsible from a time on.
type held struct {
	at    des.Time
	fault int // index of meter.names; 0 = none
}
