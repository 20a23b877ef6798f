package des

import "math/bits"

// Heap is the pending-event set: a 4-ary heap of 16-byte entries.
//
// Three things make it quick. The four children of a node share a cache line.
// The least of them is found without branches, which no predictor could guess.
// And Take leaves a hole at the root which the next Push fills: an event that
// schedules its successor (the usual case) costs one walk instead of two.
//
// The zero value is an empty set.
type Heap struct {
	// nodes[root:root+n] are the events; behind them, at least up to the end of
	// the last group of four, lie sentinels that are later than every event.
	nodes []Event
	n     int
	hole  bool // the root has been taken
}

// root is the index of the root; the children of i are 4(i−2) to 4(i−2)+3, a
// cache line of their own.
const root = 3

func sentinel() Event { return Event{At: Never, Order: ^uint64(0)} }

// less is 1 if a comes before b, else 0: a 128-bit subtraction. Times may be
// negative: flipping the sign bit keeps their order.
func less(a, b Event) uint64 {
	const sign = 1 << 63
	_, borrow := bits.Sub64(a.Order, b.Order, 0)
	_, borrow = bits.Sub64(uint64(a.At)^sign, uint64(b.At)^sign, borrow)
	return borrow
}

// Len is the number of pending events.
func (h *Heap) Len() int {
	if h.hole {
		return h.n - 1
	}
	return h.n
}

// Push adds e.
func (h *Heap) Push(e Event) {
	if h.hole {
		h.hole = false
		h.down(e)
		return
	}
	i := root + h.n
	h.n++
	if i+4 >= len(h.nodes) {
		h.grow()
	}
	s := h.nodes
	for i > root {
		parent := i/4 + 2
		if less(e, s[parent]) == 0 {
			break
		}
		s[i] = s[parent]
		i = parent
	}
	s[i] = e
}

func (h *Heap) grow() {
	more := max(64, len(h.nodes))
	for range more {
		h.nodes = append(h.nodes, sentinel())
	}
}

// Min returns the first event without removing it; At is Never if there is none.
func (h *Heap) Min() Event {
	if h.hole {
		h.fill()
	}
	if h.n == 0 {
		return sentinel()
	}
	return h.nodes[root]
}

// Take removes the first event, which must exist: call Min before.
func (h *Heap) Take() { h.hole = true }

// fill closes the hole with the last leaf.
func (h *Heap) fill() {
	h.hole = false
	h.n--
	last := root + h.n
	e := h.nodes[last]
	h.nodes[last] = sentinel()
	if h.n > 0 {
		h.down(e)
	}
}

// down places e, starting at the root, whose entry is free.
func (h *Heap) down(e Event) {
	s := h.nodes
	i, end := root, root+h.n
	for {
		c := 4 * (i - 2)
		if c >= end {
			break
		}
		four := s[c : c+4 : c+4]
		a := less(four[1], four[0])
		b := 2 + less(four[3], four[2])
		k := a ^ (a^b)&-less(four[b&3], four[a&3])
		child := four[k&3]
		if less(child, e) == 0 {
			break
		}
		s[i] = child
		i = c + int(k)
	}
	s[i] = e
}
