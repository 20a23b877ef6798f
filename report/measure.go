package report

import (
	"math"
	"slices"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// measure is the figure of one run that an objective bounds, in the objective's
// unit (shares 0..1, seconds, per second, counts); unknown where the run cannot
// say. Trials is how many requests a share was counted over, else 0.
func measure(o *topology.Objective, r *Result) (value Number, trials float64) {
	switch o.Metric {
	case "availability", "strict_availability":
		return r.answeredShare(o)
	case "goodput":
		return r.goodput(o), 0
	case "latency":
		return r.latency(o), 0
	case "utilization":
		if f := r.service(o); f != nil {
			return f.Utilization, 0
		}
	case "instances":
		return r.instances(o), 0
	case "headroom":
		return r.without(o.Zones), 0
	case "recovers_within":
		return r.recovery(o), 0
	}
	return unknown(), 0 // stale_reads, lost_writes and cost: nothing measures them yet
}

// clients are the figures of the traffic an objective judges, or of all, in its
// phase.
func (r *Result) clients(o *topology.Objective) []*ClientFigures {
	var figures []*ClientFigures
	for _, c := range r.Clients {
		if o.Of != "" && o.Of != c.Name {
			continue
		}
		p := &c.Value.Phases
		figures = append(figures, pick(o.During, &c.Value.ClientFigures, &p.Before, &p.Fault.ClientFigures, &p.Recovery))
	}
	return figures
}

// service is the figures of the service an objective judges, in its phase; nil
// if it judges clients.
func (r *Result) service(o *topology.Objective) *ComponentFigures {
	c, ok := r.Components.Get(o.Service)
	if !ok {
		return nil
	}
	p := &c.Phases
	return pick(o.During, &c.ComponentFigures, &p.Before, &p.Fault.ComponentFigures, &p.Recovery)
}

func pick[T any](during string, all, before, fault, recovery *T) *T {
	switch during {
	case "before":
		return before
	case "fault":
		return fault
	case "recovery":
		return recovery
	}
	return all
}

func (r *Result) answeredShare(o *topology.Objective) (share Number, trials float64) {
	var ok, degraded, failed Number
	if f := r.service(o); f != nil {
		ok, degraded, failed = f.OK, f.Degraded, f.FailedTotal()
	} else {
		for _, f := range r.clients(o) {
			ok, degraded, failed = ok+f.OK, degraded+f.Degraded, failed+f.FailedTotal()
		}
	}
	all := float64(ok + degraded + failed)
	if o.Metric == "strict_availability" {
		degraded = 0
	}
	return quotient(float64(ok+degraded), all), all
}

func (r *Result) goodput(o *topology.Objective) Number {
	var sum Number
	for _, f := range r.clients(o) {
		sum += f.Goodput
	}
	return sum
}

// latency of a service, of a traffic, or of the slowest traffic: percentiles of
// several cannot be added up.
func (r *Result) latency(o *topology.Objective) Number {
	if f := r.service(o); f != nil {
		return quantile(o.Quantile, &f.Latency)
	}
	slowest := unknown()
	for _, f := range r.clients(o) {
		q := quantile(o.Quantile, &f.Latency)
		if !q.Known() {
			return unknown()
		}
		if !slowest.Known() || q > slowest {
			slowest = q
		}
	}
	return slowest
}

func quantile(name string, q *Quantiles) Number {
	switch name {
	case "mean":
		return q.Mean
	case "p50":
		return q.P50
	case "p90":
		return q.P90
	case "p95":
		return q.P95
	case "p99":
		return q.P99
	case "p99.9":
		return q.P999
	}
	return unknown()
}

func (r *Result) instances(o *topology.Objective) Number {
	if f := r.service(o); f != nil {
		return f.InService.Mean
	}
	var sum Number
	for _, c := range r.Components {
		sum += pick(o.During, &c.Value.ComponentFigures, &c.Value.Phases.Before,
			&c.Value.Phases.Fault.ComponentFigures, &c.Value.Phases.Recovery).InService.Mean
	}
	return sum
}

// without is the least, over all choices of so many lost zones, of the capacity
// of the rest over the demand, minus 1, at the busiest window.
func (r *Result) without(lost int) Number {
	busiest, most := -1, 0.0
	for i := range r.Series.T {
		if d := r.Demand(i); busiest < 0 || d > most {
			busiest, most = i, d
		}
	}
	if busiest < 0 || most == 0 {
		return unknown()
	}
	var zones []float64
	for _, z := range r.Series.Zones {
		zones = append(zones, at(z.Value.Capacity, busiest))
	}
	slices.Sort(zones) // the largest go
	var rest float64
	for _, c := range zones[:max(0, len(zones)-lost)] {
		rest += c
	}
	return Number(rest/most - 1)
}

// backWithin is how near to the level before the fault availability must be, and
// stays is for how long, to count as recovered.
const (
	backWithin = 0.001
	stays      = time.Minute
)

// recovery is the time from the fault's end until availability is back; +Inf if
// it did not come back, unknown if there was no fault, no level before it, or
// too little time after it to tell.
func (r *Result) recovery(o *topology.Objective) Number {
	end := r.faultEnd()
	level := r.level(o)
	window := r.WindowTime()
	if end < 0 || !level.Known() || window <= 0 {
		return unknown()
	}
	bad := end // the end of the last window that was not back
	for i, t := range r.Series.T {
		start := seconds(Number(t))
		if start+window <= end {
			continue
		}
		if a := r.windowAvailability(o, i); a.Known() && a < level-backWithin {
			if start >= bad+stays {
				break // it had been back for long enough
			}
			bad = min(start+window, r.Time())
		}
	}
	switch {
	case bad+stays <= r.Time():
		return Number((bad - end).Seconds())
	case r.Time()-end < stays:
		return unknown()
	}
	return Number(math.Inf(1))
}

// faultEnd is when the recovery phase begins or, if it never does for the last
// fault was the strike of an instant, when that was; else negative.
func (r *Result) faultEnd() time.Duration {
	for _, s := range r.Spans {
		if s.Phase == trace.Recovery {
			return s.Start
		}
	}
	if len(r.Spans) > 1 && r.faultsOver > 0 {
		return r.faultsOver
	}
	return -1
}

// NoRecovery says why the recovery of clients cannot be told; empty if it can.
func (r *Result) NoRecovery() string {
	end := r.faultEnd()
	switch {
	case end < 0:
		return "the faults last to the end of the run"
	case !r.level(&topology.Objective{}).Known():
		return "nothing was asked before the fault"
	case r.Time()-end < stays:
		return "less than " + FormatTime(stays) + " is left after the fault"
	}
	return ""
}

// level of availability before the fault.
func (r *Result) level(o *topology.Objective) Number {
	before := topology.Objective{Metric: "availability", During: "before", Of: o.Of}
	share, _ := r.answeredShare(&before)
	return share
}

func (r *Result) windowAvailability(o *topology.Objective, i int) Number {
	var good, all float64
	for _, c := range r.Series.Clients {
		if o.Of != "" && o.Of != c.Name {
			continue
		}
		answered := at(c.Value.OK, i) + at(c.Value.Degraded, i)
		good += answered
		all += answered + at(c.Value.Failed, i)
	}
	return quotient(good, all)
}
