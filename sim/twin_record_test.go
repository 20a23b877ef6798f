package sim

import (
	"cmp"
	"math"
	"slices"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
)

// How the twin sums up what it has noted, in the form of the engine's record.

// record sums everything up, but for the capacity of zones, which is reckoned
// from figures that are compared, the warnings and what the engine says of itself.
func (tw *twin) record(v scenarios.Variant) *trace.Run {
	sm := tw.top.Simulation
	r := &trace.Run{
		Topology: tw.top.Name, Scenario: v.Name, Description: v.Description(), Engine: "requests", Seed: tw.seed,
		Duration: sm.Duration, Warmup: sm.Warmup, Window: sm.Window, Spans: tw.spans(), Events: tw.facts.events,
	}
	for k, c := range tw.facts.causes {
		k.Failed, k.Degraded = c.failed, c.degraded
		r.Causes = append(r.Causes, k)
	}
	sortCauses(r.Causes)
	r.Batches = tw.batches(r.Spans)
	for k, c := range tw.clients {
		r.Clients = append(r.Clients, tw.recordClient(c, r.Windows()))
		r.Clients[k].Batches = tw.clientBatches(c, r.Batches)
	}
	for k, s := range tw.services {
		r.Components = append(r.Components, tw.recordService(s, r.Windows()))
		r.Components[k].Batches = tw.serviceBatches(s, r.Batches)
	}
	for z, name := range tw.top.ZoneNames() {
		rec := trace.Zone{Name: name}
		for win := range r.Windows() {
			a, b := tw.window(win)
			var up, demand float64
			for _, s := range tw.services {
				up += s.up.in(z).over(a, b) / seconds(b-a)
			}
			for _, c := range tw.clients {
				for _, e := range c.entered {
					if e.zone == z && a <= e.at && e.at < b {
						demand++
					}
				}
			}
			rec.InService = append(rec.InService, up)
			rec.Demand = append(rec.Demand, demand/seconds(b-a))
		}
		r.Zones = append(r.Zones, rec)
	}
	return r
}

func sortCauses(causes []trace.Cause) {
	slices.SortFunc(causes, func(a, b trace.Cause) int {
		return cmp.Or(cmp.Compare(a.Fault, b.Fault), cmp.Compare(a.Component, b.Component), cmp.Compare(a.Reason, b.Reason))
	})
}

func seconds(ns int64) float64 { return float64(ns) / 1e9 }

// window n lasts from a to b.
func (tw *twin) window(n int) (a, b int64) {
	w := int64(tw.top.Simulation.Window)
	return int64(n) * w, min(int64(n+1)*w, tw.end)
}

// outcomes counts requests by phase.
func (tw *twin) outcomes(list []*twinCount, phases *[trace.Phases]trace.Outcomes) {
	for _, c := range list {
		if c.at < 0 {
			continue
		}
		o := &phases[tw.phaseOf(c.at)-1]
		o.Requests++
		switch {
		case !c.ended:
		case c.reason != trace.None:
			o.Failed[c.reason]++
		case c.degraded:
			o.Degraded++
		default:
			o.OK++
		}
	}
}

// columns of the windows in which requests were made.
func (tw *twin) columns(list []*twinCount, n int) (requests, ok, degraded, failed []uint32) {
	requests, ok, degraded, failed = make([]uint32, n), make([]uint32, n), make([]uint32, n), make([]uint32, n)
	for _, c := range list {
		if c.at < 0 {
			continue
		}
		win := c.at / int64(tw.top.Simulation.Window)
		requests[win]++
		switch {
		case !c.ended:
		case c.reason != trace.None:
			failed[win]++
		case c.degraded:
			degraded[win]++
		default:
			ok[win]++
		}
	}
	return requests, ok, degraded, failed
}

// quantile of what was over in a window, in s.
func (tw *twin) quantile(list []twinSpan, win int, q float64) float64 {
	a, b := tw.window(win)
	var h trace.Histogram
	for _, s := range list {
		if a <= s.at && s.at < b {
			h.Record(s.took)
		}
	}
	return h.Quantile(q)
}

