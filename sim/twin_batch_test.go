package sim

import (
	"slices"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

// batches are where stretches of some windows begin, and the faults, and what
// comes after them.
func (tw *twin) batches(spans []trace.Span) []time.Duration {
	sm := tw.top.Simulation
	length := time.Duration(trace.BatchWindows(sm.Duration, sm.Window)) * sm.Window
	var starts []time.Duration
	for at := time.Duration(0); at < sm.Duration; at += length {
		starts = append(starts, at)
	}
	for k := 1; k < len(spans); k++ {
		if part(spans[k-1].Phase) != part(spans[k].Phase) {
			starts = append(starts, spans[k].Start)
		}
	}
	slices.Sort(starts)
	return slices.Compact(starts)
}

// part of a run to which a phase belongs.
func part(p trace.Phase) string {
	return map[trace.Phase]string{trace.Before: "before", trace.Undetected: "fault", trace.Detected: "fault", trace.Recovery: "recovery"}[p]
}

// within runs through the batches.
func (tw *twin) within(starts []time.Duration, of func(a, b int64)) {
	for k, start := range starts {
		until := tw.end
		if k+1 < len(starts) {
			until = int64(starts[k+1])
		}
		of(int64(start), until)
	}
}

// happened counts requests that were made from a to b, and outcomes that came.
func happened(list []*twinCount, a, b int64) (o trace.Outcomes) {
	for _, c := range list {
		if a <= c.at && c.at < b {
			o.Requests++
		}
		if !c.ended || c.over < a || c.over >= b {
			continue
		}
		switch {
		case c.reason != trace.None:
			o.Failed[c.reason]++
		case c.degraded:
			o.Degraded++
		default:
			o.OK++
		}
	}
	return o
}

func (tw *twin) clientBatches(c *twinClient, starts []time.Duration) (list []trace.Outcomes) {
	tw.within(starts, func(a, b int64) {
		o := happened(c.record, a, b)
		for _, try := range c.tries {
			if a <= try.at && try.at < b && try.first >= 0 {
				o.Attempts++
			}
		}
		for _, answer := range c.answers {
			if a <= answer.at && answer.at < b {
				o.Latency.Record(answer.took)
			}
		}
		list = append(list, o)
	})
	return list
}

func (tw *twin) serviceBatches(s *twinService, starts []time.Duration) (list []trace.ComponentBatch) {
	tw.within(starts, func(a, b int64) {
		o := happened(s.attempts, a, b)
		o.Attempts = o.Requests
		for _, j := range s.sojourns {
			if a <= j.at && j.at < b {
				o.Latency.Record(j.took)
			}
		}
		list = append(list, trace.ComponentBatch{Outcomes: o, Use: s.use(a, b)})
	})
	return list
}
