package policy

// buckets is how finely a window slides: as Hystrix's rolling statistics, ten
// parts of which the oldest falls out as a whole (its configuration manual,
// metrics.rollingStats.numBuckets). So a window of 10 s covers the last 9 to 10 s.
const buckets = 10

// window counts two kinds of things over a sliding window of time, in constant
// memory and time: a ring of parts and their running sums (as the time-based
// windows of resilience4j). The zero value is empty.
type window struct {
	parts [buckets]pair
	sum   pair
	from  int64  // where the newest part begins, a multiple of its width
	width uint64 // of a part; 0 at first
	place int32  // of the newest part in the ring
}

type pair struct{ a, b int32 }

func (p pair) plus(q pair) pair  { return pair{p.a + q.a, p.b + q.b} }
func (p pair) minus(q pair) pair { return pair{p.a - q.a, p.b - q.b} }

// add counts at now, with a window of the given length (both in ns).
func (w *window) add(length, now int64, p pair) {
	if uint64(now-w.from) >= w.width { // rarely
		w.move(length, now)
	}
	part := &w.parts[w.place]
	*part = part.plus(p)
	w.sum = w.sum.plus(p)
}

// slide drops what is older than the window; sum then holds what is within.
func (w *window) slide(length, now int64) {
	if uint64(now-w.from) >= w.width {
		w.move(length, now)
	}
}

// move makes the part of now the newest.
func (w *window) move(length, now int64) {
	width := max(1, length/buckets)
	from := floorDiv(now, width) * width
	steps := (from - w.from) / width
	if w.sum == (pair{}) || steps >= buckets {
		*w = window{from: from, width: uint64(width)}
		return
	}
	for range steps {
		if w.place++; w.place == buckets {
			w.place = 0
		}
		oldest := &w.parts[w.place]
		w.sum = w.sum.minus(*oldest)
		*oldest = pair{}
	}
	w.from = from
}

// floorDiv rounds down: the warm-up has negative times.
func floorDiv(a, b int64) int64 {
	q := a / b
	if q*b > a {
		q--
	}
	return q
}
