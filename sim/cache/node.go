package cache

import "github.com/silverback-sim/silverback/sim/des"

// Node is one instance of a cache: which keys it holds, since when, and in which
// version. Make one with NewNode; to start it again cold, Flush it. An entry takes 24
// bytes, its key 4 and its places in the table 5 to 11 (and 2 to 4 of TinyLFU's
// sketch); the memory grows with the entries and is kept.
type Node struct {
	rule     Rule
	capacity int // 0: unlimited
	table
	entries []entry // by id; the first is nobody
	free    uint32  // ids to use again, linked by next
	uses    list    // LRU, FIFO: from the newest to the oldest
	counts  counts  // LFU
	tiny    tinyLFU
}

type entry struct {
	stored     int64 // when, or when last refreshed
	prev, next uint32
	part       uint32 // LFU: its count's place; TinyLFU: its segment; unused: a free one
	version    uint32
}

const unused = ^uint32(0)

// NewNode returns an empty one.
func NewNode(rule Rule) *Node {
	n := &Node{rule: rule, entries: make([]entry, 1)}
	n.Resize(rule.Capacity, 0)
	return n
}

// Len is the number of entries, those expired but not met since included.
func (n *Node) Len() int { return n.n }

// Capacity in entries; 0 is unlimited.
func (n *Node) Capacity() int { return n.capacity }

// Get asks for a key, which counts as a use if it is a hit. The version is that of the
// entry, also of an expired one. An entry that is Expired is dropped unless Stale may
// still find it.
func (n *Node) Get(now int64, key uint32) (version uint32, what Outcome) {
	if n.rule.Eviction == TinyLFU {
		n.tiny.sketch.add(key)
	}
	id := n.find(key)
	if id == 0 {
		return 0, Miss
	}
	e := &n.entries[id]
	version = e.version
	if !n.fresh(e, now) {
		if now-e.stored > n.rule.StaleFor {
			n.remove(id)
		}
		return version, Expired
	}
	if n.rule.Refresh {
		e.stored = now
	}
	n.touch(id)
	return version, Hit
}

func (n *Node) fresh(e *entry, now int64) bool { return n.rule.TTL == 0 || now-e.stored < n.rule.TTL }

// Stale tells whether there is an answer for want of a better one: an entry not older
// than StaleFor, or a fresh one that came meanwhile. It is not a use.
func (n *Node) Stale(now int64, key uint32) (version uint32, ok bool) {
	id := n.find(key)
	if id == 0 {
		return 0, false
	}
	e := &n.entries[id]
	return e.version, n.fresh(e, now) || now-e.stored <= n.rule.StaleFor
}

// Put stores a version of a key; its TTL starts now. A fresh entry is renewed, which is
// a use; an expired one is replaced by a new one. It reports whether another entry, or
// with TinyLFU perhaps this one, was evicted for it. Random and TinyLFU use the random
// word.
func (n *Node) Put(now int64, key, version uint32, random uint64) (evicted bool) {
	if id := n.find(key); id != 0 {
		if e := &n.entries[id]; n.fresh(e, now) {
			e.stored, e.version = now, version
			n.touch(id)
			return false
		}
		n.remove(id)
	}
	before := n.n
	if n.rule.Eviction != TinyLFU && n.full() {
		n.remove(n.victim(random))
	}
	id := n.take()
	n.insert(key, id)
	n.entries[id] = entry{stored: now, version: version}
	n.enter(id)
	if n.rule.Eviction == TinyLFU {
		n.admit(random)
	}
	return n.n == before
}

// Add is Put unless a fresh entry is there, of which it changes nothing: of several
// fetches of one key the first decides when it expires. (The add of memcached.)
func (n *Node) Add(now int64, key, version uint32, random uint64) (evicted bool) {
	if id := n.find(key); id != 0 && n.fresh(&n.entries[id], now) {
		return false
	}
	return n.Put(now, key, version, random)
}

// Delete invalidates a key and reports whether it was there, fresh or not.
func (n *Node) Delete(key uint32) bool {
	id := n.find(key)
	if id != 0 {
		n.remove(id)
	}
	return id != 0
}

// Flush forgets everything, what TinyLFU has learned included.
func (n *Node) Flush() {
	n.clear()
	n.entries = n.entries[:1]
	n.free = 0
	n.uses = list{}
	n.counts.clear()
	n.tiny.clear()
}

// FlushShare forgets a share (0 to 1) of the keys and returns how many. Which, is a
// matter of the key and the purpose alone: the same on every node, and of two shares
// with the same purpose the larger has all keys of the smaller.
func (n *Node) FlushShare(share float64, purpose uint64) (flushed int) {
	for id := uint32(len(n.entries)) - 1; id > 0; id-- { // backwards: Random moves the last
		if n.entries[id].part == unused {
			continue
		}
		if float64(Scatter(n.keys[id], purpose)>>11)*(1.0/(1<<53)) < share {
			n.remove(id)
			flushed++
		}
	}
	return flushed
}

// Resize changes the capacity (0 is unlimited) and returns how many entries were
// evicted for it. TinyLFU forgets what it has learned of popularities.
func (n *Node) Resize(capacity int, random uint64) (evicted int) {
	n.capacity = capacity
	before := n.n
	if n.rule.Eviction == TinyLFU {
		n.resizeTiny()
		return before - n.n
	}
	for r := des.From(random, 0); n.capacity > 0 && n.n > n.capacity; {
		n.remove(n.victim(r.Uint64()))
	}
	return before - n.n
}

func (n *Node) full() bool { return n.capacity > 0 && n.n >= n.capacity }

// take an id that is not in use.
func (n *Node) take() uint32 {
	if id := n.free; id != 0 {
		n.free = n.entries[id].next
		return id
	}
	n.entries = append(n.entries, entry{})
	return uint32(len(n.entries) - 1)
}

// remove an entry.
func (n *Node) remove(id uint32) {
	n.leave(id)
	n.table.remove(id)
	if n.rule.Eviction != Random {
		n.entries[id] = entry{part: unused, next: n.free}
		n.free = id
		return
	}
	// Any entry is drawn from 1..n: the last moves into the gap.
	last := uint32(len(n.entries) - 1)
	if id != last {
		n.rename(last, id)
		n.entries[id] = n.entries[last]
	}
	n.entries = n.entries[:last]
}
