package sim

import (
	"fmt"
	"math"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
)

// record turns what the meter holds into the run that reports read.
func (w *World) record(v scenarios.Variant) *trace.Run {
	t := w.m.topology
	r := &trace.Run{
		Topology: t.Name, Scenario: v.Name, Description: v.Description(), Engine: "requests", Seed: w.seed,
		Duration: time.Duration(max(0, w.now)), Warmup: t.Simulation.Warmup, Window: t.Simulation.Window,
		Interrupted: w.now < w.end, Played: w.played, Events: w.meter.events, Batches: w.meter.batches.starts,
	}
	for _, s := range w.meter.spans {
		if n := len(r.Spans); n > 0 && r.Spans[n-1].Phase == trace.Phase(s.phase-1) {
			continue // a phase of no length lay between
		}
		if s.phase > 0 && s.at < w.end {
			r.Spans = append(r.Spans, trace.Span{Start: time.Duration(s.at), Phase: trace.Phase(s.phase - 1)})
		}
	}
	n := r.Windows()
	for k := range w.traffic {
		r.Clients = append(r.Clients, w.traffic[k].close(n))
	}
	perInstance := make([]float64, len(w.services))
	for k := range w.services {
		perInstance[k] = w.closeService(&w.services[k], n, r)
		r.Components = append(r.Components, w.services[k].record)
	}
	w.recordZones(r, n, perInstance)
	w.recordCauses(r)
	w.recordRequests(r)
	return r
}

func (c *client) close(n int) *trace.Client {
	cw, col := &c.record.Windows, &c.columns
	cw.Requests, cw.Attempts, cw.Answered = col.requests[1:][:n:n], col.attempts[1:][:n:n], col.answered[1:][:n:n]
	cw.OK, cw.Degraded, cw.Failed = col.ok[1:][:n:n], col.degraded[1:][:n:n], col.failed[1:][:n:n]
	for p := range c.record.Answered {
		c.record.Answered[p] = c.answeredBy[1+p]
	}
	return c.record
}

// closeService completes a service's record and returns the capacity of one
// instance in requests/s; NaN if it is unbounded or was never seen.
func (w *World) closeService(s *service, n int, r *trace.Run) float64 {
	c := s.record
	for p := range c.Use {
		c.Use[p] = s.use[1+p]
		c.Lookups[p] = s.lookups[1+p]
	}
	c.Wait = *s.waits
	c.QueueMax, c.InServiceMin, c.InServiceMax = s.queueMax, int(s.minUp), int(s.maxUp)
	c.Slots = int(s.m.slots)
	if s.m.slots == math.MaxInt32 {
		c.Slots = -1
	}
	cw := &c.Windows
	col := &s.columns
	cw.Requests, cw.OK = col.requests[1:][:n:n], col.ok[1:][:n:n]
	cw.Degraded, cw.Failed = col.degraded[1:][:n:n], col.failed[1:][:n:n]

	if s.m.cache != nil {
		cw.Hits, cw.Misses = s.hits[1:][:n:n], s.misses[1:][:n:n]
	}

	before, ended, faulty := s.faultless()
	var held, busy float64
	for _, p := range before {
		held += s.heldBy[p]
		busy += s.use[p].Busy
	}
	c.HoldTime = ratio(held, float64(ended))
	if faulty && ended > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf(
			"%s: fewer than %d requests ended before the fault; its capacity is measured over the whole run, faults included", c.Name, enoughHolds))
	}
	per := math.Inf(1)
	if s.m.slots < math.MaxInt32 {
		per = ratio(float64(s.m.slots), c.HoldTime)
	}
	if s.m.cores > 0 {
		per = min(per, ratio(float64(s.m.cores), ratio(busy, float64(ended))))
	}
	if math.IsInf(per, 1) {
		per = math.NaN()
	}
	for _, up := range cw.InService {
		cw.Capacity = append(cw.Capacity, up*per)
	}
	return per
}

