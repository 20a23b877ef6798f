package report

import (
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

// phaseTimes is how long each phase of a run lasted, in seconds.
func phaseTimes(spans []trace.Span, duration time.Duration) [trace.Phases]float64 {
	var times [trace.Phases]float64
	for i, span := range spans {
		end := duration
		if i+1 < len(spans) {
			end = min(end, spans[i+1].Start)
		}
		if end > span.Start {
			times[span.Phase] += (end - span.Start).Seconds()
		}
	}
	return times
}

// Time is how long the run lasted.
func (r *Result) Time() time.Duration { return seconds(r.Duration) }

// WindowTime is how long a window lasts.
func (r *Result) WindowTime() time.Duration { return seconds(r.Series.Window) }
