// Package des holds the parts of a discrete-event simulation that know nothing
// of what is simulated: virtual time, the pending-event set, lines of constant
// delays, random numbers that belong to names rather than to an order of calls,
// and the sampling of delays.
//
// Time is an int64 in nanoseconds; it starts wherever the user says. There is
// no clock and no goroutine, and every float operation that a result depends on
// is rounded explicitly, so that the same inputs give the same bytes on every
// platform (the Go specification allows fused operations otherwise).
package des

// Time is virtual time in nanoseconds.
type Time = int64

// Never is later than every event.
const Never Time = 1<<63 - 1

// Event is an entry of the pending-event set, 16 bytes of plain values. ID says
// what happens, in the words of the user of this package.
type Event struct {
	At  Time
	Seq uint32 // equal times are played in the order of Seq
	ID  uint32
}

// Before is the total order of events: time, then sequence. Sequence numbers
// wrap; events at one and the same time must be scheduled within 2^31 of each
// other.
func (e Event) Before(o Event) bool {
	return e.At < o.At || e.At == o.At && int32(e.Seq-o.Seq) < 0
}
