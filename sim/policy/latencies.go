package policy

import (
	"math"
	"slices"
)

// recently is how many of the last answers Latencies looks at. The share of
// requests that a p95 over 200 hedges is 5% ± 1.5 points, and as soon as eleven of
// the last 200 answers are slow it moves: a backend that has become slow as a
// whole is soon no longer hedged against.
const recently = 200

// enough answers to speak of a quantile at all; p95 needs 20 for one beyond it.
const enough = 20

// Latencies are those of a caller's last 200 answers, for hedging after an observed
// quantile (Dean and Barroso, "The Tail at Scale", CACM 56(2) 2013, take the 95th
// percentile). The quantile is exact over them. They are counted rather than timed,
// so that a rare caller too knows its quantile. To the microsecond, up to an hour.
//
// What to add: the first attempt's time to its answer, or to the moment it was
// given up, be it by timeout or because a hedge was faster. Such a time is too
// short, but lies beyond the quantile as the true one would. The zero value has
// seen none.
type Latencies struct {
	inTurn [recently]uint32 // us, a ring
	sorted [recently]uint32 // us
	n      int32            // how many there are
	next   int32            // place in the ring
}

// Add the latency of an answer, in ns.
func (l *Latencies) Add(latency int64) {
	us := uint32(min(latency/1000, math.MaxUint32))
	free := int(l.n)
	if free == recently {
		free, _ = slices.BinarySearch(l.sorted[:], l.inTurn[l.next])
	} else {
		l.n++
	}
	l.inTurn[l.next] = us
	if l.next++; l.next == recently {
		l.next = 0
	}
	// The place that became free moves to where the new one belongs.
	for ; free > 0 && l.sorted[free-1] > us; free-- {
		l.sorted[free] = l.sorted[free-1]
	}
	for ; free+1 < int(l.n) && l.sorted[free+1] < us; free++ {
		l.sorted[free] = l.sorted[free+1]
	}
	l.sorted[free] = us
}

// Percentile of the latencies, in ns (1 to 99, by nearest rank), or that it is not
// known yet: at least 20 are needed, and one beyond it.
func (l *Latencies) Percentile(percent int) (latency int64, known bool) {
	n := int(l.n)
	if n < enough || n*(100-percent) < 100 {
		return 0, false
	}
	return 1000 * int64(l.sorted[(n*percent+99)/100-1]), true
}