// enoughHolds is how many requests must have ended to measure how long one
// keeps its slot.
const enoughHolds = 100

// faultless lists the phases over which a service is measured as it is without
// faults: before them; with the warm-up, if that is too short; if all fails
// (faulty), the whole run.
func (s *service) faultless() (over []int, ended uint64, faulty bool) {
	const warmup, before = 0, 1 + int(trace.Before)
	if n := s.released[before]; n >= enoughHolds {
		return []int{before}, n, false
	}
	if n := s.released[warmup] + s.released[before]; n >= enoughHolds {
		return []int{warmup, before}, n, false
	}
	for p, n := range s.released {
		over = append(over, p)
		ended += n
	}
	faulty = ended > s.released[warmup]+s.released[before]
	return over, ended, faulty
}

// recordZones computes what every zone adds to what the system can carry. The
// limit is the component that would saturate first, in client requests: its
// capacity divided by its requests per client request as measured without
// faults. Components that only optional calls reach do not count.
func (w *World) recordZones(r *trace.Run, n int, perInstance []float64) {
	visits := w.visits()
	for z, name := range w.m.topology.ZoneNames() {
		rec := trace.Zone{Name: name, InService: make([]float64, n), Capacity: make([]float64, n), Demand: make([]float64, n)}
		for win := range n {
			length := min(r.Window, r.Duration-time.Duration(win)*r.Window).Seconds()
			for k := range w.traffic {
				rec.Demand[win] += float64(w.traffic[k].entered[win][z]) / length
			}
			rec.Capacity[win] = math.NaN()
		}
		r.Zones = append(r.Zones, rec)
	}
	for win := range n {
		limit, least := -1, math.Inf(1)
		for k := range w.services {
			s := &w.services[k]
			var up float64
			for z := range r.Zones {
				r.Zones[z].InService[win] += s.upBy[win][z]
				up += s.upBy[win][z]
			}
			if c := clientCapacity(up, perInstance[k], visits[k]); w.m.services[k].required && c < least {
				limit, least = k, c
			}
		}
		if limit < 0 {
			continue
		}
		for z := range r.Zones {
			r.Zones[z].Capacity[win] = clientCapacity(w.services[limit].upBy[win][z], perInstance[limit], visits[limit])
		}
	}
}

// clientCapacity is how many client requests/s so many instances of a service
// carry: none, if there is no instance and the service is asked; NaN, which is
// no limit, if it is not asked or an instance's capacity is unbounded.
func clientCapacity(up, perInstance, visits float64) float64 {
	switch {
	case !(visits > 0):
		return math.NaN()
	case up == 0:
		return 0
	}
	return up * perInstance / visits
}

// visits is how many requests a service gets per request of a client.
func (w *World) visits() []float64 {
	v := make([]float64, len(w.services))
	for _, over := range [][]int{{1 + int(trace.Before)}, {0, 1 + int(trace.Before)}, {0, 1, 2, 3, 4}} {
		var all uint64
		for k := range w.traffic {
			for _, p := range over {
				all += w.traffic[k].out[p].Requests
			}
		}
		if all < enoughHolds && len(over) < phases {
			continue
		}
		for k := range w.services {
			for _, p := range over {
				v[k] += float64(w.services[k].out[p].Requests)
			}
			v[k] = ratio(v[k], float64(all))
		}
		break
	}
	return v
}

func (w *World) recordCauses(r *trace.Run) {
	m := &w.meter
	per := len(w.services) * int(trace.Reasons)
	for k, c := range m.causes {
		if c.failed == 0 && c.degraded == 0 {
			continue
		}
		r.Causes = append(r.Causes, trace.Cause{
			Component: w.services[k%per/int(trace.Reasons)].m.name, Reason: trace.Reason(k % int(trace.Reasons)),
			Fault: m.names[k/per], Failed: c.failed, Degraded: c.degraded,
		})
	}
}

// ratio is NaN where it says nothing.
func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}
