package cache

import "slices"

// Clone is a copy that shares nothing.
func (n *Node) Clone() *Node {
	c := *n
	c.table = n.clone()
	c.entries = slices.Clone(n.entries)
	c.counts.buckets = slices.Clone(n.counts.buckets)
	c.tiny.sketch.words = slices.Clone(n.tiny.sketch.words)
	return &c
}

// Clone is a copy that shares nothing.
func (f *Flights) Clone() Flights {
	c := *f
	c.table = f.clone()
	c.flights, c.waiters = slices.Clone(f.flights), slices.Clone(f.waiters)
	return c
}

func (t *table) clone() table {
	c := *t
	c.slots, c.keys = slices.Clone(t.slots), slices.Clone(t.keys)
	return c
}
