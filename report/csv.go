package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// WriteCSV writes doc as a tidy table, a figure per row, with the columns
//
//	scenario,kind,name,phase,metric,value,unit,low,high
//
// kind is run, client, component or cause; the name of a cause is "reason at
// component", and "under fault" if one was active. phase is all, before, fault,
// undetected (a part of fault) or recovery. metric is the path of the figure in
// the results document (latency.p99, failed.timeout); unit is 1 (a count), s,
// 1/s or share (0..1). low and high bound the interval of a mean of replications
// and are empty for a single run. An empty value cannot be said. Series and the event log
// are in the document only.
func WriteCSV(w io.Writer, doc *Document) error {
	out := csv.NewWriter(w)
	row := func(cells ...string) {
		// The writer keeps its first error for Error.
		_ = out.Write(cells)
	}
	row("scenario", "kind", "name", "phase", "metric", "value", "unit", "low", "high")
	for _, r := range doc.Runs {
		put := func(kind, name, phase, metric string, value Number, unit string) {
			low, high := unknown(), unknown()
			if i, ok := r.Around(figurePath(kind, name, phase, metric)...); ok {
				low, high = Number(i.Low), Number(i.High)
			}
			row(r.Scenario, kind, name, phase, metric, cell(value), unit, cell(low), cell(high))
		}
		put("run", "", "all", "duration", r.Duration, "s")
		put("run", "", "all", "events", Number(r.Events), "1")
		for _, c := range r.Clients {
			clientRows(c.Name, c.Value, put)
		}
		for _, c := range r.Components {
			componentRows(c.Name, c.Value, put)
		}
		for _, c := range r.Causes {
			name := c.Reason + " at " + c.Component
			if c.Fault != "" {
				name += " under " + c.Fault
			}
			put("cause", name, "all", "failed", c.Failed, "1")
			put("cause", name, "all", "degraded", c.Degraded, "1")
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	return nil
}

// cell is empty for what cannot be said.
func cell(n Number) string {
	if !n.Known() {
		return ""
	}
	return string(appendNumber(nil, float64(n)))
}

// figurePath is where a row's figure stands in the results document.
func figurePath(kind, name, phase, metric string) []string {
	path := []string{kind + "s", name}
	switch phase {
	case "all":
	case "undetected":
		path = append(path, "phases", "fault", phase)
	default:
		path = append(path, "phases", phase)
	}
	return append(path, strings.Split(metric, ".")...)
}

type putRow func(kind, name, phase, metric string, value Number, unit string)

func clientRows(name string, c *Client, put putRow) {
	for _, p := range []struct {
		phase string
		f     *ClientFigures
	}{
		{"all", &c.ClientFigures},
		{"before", &c.Phases.Before},
		{"fault", &c.Phases.Fault.ClientFigures},
		{"undetected", &c.Phases.Fault.Undetected},
		{"recovery", &c.Phases.Recovery},
	} {
		cell := func(metric string, value Number, unit string) { put("client", name, p.phase, metric, value, unit) }
		cell("requests", p.f.Requests, "1")
		cell("attempts", p.f.Attempts, "1")
		cell("ok", p.f.OK, "1")
		cell("degraded", p.f.Degraded, "1")
		failedCells(p.f.Failed, cell)
		cell("in_flight", p.f.InFlight, "1")
		cell("availability", p.f.Availability, "share")
		cell("strict_availability", p.f.StrictAvailability, "share")
		cell("goodput", p.f.Goodput, "1/s")
		quantileCells("latency", &p.f.Latency, cell)
	}
}

func componentRows(name string, c *Component, put putRow) {
	for _, p := range []struct {
		phase string
		f     *ComponentFigures
	}{
		{"all", &c.ComponentFigures},
		{"before", &c.Phases.Before},
		{"fault", &c.Phases.Fault.ComponentFigures},
		{"undetected", &c.Phases.Fault.Undetected},
		{"recovery", &c.Phases.Recovery},
	} {
		cell := func(metric string, value Number, unit string) {
			put("component", name, p.phase, metric, value, unit)
		}
		cell("requests", p.f.Requests, "1")
		cell("ok", p.f.OK, "1")
		cell("degraded", p.f.Degraded, "1")
		failedCells(p.f.Failed, cell)
		cell("availability", p.f.Availability, "share")
		cell("utilization", p.f.Utilization, "share")
		cell("in_service.mean", p.f.InService.Mean, "1")
		cell("in_service.min", p.f.InService.Min, "1")
		cell("in_service.max", p.f.InService.Max, "1")
		cell("queue.mean", p.f.Queue.Mean, "1")
		cell("queue.max", p.f.Queue.Max, "1")
		quantileCells("wait", &p.f.Wait, cell)
		quantileCells("latency", &p.f.Latency, cell)
		cell("hit_ratio", p.f.HitRatio, "share")
		cell("stale_reads", p.f.StaleReads, "1")
		cell("lost_writes", p.f.LostWrites, "1")
	}
}

func failedCells(failed Named[Number], cell func(metric string, value Number, unit string)) {
	for _, e := range failed {
		cell("failed."+e.Name, e.Value, "1")
	}
}

func quantileCells(of string, q *Quantiles, cell func(metric string, value Number, unit string)) {
	cell(of+".mean", q.Mean, "s")
	cell(of+".p50", q.P50, "s")
	cell(of+".p90", q.P90, "s")
	cell(of+".p95", q.P95, "s")
	cell(of+".p99", q.P99, "s")
	cell(of+".p999", q.P999, "s")
	cell(of+".max", q.Max, "s")
}
