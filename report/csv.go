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
// 1/s or share (0..1). low and high bound the interval, of replications or within
// one run, and are empty where there is none. An empty value cannot be said. Series and the event log
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
			f, p := &c.Value.ClientFigures, &c.Value.Phases
			phaseRows("client", c.Name, [...]figureCells{f, &p.Before, &p.Fault.ClientFigures, &p.Fault.Undetected, &p.Recovery}, put)
		}
		for _, c := range r.Components {
			f, p := &c.Value.ComponentFigures, &c.Value.Phases
			phaseRows("component", c.Name, [...]figureCells{f, &p.Before, &p.Fault.ComponentFigures, &p.Fault.Undetected, &p.Recovery}, put)
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

type (
	putRow  func(kind, name, phase, metric string, value Number, unit string)
	putCell func(metric string, value Number, unit string)
)

// figureCells are figures that tell themselves one by one.
type figureCells interface{ cells(put putCell) }

// phaseRows tells the figures of a client or a component by phase.
func phaseRows(kind, name string, of [5]figureCells, put putRow) {
	for i, phase := range [...]string{"all", "before", "fault", "undetected", "recovery"} {
		of[i].cells(func(metric string, value Number, unit string) { put(kind, name, phase, metric, value, unit) })
	}
}

func (f *ClientFigures) cells(put putCell) {
	put("requests", f.Requests, "1")
	put("attempts", f.Attempts, "1")
	put("ok", f.OK, "1")
	put("degraded", f.Degraded, "1")
	failedCells(f.Failed, put)
	put("in_flight", f.InFlight, "1")
	put("availability", f.Availability, "share")
	put("strict_availability", f.StrictAvailability, "share")
	put("goodput", f.Goodput, "1/s")
	quantileCells("latency", &f.Latency, put)
}

func (f *ComponentFigures) cells(put putCell) {
	put("requests", f.Requests, "1")
	put("ok", f.OK, "1")
	put("degraded", f.Degraded, "1")
	failedCells(f.Failed, put)
	put("availability", f.Availability, "share")
	put("utilization", f.Utilization, "share")
	put("in_service.mean", f.InService.Mean, "1")
	put("in_service.min", f.InService.Min, "1")
	put("in_service.max", f.InService.Max, "1")
	put("queue.mean", f.Queue.Mean, "1")
	put("queue.max", f.Queue.Max, "1")
	quantileCells("wait", &f.Wait, put)
	quantileCells("latency", &f.Latency, put)
	put("hit_ratio", f.HitRatio, "share")
	put("fetches", f.Fetches, "1")
	put("stale_served", f.StaleServed, "1")
	put("stale_reads", f.StaleReads, "1")
	put("lost_writes", f.LostWrites, "1")
}

func failedCells(failed Named[Number], put putCell) {
	for _, e := range failed {
		put("failed."+e.Name, e.Value, "1")
	}
}

func quantileCells(of string, q *Quantiles, put putCell) {
	put(of+".mean", q.Mean, "s")
	put(of+".p50", q.P50, "s")
	put(of+".p90", q.P90, "s")
	put(of+".p95", q.P95, "s")
	put(of+".p99", q.P99, "s")
	put(of+".p999", q.P999, "s")
	put(of+".max", q.Max, "s")
}
