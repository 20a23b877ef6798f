package cache

// counts is the order of LFU in constant time (Shah, Mitra & Matani, "An O(1)
// algorithm for implementing the LFU cache eviction scheme", 2010): a chain of
// buckets, one for each count that some entry has, each with its entries from the most
// to the least recently used.
type counts struct {
	buckets []bucket // the first is nobody
	least   uint32   // the bucket of the smallest count
	free    uint32   // buckets to use again, linked by next
}

type bucket struct {
	list
	count      uint64
	prev, next uint32
}

func (c *counts) enter(entries []entry, id uint32) {
	if c.least == 0 || c.buckets[c.least].count != 1 {
		c.least = c.put(1, 0, c.least)
	}
	c.buckets[c.least].push(entries, id)
	entries[id].part = c.least
}

func (c *counts) touch(entries []entry, id uint32) {
	at := entries[id].part
	b := &c.buckets[at]
	count, next := b.count+1, b.next
	followed := next != 0 && c.buckets[next].count == count
	if b.n == 1 && !followed {
		b.count = count // alone: it takes its bucket along
		return
	}
	if !followed {
		next = c.put(count, at, next)
	}
	c.leave(entries, id)
	c.buckets[next].push(entries, id)
	entries[id].part = next
}

func (c *counts) leave(entries []entry, id uint32) {
	at := entries[id].part
	b := &c.buckets[at]
	b.drop(entries, id)
	if b.n > 0 {
		return
	}
	if b.prev != 0 {
		c.buckets[b.prev].next = b.next
	} else {
		c.least = b.next
	}
	if b.next != 0 {
		c.buckets[b.next].prev = b.prev
	}
	*b = bucket{next: c.free}
	c.free = at
}

// put a new bucket between two (0: none).
func (c *counts) put(count uint64, prev, next uint32) uint32 {
	if len(c.buckets) == 0 {
		c.buckets = make([]bucket, 1, 64)
	}
	at := c.free
	if at != 0 {
		c.free = c.buckets[at].next
	} else {
		at = uint32(len(c.buckets))
		c.buckets = append(c.buckets, bucket{})
	}
	c.buckets[at] = bucket{count: count, prev: prev, next: next}
	if prev != 0 {
		c.buckets[prev].next = at
	}
	if next != 0 {
		c.buckets[next].prev = at
	}
	return at
}

func (c *counts) clear() { *c = counts{buckets: c.buckets[:min(1, len(c.buckets))]} }
