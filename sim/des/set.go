package des

import (
	"math/bits"
	"slices"
)

// Set is the pending-event set: a tournament. Every pending event has a leaf; an
// inner node holds the earlier of its two children; the root is the next event.
// A change plays the matches from its leaf up, without a branch: what comes
// first no predictor could guess.
//
// Take leaves the leaf of the taken event open, and the next Push uses it: an
// event that schedules its successor, the usual case, costs one way up. A heap
// walks down and needs twice the comparisons.
//
//	root          root
//	inner      2        3
//	leaves   4   5    6   7        nodes[leaves:2*leaves]
//
// Make one with NewSet.
type Set struct {
	nodes  []node // nodes[0] and nodes[1] are not used: the root is beside
	root   node
	leaves uint64 // how many there are: an even number
	free   uint64 // head of the list of free leaves; 0 = none
	open   uint64 // leaf of the taken event; 0 = none
	n      int
}

// node is an event in an order in which both words compare as unsigned numbers.
// The lower bits of order are the ID in a leaf and the winner's leaf in an inner
// node; in a free leaf they are the next free one.
type node struct {
	when  uint64 // the time with its sign bit flipped
	order uint64
}

const sign = 1 << 63

// vacant is later than every event.
func vacant(next uint64) node { return node{^uint64(0), ^uint64(MaxID) | next} }

// NewSet is an empty set.
func NewSet() Set {
	var s Set
	s.grow()
	return s
}

// Clone is a copy that shares nothing.
func (s *Set) Clone() Set {
	c := *s
	c.nodes = slices.Clone(s.nodes)
	return c
}

// Len is the number of pending events.
func (s *Set) Len() int { return s.n }

// Push adds e.
func (s *Set) Push(e Event) {
	s.n++
	leaf := s.open
	s.open = 0
	if leaf == 0 {
		if s.free == 0 {
			s.grow()
		}
		leaf = s.free
		s.free = s.nodes[leaf].order & MaxID
	}
	s.play(leaf, node{uint64(e.At) ^ sign, e.Order})
}

// Min returns the time and order of the first event; At is Never if there is
// none. The ID is not in it: Take tells.
func (s *Set) Min() Event {
	if s.open != 0 {
		s.close()
	}
	return Event{Time(s.root.when ^ sign), s.root.order}
}

// Take removes the first event, which must exist (call Min before), and returns
// its ID.
func (s *Set) Take() (id uint32) {
	s.open = s.root.order & MaxID
	s.n--
	return uint32(s.nodes[s.open].order & MaxID)
}

// Each calls do with every pending event, in no particular order.
func (s *Set) Each(do func(Event)) {
	for i, e := range s.nodes[s.leaves:] {
		if leaf := s.leaves + uint64(i); leaf != s.open && e.when != ^uint64(0) {
			do(Event{Time(e.when ^ sign), e.order})
		}
	}
}

// close frees the open leaf.
func (s *Set) close() {
	leaf := s.open
	s.open = 0
	s.play(leaf, vacant(s.free))
	s.free = leaf
}

// play puts an event into a leaf and plays the matches above.
func (s *Set) play(leaf uint64, e node) {
	t := s.nodes
	t[leaf] = e
	when, order := e.when, e.order&^MaxID|leaf
	other := t[leaf^1]
	other.order = other.order&^MaxID | leaf ^ 1
	for i := leaf >> 1; ; i >>= 1 {
		// A 128-bit subtraction tells who is earlier; its borrow becomes a mask.
		_, borrow := bits.Sub64(other.order, order, 0)
		_, borrow = bits.Sub64(other.when, when, borrow)
		when ^= (when ^ other.when) & -borrow
		order ^= (order ^ other.order) & -borrow
		if i <= 1 {
			s.root = node{when, order}
			return
		}
		t[i] = node{when, order}
		other = t[i^1]
	}
}

// grow makes room: twice as much at first, a sixteenth more when it is large.
func (s *Set) grow() {
	old := s.nodes[s.leaves:]
	s.leaves = max(4, s.leaves+min(s.leaves, max(4096, s.leaves/16)))
	s.leaves &^= 1
	s.nodes = make([]node, 2*s.leaves)
	copy(s.nodes[s.leaves:], old)
	for i := 2*s.leaves - 1; i >= s.leaves+uint64(len(old)); i-- {
		s.nodes[i] = vacant(s.free)
		s.free = i
	}
	for i := s.leaves - 1; i >= 1; i-- {
		s.nodes[i] = earlier(s.entry(2*i), s.entry(2*i+1))
	}
	s.root = s.nodes[1]
}

// entry of a node in the matches: of a leaf, with itself in the place of the ID.
func (s *Set) entry(i uint64) node {
	e := s.nodes[i]
	if i >= s.leaves {
		e.order = e.order&^MaxID | i
	}
	return e
}

func earlier(a, b node) node {
	if b.when < a.when || b.when == a.when && b.order < a.order {
		return b
	}
	return a
}
