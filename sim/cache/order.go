package cache

import "math/bits"

// What every eviction order does when an entry comes, is used and goes, and whom it
// gives up.

func (n *Node) enter(id uint32) {
	switch n.rule.Eviction {
	case LRU, FIFO:
		n.uses.push(n.entries, id)
	case LFU:
		n.counts.enter(n.entries, id)
	case TinyLFU:
		n.tiny.enter(n.entries, id)
	case Random:
	}
}

func (n *Node) touch(id uint32) {
	switch n.rule.Eviction {
	case LRU:
		if n.uses.first != id {
			n.uses.drop(n.entries, id)
			n.uses.push(n.entries, id)
		}
	case LFU:
		n.counts.touch(n.entries, id)
	case TinyLFU:
		n.tiny.touch(n.entries, id)
	case FIFO, Random:
	}
}

func (n *Node) leave(id uint32) {
	switch n.rule.Eviction {
	case LRU, FIFO:
		n.uses.drop(n.entries, id)
	case LFU:
		n.counts.leave(n.entries, id)
	case TinyLFU:
		n.tiny.leave(n.entries, id)
	case Random:
	}
}

// victim of all but TinyLFU; there is an entry.
func (n *Node) victim(random uint64) uint32 {
	switch n.rule.Eviction {
	case LFU:
		return n.counts.buckets[n.counts.least].last
	case Random:
		draw, _ := bits.Mul64(random, uint64(n.n))
		return uint32(draw) + 1
	default:
		return n.uses.last
	}
}

// list goes through the entries' links from the first (newest) to the last.
type list struct {
	first, last uint32
	n           int
}

func (l *list) push(entries []entry, id uint32) {
	e := &entries[id]
	e.prev, e.next = 0, l.first
	if l.first != 0 {
		entries[l.first].prev = id
	} else {
		l.last = id
	}
	l.first = id
	l.n++
}

func (l *list) drop(entries []entry, id uint32) {
	e := &entries[id]
	if e.prev != 0 {
		entries[e.prev].next = e.next
	} else {
		l.first = e.next
	}
	if e.next != 0 {
		entries[e.next].prev = e.prev
	} else {
		l.last = e.prev
	}
	l.n--
}
