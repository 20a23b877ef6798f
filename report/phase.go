package report

import (
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

// phaseTimes is how long each phase of a run lasted, in seconds.
func phaseTimes(run *trace.Run) [trace.Phases]float64 {
	var times [trace.Phases]float64
	for i, span := range run.Spans {
		end := run.Duration
		if i+1 < len(run.Spans) {
			end = min(end, run.Spans[i+1].Start)
		}
		if end > span.Start {
			times[span.Phase] += (end - span.Start).Seconds()
		}
	}
	return times
}

// extent is the first start and the last end of the spans in one of the phases.
func extent(spans []trace.Span, duration time.Duration, phases ...trace.Phase) (from, to time.Duration, ok bool) {
	for i, span := range spans {
		end := duration
		if i+1 < len(spans) {
			end = min(end, spans[i+1].Start)
		}
		if end <= span.Start {
			continue
		}
		for _, p := range phases {
			if span.Phase != p {
				continue
			}
			if !ok {
				from = span.Start
			}
			to, ok = end, true
		}
	}
	return from, to, ok
}

// Time is how long the run lasted.
func (r *Result) Time() time.Duration { return seconds(r.Duration) }

// WindowTime is how long a window lasts.
func (r *Result) WindowTime() time.Duration { return seconds(r.Series.Window) }
