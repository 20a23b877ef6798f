package sim

import (
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
)

// batches cuts a run into stretches (see trace.Run.Batches).
type batches struct {
	windows int // in one
	starts  []time.Duration
	from    des.Time // of the present one
}

// partOf is the part of a run to which a meter's phase belongs: the warm-up,
// before the faults, the faults, or the recovery.
func partOf(phase uint8) uint8 {
	if phase == 1+uint8(trace.Detected) {
		return 1 + uint8(trace.Undetected)
	}
	return phase
}

// endBatch notes what happened since the last edge of batches, unless nothing
// can have or it was the warm-up. What was counted must have been settled.
func (w *World) endBatch() {
	b := &w.meter.batches
	some := w.now > b.from
	if some {
		b.starts = append(b.starts, time.Duration(b.from))
	}
	b.from = max(0, w.now)
	for k := range w.services {
		s := &w.services[k]
		o := since(s.out[:], &s.noted)
		o.Latency = taken(&s.sojourn.batch, some)
		if some {
			s.record.Batches = append(s.record.Batches, trace.ComponentBatch{Outcomes: o, Use: s.batchUse})
		}
		s.batchUse = trace.Use{}
	}
	for k := range w.traffic {
		c := &w.traffic[k]
		o := since(c.out[:], &c.noted)
		o.Latency = taken(&c.latency.batch, some)
		if some {
			c.record.Batches = append(c.record.Batches, o)
		}
	}
}

// since is what was counted, in any phase, beyond what was noted before; it is
// noted now.
func since(out []*trace.Outcomes, noted *trace.Outcomes) trace.Outcomes {
	var all trace.Outcomes
	for _, o := range out {
		all.AddCounts(o)
	}
	fresh := all
	fresh.Requests -= noted.Requests
	fresh.Attempts -= noted.Attempts
	fresh.OK -= noted.OK
	fresh.Degraded -= noted.Degraded
	for i := range fresh.Failed {
		fresh.Failed[i] -= noted.Failed[i]
	}
	*noted = all
	return fresh
}

// taken is h, if it is kept; h is empty then.
func taken(h *trace.Histogram, keep bool) trace.Histogram {
	if !keep {
		h.Reset()
		return trace.Histogram{}
	}
	kept := *h
	*h = trace.Histogram{}
	return kept
}
