package des

// Heap is the pending-event set: a 4-ary heap. The four children of a node
// share a cache line or two.
//
// Take leaves a hole at the root which the next Push fills: an event that
// schedules its successor (the usual case) costs one walk instead of two.
//
// The zero value is an empty set.
type Heap struct {
	events []Event
	hole   bool // events[0] has been taken
}

// Len is the number of pending events.
func (h *Heap) Len() int {
	if h.hole {
		return len(h.events) - 1
	}
	return len(h.events)
}

// Push adds e.
func (h *Heap) Push(e Event) {
	if h.hole {
		h.hole = false
		h.down(e)
		return
	}
	h.events = append(h.events, e)
	s := h.events
	i := len(s) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if !e.Before(s[parent]) {
			break
		}
		s[i] = s[parent]
		i = parent
	}
	s[i] = e
}

// Min returns the first event without removing it; At is Never if there is none.
func (h *Heap) Min() Event {
	if h.hole {
		h.fill()
	}
	if len(h.events) == 0 {
		return Event{At: Never}
	}
	return h.events[0]
}

// Take removes the first event, which must exist: call Min before.
func (h *Heap) Take() { h.hole = true }

// fill closes the hole with the last leaf.
func (h *Heap) fill() {
	h.hole = false
	last := len(h.events) - 1
	e := h.events[last]
	h.events = h.events[:last]
	if last > 0 {
		h.down(e)
	}
}

// down places e, starting at the root, whose entry is free.
func (h *Heap) down(e Event) {
	s := h.events
	n := len(s)
	i := 0
	for {
		c := 4*i + 1
		if c >= n {
			break
		}
		first := c
		end := min(c+4, n)
		for k := c + 1; k < end; k++ {
			if s[k].Before(s[first]) {
				first = k
			}
		}
		if !s[first].Before(e) {
			break
		}
		s[i] = s[first]
		i = first
	}
	s[i] = e
}
