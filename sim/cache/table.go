package cache

import "math/bits"

// table finds ids (from 1) by key: open addressing with linear probing, at most three
// quarters full; a removal shifts back what follows, so that there are no tombstones
// (Knuth, TAOCP 3, 6.4, algorithm R). The zero value is empty.
type table struct {
	slots []uint32 // ids; 0 is free; a power of two
	keys  []uint32 // by id
	shift uint     // of a 64-bit product, to leave a slot's number
	n     int
}

func (t *table) home(key uint32) uint32 { return uint32(uint64(key) * golden >> t.shift) }

// find returns the id of key, or 0.
func (t *table) find(key uint32) uint32 {
	if t.n == 0 {
		return 0
	}
	mask := uint32(len(t.slots) - 1)
	for i := t.home(key); ; i = (i + 1) & mask {
		if id := t.slots[i]; id == 0 || t.keys[id] == key {
			return id
		}
	}
}

// insert gives a key that is not there an id that is not in use.
func (t *table) insert(key, id uint32) {
	if 4*(t.n+1) > 3*len(t.slots) {
		t.grow()
	}
	for uint32(len(t.keys)) <= id {
		t.keys = append(t.keys, 0)
	}
	t.keys[id] = key
	t.n++
	t.settle(id)
}

func (t *table) settle(id uint32) {
	mask := uint32(len(t.slots) - 1)
	i := t.home(t.keys[id])
	for t.slots[i] != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = id
}

func (t *table) grow() {
	old := t.slots
	t.slots = make([]uint32, max(16, 2*len(old)))
	t.shift = 64 - uint(bits.Len(uint(len(t.slots)-1)))
	for _, id := range old {
		if id != 0 {
			t.settle(id)
		}
	}
}

// slot of an id that is in the table.
func (t *table) slot(id uint32) uint32 {
	mask := uint32(len(t.slots) - 1)
	i := t.home(t.keys[id])
	for t.slots[i] != id {
		i = (i + 1) & mask
	}
	return i
}

// remove an id that is in the table.
func (t *table) remove(id uint32) {
	mask := uint32(len(t.slots) - 1)
	hole := t.slot(id)
	for i := hole; ; {
		i = (i + 1) & mask
		next := t.slots[i]
		if next == 0 {
			break
		}
		// It may move into the hole unless its home lies between the two.
		if (i-t.home(t.keys[next]))&mask >= (i-hole)&mask {
			t.slots[hole] = next
			hole = i
		}
	}
	t.slots[hole] = 0
	t.n--
}

// rename an id that is in the table; the new one is not.
func (t *table) rename(id, to uint32) {
	t.slots[t.slot(id)] = to
	t.keys[to] = t.keys[id]
}

// clear forgets all and keeps the memory.
func (t *table) clear() {
	clear(t.slots)
	t.n = 0
}
