package policy

// Backlog knows since when a queue has not been empty. A queue that empties now and
// then takes up bursts; one that has not for a whole interval only makes everybody
// wait (Nichols and Jacobson, "Controlling Queue Delay", ACM Queue 10(5) 2012: the
// standing queue). All times in ns; the zero value belongs to an empty queue.
type Backlog struct{ since int64 }

// Enqueue tells that a request joins the queue, in which so many were waiting.
func (b *Backlog) Enqueue(now int64, waiting int) {
	if waiting == 0 {
		b.since = now
	}
}

// Standing says of a queue with requests waiting whether it has not been empty
// for an interval.
func (b *Backlog) Standing(now, interval int64) bool { return now-b.since >= interval }

// lifoAfter is the N of 100 ms of the source below.
const lifoAfter = 100_000_000

// NewestFirst is adaptive LIFO's decision which end of the queue is served next:
// the oldest while the queue is short-lived, the newest while it stands, for the
// oldest's callers are about to give up (Maurer, "Fail at Scale", ACM Queue 13(8)
// 2015, "Adaptive LIFO", with the same sign of a standing queue as its CoDel).
func (b *Backlog) NewestFirst(now int64) bool { return b.Standing(now, lifoAfter) }
