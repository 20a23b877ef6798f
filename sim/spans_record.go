package sim

import (
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
)

// recordRequests turns the sample into what reports read.
func (w *World) recordRequests(r *trace.Run) {
	if w.spans == nil {
		return
	}
	for _, t := range w.spans.chosen() {
		q := trace.Request{
			ID: t.key, Client: w.m.traffic[t.client].name, Start: time.Duration(t.first), End: time.Duration(t.end),
			Result: resultName(t.outcome.kind), Root: t.outcome.root, Fault: w.meter.names[t.fault],
			Like: w.spans.likes(w, t).n, Left: t.left,
		}
		if q.Root != trace.None {
			q.Component = w.m.services[w.meter.origins[t.outcome.cause].service].name
		}
		for k := range t.attempts {
			q.Attempts = append(q.Attempts, w.attempt(&t.attempts[k]))
		}
		r.Requests = append(r.Requests, q)
	}
}

func (w *World) attempt(a *attempted) trace.Attempt {
	op := w.edges[a.edge].op
	service := w.m.fleets[op.service]
	zones := w.m.topology.ZoneNames()
	r := trace.Attempt{
		Parent: int(a.parent), Kind: a.kind, Number: int(a.number), Component: service.Name,
		Sent: timeOf(a.sent), Arrived: timeOf(a.arrived), Started: timeOf(a.started), Replied: timeOf(a.replied), Ended: timeOf(a.ended),
		Fate: a.fate.String(), Fault: w.meter.names[a.fault],
	}
	if len(service.Operations) > 1 {
		r.Operation = service.Operations[op.number].Name
	}
	if a.inside {
		r.From = zones[a.from]
	}
	if a.inst >= 0 {
		r.Instance, r.Zone = w.name(a.inst), zones[w.insts[a.inst].zone]
	}
	if a.settled {
		r.Result = resultName(a.result)
	}
	return r
}

func resultName(kind trace.Reason) string {
	switch kind {
	case trace.None:
		return "ok"
	case asDegraded:
		return "degraded"
	default:
		return kind.String()
	}
}

func timeOf(t des.Time) time.Duration {
	if t == des.Never {
		return trace.Never
	}
	return time.Duration(t)
}
