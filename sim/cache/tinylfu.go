package cache

import "math"

// tinyLFU is W-TinyLFU (Einziger, Friedman & Manes, "TinyLFU: A Highly Efficient Cache
// Admission Policy", ACM Transactions on Storage 13(4), 2017) with the proportions of
// Caffeine (its wiki, Efficiency): new entries live in a window, an LRU of 1% of the
// capacity. What falls out of the window is on probation in the main part, a segmented
// LRU of which up to 80% are protected, having been used since. If that makes one
// entry too many, the one just fallen out and the least recently used on probation are
// compared by how often they were asked for lately, which a sketch estimates, and the
// rarer goes.
//
//	new ─▶ window ─▶ probation ⇄ protected
//	         1%         │ used: up; squeezed out of 80%: down
//	                    ▼ rarer of two: evicted
//
// Left out are Caffeine's adaptation of the window's size and the doorkeeper.
type tinyLFU struct {
	segments [3]list
	bounds   [3]int // of window and protected
	sketch   sketch
}

const (
	window = iota
	probation
	protected
)

func (t *tinyLFU) enter(entries []entry, id uint32) { t.put(entries, id, window) }

func (t *tinyLFU) put(entries []entry, id, segment uint32) {
	entries[id].part = segment
	t.segments[segment].push(entries, id)
}

func (t *tinyLFU) leave(entries []entry, id uint32) {
	t.segments[entries[id].part].drop(entries, id)
}

func (t *tinyLFU) touch(entries []entry, id uint32) {
	segment := entries[id].part
	t.leave(entries, id)
	if segment == probation {
		segment = protected
	}
	t.put(entries, id, segment)
	t.squeeze(entries, protected)
}

// squeeze what is too much of a segment onto probation.
func (t *tinyLFU) squeeze(entries []entry, segment uint32) {
	for l := &t.segments[segment]; l.n > t.bounds[segment]; {
		id := l.last
		t.leave(entries, id)
		t.put(entries, id, probation)
	}
}

// admit what falls out of the window, or do not. At most one goes.
func (n *Node) admit(random uint64) {
	t := &n.tiny
	fell := t.segments[window].n > t.bounds[window]
	t.squeeze(n.entries, window)
	if n.capacity == 0 || n.n <= n.capacity {
		return
	}
	candidate, victim := t.segments[probation].first, t.segments[probation].last
	// If none fell, the main part has more than its share since the capacity shrank.
	if !fell || t.admits(n.keys[candidate], n.keys[victim], random) {
		n.remove(victim)
	} else {
		n.remove(candidate)
	}
}

// admits reports whether the candidate takes the victim's place. A warm candidate
// (Caffeine: estimated at 6 or more) that does not win is let in once in 128 times, so
// that no victim stays for having been overestimated once.
func (t *tinyLFU) admits(candidate, victim uint32, random uint64) bool {
	c, v := t.sketch.count(candidate), t.sketch.count(victim)
	return c > v || c > 5 && random>>57 == 0
}

// resizeTiny gives the segments their shares of the capacity and evicts down to it.
func (n *Node) resizeTiny() {
	t := &n.tiny
	if n.capacity == 0 {
		t.bounds = [3]int{window: math.MaxInt, protected: math.MaxInt}
		t.sketch = sketch{}
		return
	}
	small := max(1, n.capacity/100)
	t.bounds = [3]int{window: small, protected: (n.capacity - small) * 4 / 5}
	t.sketch = newSketch(n.capacity)
	t.squeeze(n.entries, protected)
	t.squeeze(n.entries, window)
	for n.n > n.capacity {
		// Probation has more than a fifth of all in the main part.
		n.remove(t.segments[probation].last)
	}
}

func (t *tinyLFU) clear() {
	t.segments = [3]list{}
	t.sketch.clear()
}
