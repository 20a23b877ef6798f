package sim

import (
	"math/bits"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
)

// tally is what the hot path writes of a histogram: one counter, one sum and
// one maximum per value. It is folded into a trace.Histogram at the edges of
// windows and phases.
type tally struct {
	counts  [trace.Buckets]uint32
	touched uint64 // one bit per octave of counts
	sum     uint64 // ns
	max     des.Time
}

// octave groups the buckets so that one word tells which groups are touched.
const octave = 64

func (t *tally) record(d des.Time) {
	i := trace.Bucket(d)
	t.counts[i]++
	t.touched |= 1 << (uint(i) / octave % 64)
	t.sum += uint64(d)
	t.max = max(t.max, d)
}

// moveTo adds everything to the histograms and empties t.
func (t *tally) moveTo(into ...*trace.Histogram) {
	if t.touched == 0 {
		return
	}
	lo := bits.TrailingZeros64(t.touched) * octave
	hi := bits.Len64(t.touched) * octave
	for _, h := range into {
		h.AddCounts(lo, t.counts[lo:hi], float64(t.sum), t.max)
	}
	clear(t.counts[lo:hi])
	t.touched, t.sum, t.max = 0, 0, 0
}

// latency collects durations that belong to two things: the phase in which a
// request began, and the window in which it ended. Nearly all requests end in
// the window and phase in which they began; those are counted once and sorted
// out at the edge.
type latency struct {
	now    tally           // began in the present window and phase
	window trace.Histogram // ended in this window, without those in now
	batch  trace.Histogram // and in this batch
}

// recordLate counts a duration of a request that began in an earlier window or
// phase, whose histogram is given.
func (l *latency) recordLate(d des.Time, phase *trace.Histogram) {
	phase.Record(d)
	l.window.Record(d)
	l.batch.Record(d)
}

// endPhase sorts out what began in the phase (or window) that ends.
func (l *latency) endPhase(phase *trace.Histogram) { l.now.moveTo(phase, &l.window, &l.batch) }
