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

// Event is an entry of the pending-event set, 16 bytes of plain values.
type Event struct {
	At Time
	// Order of events at equal times, and what happens: a sequence number in the
	// upper 34 bits, an ID in the words of the user of this package in the lower.
	// Sequence numbers wrap after 1.7·10^10 events; two events at one time on
	// both sides of a wrap are played the wrong way round.
	Order uint64
}

const idBits = 30

// MaxID is the largest ID.
const MaxID = 1<<idBits - 1

// NewEvent makes an entry.
func NewEvent(at Time, seq uint64, id uint32) Event {
	return Event{at, seq<<idBits | uint64(id)}
}

// ID of the event.
func (e Event) ID() uint32 { return uint32(e.Order & MaxID) }

// WithID is the same event under another ID.
func (e Event) WithID(id uint32) Event {
	e.Order = e.Order&^uint64(MaxID) | uint64(id)
	return e
}

// Before is the total order of events: time, then sequence.
func (e Event) Before(o Event) bool {
	return e.At < o.At || e.At == o.At && e.Order < o.Order
}
