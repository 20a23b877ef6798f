package des

import "slices"

// Line holds events that all lie one constant delay ahead of the time at which
// they were scheduled: they fire in the order in which they were set, so a ring
// is enough and only its head needs a place in the pending-event set.
//
// The zero value is an empty line.
type Line struct {
	ring []Event // length is a power of two
	head uint32
	n    uint32
}

// Clone is a copy that shares nothing.
func (l *Line) Clone() Line {
	c := *l
	c.ring = slices.Clone(l.ring)
	return c
}

// Len is the number of waiting events.
func (l *Line) Len() int { return int(l.n) }

// Push appends e; its time must not be before that of the last one. It reports
// whether e is now the head.
func (l *Line) Push(e Event) bool {
	if int(l.n) == len(l.ring) {
		l.grow()
	}
	l.ring[(l.head+l.n)&uint32(len(l.ring)-1)] = e
	l.n++
	return l.n == 1
}

// Head returns the first event; the line must not be empty.
func (l *Line) Head() Event { return l.ring[l.head] }

// Pop removes and returns the first event; the line must not be empty.
func (l *Line) Pop() Event {
	e := l.ring[l.head]
	l.head = (l.head + 1) & uint32(len(l.ring)-1)
	l.n--
	return e
}

// Each calls do with every waiting event, in order.
func (l *Line) Each(do func(Event)) {
	for k := range l.n {
		do(l.ring[(l.head+k)&uint32(len(l.ring)-1)])
	}
}

func (l *Line) grow() {
	ring := make([]Event, max(16, 2*len(l.ring)))
	for i := range l.n {
		ring[i] = l.ring[(l.head+i)&uint32(len(l.ring)-1)]
	}
	l.ring, l.head = ring, 0
}
