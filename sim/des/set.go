package des

import "math/bits"

// Set is the pending-event set: a tournament of four. Every pending event has a
// leaf; an inner node holds the earliest of its four children; the root is the
// next event. A change plays the matches from its leaf up, each without a branch
// (what comes first no predictor could guess) and within one cache line.
//
// Take leaves the leaf of the taken event open, and the next Push uses it: an
// event that schedules its successor, the usual case, costs one way up. A heap
// walks down and needs twice the comparisons.
//
// The zero value is an empty set.
type Set struct {
	nodes []node   // from root on; the leaves are the last ones
	ids   []uint32 // of the leaves: the event's ID, or the next free leaf
	first int      // index of the first leaf
	free  uint32   // head of the list of free leaves; 0 = none
	open  uint32   // leaf of the taken event; 0 = none
	n     int
}

// node is an event in an order in which both words compare as unsigned numbers.
// The lower bits of order are the leaf.
type node struct {
	when  uint64 // the time with its sign bit flipped
	order uint64
}

const (
	// rootNode makes groups of four children, which are 4(i−2) to 4(i−2)+3 for
	// node i, start at multiples of four.
	rootNode = 3
	sign     = 1 << 63
)

// nothing is later than every event.
func nothing() node { return node{^uint64(0), ^uint64(0)} }

// less is 1 if (aw, ao) comes before (bw, bo), else 0: a 128-bit subtraction.
func less(aw, ao, bw, bo uint64) uint64 {
	_, borrow := bits.Sub64(ao, bo, 0)
	_, borrow = bits.Sub64(aw, bw, borrow)
	return borrow
}

// earlier of two nodes.
func earlier(a, b node) node {
	m := -less(b.when, b.order, a.when, a.order)
	a.when ^= (a.when ^ b.when) & m
	a.order ^= (a.order ^ b.order) & m
	return a
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
		s.free = s.ids[int(leaf)-s.first]
	}
	s.ids[int(leaf)-s.first] = e.ID()
	s.play(int(leaf), node{uint64(e.At) ^ sign, e.Order&^uint64(MaxID) | uint64(leaf)})
}

// Min returns the time and order of the first event; At is Never if there is
// none. The ID is not in it: Take tells.
func (s *Set) Min() Event {
	if s.open != 0 {
		s.close()
	}
	if s.n == 0 {
		return Event{Never, ^uint64(0)}
	}
	r := &s.nodes[rootNode]
	return Event{Time(r.when ^ sign), r.order}
}

// Take removes the first event, which must exist (call Min before), and returns
// its ID.
func (s *Set) Take() (id uint32) {
	s.open = uint32(s.nodes[rootNode].order & MaxID)
	s.n--
	return s.ids[int(s.open)-s.first]
}

// close frees the open leaf.
func (s *Set) close() {
	leaf := s.open
	s.open = 0
	s.ids[int(leaf)-s.first] = s.free
	s.free = leaf
	s.play(int(leaf), nothing())
}

// play puts e at a node and plays the matches above.
func (s *Set) play(i int, e node) {
	t := s.nodes
	for i > rootNode {
		t[i] = e
		e = earlier(earlier(e, t[i^1]), earlier(t[i^2], t[i^3]))
		i = i/4 + 2
		if t[i].order == e.order {
			return // the winner is who it was
		}
	}
	t[rootNode] = e
}

// grow makes room for more leaves. All leaves move.
func (s *Set) grow() {
	leaves := s.nodes[min(s.first, len(s.nodes)):]
	inner := max(5, s.n/3+s.n/24+1) // each adds three leaves; an eighth more than there are
	total := rootNode + 1 + 4*inner
	first := rootNode + inner
	nodes := make([]node, total)
	for i := range nodes {
		nodes[i] = nothing()
	}
	ids := make([]uint32, total-first)
	for k, e := range leaves {
		nodes[first+k] = node{e.when, e.order&^uint64(MaxID) | uint64(first+k)}
		ids[k] = s.ids[k]
	}
	s.free = 0
	for k := len(ids) - 1; k >= len(leaves); k-- {
		ids[k] = s.free
		s.free = uint32(first + k)
	}
	s.nodes, s.ids, s.first = nodes, ids, first
	for i := first - 1; i >= rootNode; i-- {
		c := nodes[4*(i-2):][:4]
		nodes[i] = earlier(earlier(c[0], c[1]), earlier(c[2], c[3]))
	}
}
