package policy

// buckets is how finely a window slides: as Hystrix's rolling statistics, ten
// parts of which the oldest falls out as a whole (its configuration manual,
// metrics.rollingStats.numBuckets). So a window of 10 s covers the last 9 to 10 s.
const buckets = 10

// window counts two kinds of things over a sliding window of time, in constant
// memory and time: a ring of parts and their running sums (as the time-based
// windows of resilience4j). The zero value is empty.
type window struct {
	parts  [buckets]pair
	sum    pair
	newest int64 // which part of all time is counted into now
}

type pair struct{ a, b int32 }

func (p pair) plus(q pair) pair  { return pair{p.a + q.a, p.b + q.b} }
func (p pair) minus(q pair) pair { return pair{p.a - q.a, p.b - q.b} }

// add counts at now, with a window of the given length (both in ns).
func (w *window) add(length, now int64, p pair) {
	part := w.slide(length, now)
	*part = part.plus(p)
	w.sum = w.sum.plus(p)
}

// slide drops what is older than the window; sum then holds what is within. It
// returns the newest part.
func (w *window) slide(length, now int64) *pair {
	width := max(1, length/buckets)
	newest := floorDiv(now, width)
	if w.sum == (pair{}) || newest-w.newest >= buckets {
		*w = window{newest: newest}
	}
	for w.newest < newest {
		w.newest++
		oldest := &w.parts[ringIndex(w.newest)]
		w.sum = w.sum.minus(*oldest)
		*oldest = pair{}
	}
	return &w.parts[ringIndex(newest)]
}

func ringIndex(part int64) int64 { return part - floorDiv(part, buckets)*buckets }

// floorDiv rounds down: the warm-up has negative times.
func floorDiv(a, b int64) int64 {
	q := a / b
	if q*b > a {
		q--
	}
	return q
}