func (tw *twin) recordClient(c *twinClient, n int) *trace.Client {
	r := &trace.Client{Name: c.t.Name}
	tw.outcomes(c.record, &r.Phases)
	w := &r.Windows
	w.Requests, w.OK, w.Degraded, w.Failed = tw.columns(c.record, n)
	w.Attempts, w.Answered = make([]uint32, n), make([]uint32, n)
	length := int64(tw.top.Simulation.Window)
	for _, try := range c.tries {
		if try.first >= 0 {
			r.Phases[tw.phaseOf(try.at)-1].Attempts++
			w.Attempts[try.at/length]++
		}
	}
	for _, a := range c.answers {
		if a.at >= 0 {
			r.Answered[tw.phaseOf(a.at)-1]++
			w.Answered[a.at/length]++
		}
		if a.began >= 0 {
			r.Phases[tw.phaseOf(a.began)-1].Latency.Record(a.took)
		}
	}
	for win := range n {
		w.P50 = append(w.P50, tw.quantile(c.answers, win, 0.5))
		w.P99 = append(w.P99, tw.quantile(c.answers, win, 0.99))
	}
	return r
}

func (tw *twin) recordService(s *twinService, n int) *trace.Component {
	r := &trace.Component{Name: s.t.Name, QueueMax: s.queueMax, Slots: s.t.Concurrency}
	r.InServiceMin, r.InServiceMax = s.up.extremes()
	tw.outcomes(s.attempts, &r.Phases)
	for p := range r.Phases {
		r.Phases[p].Attempts = r.Phases[p].Requests
	}
	for _, j := range s.sojourns {
		if j.began >= 0 {
			r.Phases[tw.phaseOf(j.began)-1].Latency.Record(j.took)
		}
	}
	for _, w := range s.waits {
		if w.at >= 0 {
			r.Wait.Record(w.took)
		}
	}
	spans := tw.spans()
	for k, span := range spans {
		until := tw.end
		if k+1 < len(spans) {
			until = int64(spans[k+1].Start)
		}
		r.Use[span.Phase].Add(s.use(int64(span.Start), until))
	}
	var carries float64
	r.HoldTime, carries = tw.measure(s, spans)
	tw.lookups(s, r, n)
	w := &r.Windows
	w.Requests, w.OK, w.Degraded, w.Failed = tw.columns(s.attempts, n)
	for win := range n {
		u := s.use(tw.window(win))
		w.Utilization = append(w.Utilization, ratio(u.Busy, u.Slots))
		w.Queue = append(w.Queue, u.Queue/u.Time)
		w.InSystem = append(w.InSystem, u.InSystem/u.Time)
		w.InService = append(w.InService, u.InService/u.Time)
		w.P99 = append(w.P99, tw.quantile(s.sojourns, win, 0.99))
		w.Capacity = append(w.Capacity, u.InService/u.Time*carries)
	}
	return r
}

// use integrates over the time from a to b.
func (s *twinService) use(a, b int64) trace.Use {
	u := trace.Use{
		Time: seconds(b - a), Busy: s.held.over(a, b), Queue: s.queue.over(a, b),
		InSystem: s.inSystem.over(a, b), InService: s.up.all.over(a, b),
	}
	switch {
	case s.t.Cores > 0:
		u.Busy = s.busyCores.over(a, b)
		u.Slots = u.InService * float64(s.t.Cores)
	case s.t.Concurrency > 0:
		u.Slots = u.InService * float64(s.t.Concurrency)
	}
	return u
}

// measure how long a slot is held and what one instance can carry, in
// requests/s: before the faults; with the warm-up, if fewer than 100 requests
// ended there; or else over everything.
func (tw *twin) measure(s *twinService, spans []trace.Span) (holdTime, carries float64) {
	before := tw.end
	if len(spans) > 1 && spans[0].Phase == trace.Before {
		before = int64(spans[1].Start)
	} else if len(spans) > 0 && spans[0].Phase != trace.Before {
		before = 0
	}
	start := -int64(tw.top.Simulation.Warmup)
	a, b := int64(0), before
	if s.ended(a, b) < enoughHolds {
		a = start
	}
	if s.ended(a, b) < enoughHolds {
		b = tw.end
	}
	n := s.ended(a, b)
	holdTime, carries = ratio(s.held.over(a, b), n), math.Inf(1)
	if s.t.Concurrency > 0 {
		carries = ratio(float64(s.t.Concurrency), holdTime)
	}
	if s.t.Cores > 0 {
		carries = min(carries, ratio(float64(s.t.Cores), ratio(s.busyCores.over(a, b), n)))
	}
	if math.IsInf(carries, 1) {
		carries = math.NaN()
	}
	return holdTime, carries
}

// ended counts the slots that were given back from a to b.
func (s *twinService) ended(a, b int64) float64 {
	n := 0
	for _, at := range s.releases {
		if a <= at && at < b {
			n++
		}
	}
	return float64(n)
}
