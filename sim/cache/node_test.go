package cache

import (
	"fmt"
	"math/bits"
	"slices"
	"testing"

	"github.com/silverback-sim/silverback/sim/des"
	"pgregory.net/rapid"
)

var evictions = []Eviction{LRU, LFU, FIFO, Random, TinyLFU}

var evictionNames = [...]string{"lru", "lfu", "fifo", "random", "tinylfu"}

// dumb is a node that looks at every entry for everything.
type dumb struct {
	rule     Rule
	capacity int
	clock    int // counts uses
	all      []*dumbEntry
	// TinyLFU.
	estimates *dumbSketch
}

type dumbEntry struct {
	key, version uint32
	stored       int64
	came, used   int // when, by the clock of uses
	count        int
	segment      int
	place        int // in its segment: the larger, the newer
}

func (d *dumb) find(key uint32) *dumbEntry {
	for _, e := range d.all {
		if e.key == key {
			return e
		}
	}
	return nil
}

// drop moves the last entry into the gap, which only Random notices.
func (d *dumb) drop(e *dumbEntry) {
	last := len(d.all) - 1
	d.all[slices.Index(d.all, e)] = d.all[last]
	d.all = d.all[:last]
}

func (d *dumb) fresh(e *dumbEntry, now int64) bool {
	return d.rule.TTL == 0 || now < e.stored+d.rule.TTL
}

func (d *dumb) use(e *dumbEntry) {
	d.clock++
	e.used = d.clock
	e.count++
	if d.rule.Eviction != TinyLFU {
		return
	}
	e.place = d.clock
	if e.segment == probation {
		e.segment = protected
	}
	d.squeeze(protected, d.bound(protected))
}

func (d *dumb) bound(segment int) int {
	small := max(1, d.capacity/100)
	switch {
	case d.capacity == 0:
		return 1 << 30
	case segment == window:
		return small
	}
	return (d.capacity - small) * 4 / 5
}

// end is the oldest or newest entry of a segment.
func (d *dumb) end(segment int, newest bool) (end *dumbEntry) {
	for _, e := range d.all {
		if e.segment == segment && (end == nil || (e.place > end.place) == newest) {
			end = e
		}
	}
	return end
}

func (d *dumb) squeeze(segment, bound int) (squeezed bool) {
	n := 0
	for _, e := range d.all {
		if e.segment == segment {
			n++
		}
	}
	for ; n > bound; n-- {
		d.clock++
		e := d.end(segment, false)
		e.segment, e.place = probation, d.clock
		squeezed = true
	}
	return squeezed
}

func (d *dumb) get(now int64, key uint32) (uint32, Outcome) {
	if d.estimates != nil {
		d.estimates.add(key)
	}
	e := d.find(key)
	if e == nil {
		return 0, Miss
	}
	if !d.fresh(e, now) {
		if now > e.stored+d.rule.StaleFor {
			d.drop(e)
		}
		return e.version, Expired
	}
	if d.rule.Refresh {
		e.stored = now
	}
	d.use(e)
	return e.version, Hit
}

func (d *dumb) put(now int64, key, version uint32, random uint64) bool {
	if e := d.find(key); e != nil {
		if d.fresh(e, now) {
			e.stored, e.version = now, version
			d.use(e)
			return false
		}
		d.drop(e)
	}
	full := d.capacity > 0 && len(d.all) == d.capacity
	if full && d.rule.Eviction != TinyLFU {
		d.drop(d.victim(random))
	}
	d.clock++
	d.all = append(d.all, &dumbEntry{key: key, version: version, stored: now, came: d.clock, used: d.clock, count: 1, place: d.clock})
	if d.rule.Eviction != TinyLFU {
		return full
	}
	fell := d.squeeze(window, d.bound(window))
	if full {
		newcomer, old := d.end(probation, true), d.end(probation, false)
		c, v := 0, 0
		if fell {
			c, v = d.estimates.count(newcomer.key), d.estimates.count(old.key)
		}
		if !fell || c > v || c >= 6 && random < 1<<57 {
			d.drop(old)
		} else {
			d.drop(newcomer)
		}
	}
	return full
}

func (d *dumb) victim(random uint64) *dumbEntry {
	if d.rule.Eviction == Random {
		i, _ := bits.Mul64(random, uint64(len(d.all)))
		return d.all[i]
	}
	return slices.MinFunc(d.all, func(a, b *dumbEntry) int {
		if d.rule.Eviction == FIFO {
			return a.came - b.came
		}
		if d.rule.Eviction == LFU && a.count != b.count {
			return a.count - b.count
		}
		return a.used - b.used
	})
}

func (d *dumb) resize(capacity int, random uint64) {
	d.capacity = capacity
	if d.rule.Eviction == TinyLFU {
		d.estimates = nil
		if capacity > 0 {
			d.estimates = newDumbSketch(capacity)
		}
		d.squeeze(protected, d.bound(protected))
		d.squeeze(window, d.bound(window))
	}
	r := des.From(random, 0)
	for capacity > 0 && len(d.all) > capacity {
		if d.rule.Eviction == TinyLFU {
			d.drop(d.end(probation, false))
			continue
		}
		d.drop(d.victim(r.Uint64()))
	}
}

// dumbSketch has a whole number for each counter.
type dumbSketch struct {
	rows    [4][]int
	added   int
	tooMany int
}

func newDumbSketch(capacity int) *dumbSketch {
	width := 16
	for width < 2*capacity {
		width *= 2
	}
	s := &dumbSketch{tooMany: 10 * capacity}
	for i := range s.rows {
		s.rows[i] = make([]int, width)
	}
	return s
}

func (s *dumbSketch) at(key uint32, row int) *int {
	word := Scatter(key, golden)
	low, high := word%(1<<32), word>>32
	if high%2 == 0 {
		high++
	}
	return &s.rows[row][(low+uint64(row)*high)%uint64(len(s.rows[row]))]
}

func (s *dumbSketch) add(key uint32) {
	added := false
	for row := range s.rows {
		if c := s.at(key, row); *c < 15 {
			*c++
			added = true
		}
	}
	if added {
		s.added++
	}
	if s.added >= s.tooMany {
		s.added /= 2
		for _, row := range s.rows {
			for i := range row {
				row[i] /= 2
			}
		}
	}
}

func (s *dumbSketch) count(key uint32) int {
	return min(*s.at(key, 0), *s.at(key, 1), *s.at(key, 2), *s.at(key, 3))
}

// nodeTwin plays random operations on both.
func nodeTwin(t *rapid.T) {
	rule := Rule{
		Eviction: rapid.SampledFrom(evictions).Draw(t, "eviction"),
		Capacity: rapid.SampledFrom([]int{0, 1, 2, 3, 5, 12, 40}).Draw(t, "capacity"),
		TTL:      rapid.SampledFrom([]int64{0, 1, 30, 300}).Draw(t, "ttl"),
		Refresh:  rapid.Bool().Draw(t, "refresh"),
		StaleFor: rapid.SampledFrom([]int64{0, 20, 500}).Draw(t, "stale"),
	}
	n := NewNode(rule)
	d := &dumb{rule: rule}
	d.resize(rule.Capacity, 0)
	keys := rapid.Uint32Range(0, rapid.SampledFrom([]uint32{2, 10, 100}).Draw(t, "keys"))
	now := int64(-100)
	for range 250 {
		operate(t, n, d, now, keys)
		checkNode(t, n, d)
		now += rapid.Int64Range(0, 5).Draw(t, "pause")
	}
}

func operate(t *rapid.T, n *Node, d *dumb, now int64, keys *rapid.Generator[uint32]) {
	key := keys.Draw(t, "key")
	random := rapid.Uint64().Draw(t, "random")
	version := uint32(random % 100)
	switch what := rapid.IntRange(0, 40).Draw(t, "what"); {
	case what < 15:
		v, o := n.Get(now, key)
		if w, p := d.get(now, key); v != w || o != p {
			t.Fatalf("Get(%d) is version %d, %d, want %d, %d", key, v, o, w, p)
		}
	case what < 30:
		if got, want := n.Put(now, key, version, random), d.put(now, key, version, random); got != want {
			t.Fatalf("Put evicted: %v, want %v", got, want)
		}
	case what < 33:
		want := false
		if e := d.find(key); e == nil || !d.fresh(e, now) {
			want = d.put(now, key, version, random)
		}
		if got := n.Add(now, key, version, random); got != want {
			t.Fatalf("Add evicted: %v, want %v", got, want)
		}
	case what < 36:
		e := d.find(key)
		if got := n.Delete(key); got != (e != nil) {
			t.Fatalf("Delete found the key: %v", got)
		}
		if e != nil {
			d.drop(e)
		}
	case what < 38:
		e := d.find(key)
		v, ok := n.Stale(now, key)
		if want := e != nil && (d.fresh(e, now) || now-e.stored <= d.rule.StaleFor); ok != want || ok && v != e.version {
			t.Fatalf("Stale is %d, %v, want %v", v, ok, want)
		}
	case what == 38:
		capacity := rapid.IntRange(0, 50).Draw(t, "capacity")
		before := len(d.all)
		d.resize(capacity, random)
		if got := n.Resize(capacity, random); got != before-len(d.all) {
			t.Fatalf("Resize evicted %d, want %d", got, before-len(d.all))
		}
	case what == 39:
		n.Flush()
		d.all = nil
		if d.estimates != nil {
			d.estimates = newDumbSketch(d.capacity)
		}
	default:
		share := rapid.Float64Range(0, 1).Draw(t, "share")
		before := len(d.all)
		for i := len(d.all) - 1; i >= 0; i-- {
			if e := d.all[i]; float64(Scatter(e.key, 5))/(1<<64) < share {
				d.drop(e)
				i = min(i, len(d.all))
			}
		}
		if got := n.FlushShare(share, 5); got != before-len(d.all) {
			t.Fatalf("FlushShare(%v) took %d, want %d", share, got, before-len(d.all))
		}
	}
}

// checkNode compares what they hold, entry by entry.
func checkNode(t *rapid.T, n *Node, d *dumb) {
	if n.Len() != len(d.all) || n.Capacity() > 0 && n.Len() > n.Capacity() {
		t.Fatalf("%d entries of at most %d, want %d", n.Len(), n.Capacity(), len(d.all))
	}
	for _, e := range d.all {
		id := n.find(e.key)
		if id == 0 {
			t.Fatalf("lost key %d", e.key)
		}
		if got := n.entries[id]; got.stored != e.stored || got.version != e.version || got.part == unused {
			t.Fatalf("key %d is %+v, want %+v", e.key, got, e)
		}
		if n.rule.Eviction == Random && d.all[id-1] != e {
			t.Fatalf("key %d is in place %d", e.key, id)
		}
	}
	inUse := 0
	for _, id := range n.slots {
		if id != 0 {
			inUse++
		}
	}
	if inUse != n.Len() {
		t.Fatalf("%d places in the table of %d entries", inUse, n.Len())
	}
}

func TestNodeTwin(t *testing.T) { rapid.Check(t, nodeTwin) }

func FuzzNode(f *testing.F) { f.Fuzz(rapid.MakeFuzz(nodeTwin)) }

// TestNodeOfManyEntries: the twin is small; here the table grows, and deletions leave
// no key behind that they should not.
func TestNodeOfManyEntries(t *testing.T) {
	for _, eviction := range evictions {
		n := NewNode(Rule{Eviction: eviction})
		there := map[uint32]bool{}
		r := des.From(1, uint64(eviction))
		for range 200_000 {
			key := uint32(r.Below(30_000))
			if r.Below(3) == 0 {
				if n.Delete(key) != there[key] {
					t.Fatalf("%v: deleting %d", evictionNames[eviction], key)
				}
				delete(there, key)
				continue
			}
			n.Put(0, key, 0, 0)
			there[key] = true
		}
		for key := range uint32(30_000) {
			if (n.find(key) != 0) != there[key] {
				t.Fatalf("%v: key %d is there: %v", evictionNames[eviction], key, !there[key])
			}
		}
		if n.Len() != len(there) {
			t.Fatalf("%v: %d entries, want %d", evictionNames[eviction], n.Len(), len(there))
		}
	}
}

// TestFlushShareTakesTheSameKeys everywhere, and its share of them.
func TestFlushShareTakesTheSameKeys(t *testing.T) {
	fill := func(e Eviction) *Node {
		n := NewNode(Rule{Eviction: e})
		for k := range uint32(10_000) {
			n.Put(0, 9999-k, 0, 0)
		}
		return n
	}
	some, more := fill(LRU), fill(Random)
	a, b := some.FlushShare(0.2, 1), more.FlushShare(0.5, 1)
	if a < 1800 || a > 2200 || b < 4750 || b > 5250 {
		t.Errorf("a share of 20%% took %d and 50%% %d of 10000", a, b)
	}
	for k := range uint32(10_000) {
		if some.find(k) == 0 && more.find(k) != 0 {
			t.Fatalf("key %d is of the fifth but not of the half", k)
		}
	}
	if n := some.FlushShare(1, 1); n != 10_000-a || some.Len() != 0 {
		t.Errorf("the whole share left %d", some.Len())
	}
}

// TestNodeMemory holds the bytes an entry against what the documentation says.
func TestNodeMemory(t *testing.T) {
	const capacity = 100_000
	for _, eviction := range evictions {
		n := NewNode(Rule{Eviction: eviction, Capacity: capacity})
		for k := range uint32(3 * capacity) {
			n.Put(0, k, 0, uint64(k)<<40)
		}
		bytes := 24*len(n.entries) + 4*(len(n.keys)+len(n.slots)) + 8*len(n.tiny.sketch.words)
		if per := float64(bytes) / capacity; per > 44 {
			t.Errorf("%v: %.1f bytes an entry", evictionNames[eviction], per)
		}
	}
}

func TestNodeAllocatesNothing(t *testing.T) {
	for _, eviction := range evictions {
		n := NewNode(Rule{Eviction: eviction, Capacity: 1000, TTL: 5000, StaleFor: 6000})
		p := Zipf(10_000, 0.8)
		r := des.From(1, 2)
		now := int64(0)
		request := func() {
			now++
			key := p.Key(&r)
			if _, what := n.Get(now, key); what != Hit {
				n.Put(now, key, 0, r.Uint64())
			}
			n.Delete(p.Key(&r))
			n.Stale(now, key)
		}
		for range 50_000 {
			request()
		}
		if allocs := testing.AllocsPerRun(10_000, request); allocs != 0 {
			t.Errorf("%v: %v allocations a request", evictionNames[eviction], allocs)
		}
	}
}

// BenchmarkGet1M hits among a million entries, by popularity.
func BenchmarkGet1M(b *testing.B) {
	benchmarkNode(b, 1_000_000)
}

// BenchmarkGetPut1M has room for a fifth of the million keys.
func BenchmarkGetPut1M(b *testing.B) {
	benchmarkNode(b, 200_000)
}

func benchmarkNode(b *testing.B, capacity int) {
	const keys = 1_000_000
	p := Zipf(keys, 0.99)
	r := des.From(1, 2)
	drawn := make([]uint32, 1<<20)
	for i := range drawn {
		drawn[i] = p.Key(&r)
	}
	for _, eviction := range evictions {
		b.Run(fmt.Sprint(evictionNames[eviction]), func(b *testing.B) {
			n := NewNode(Rule{Eviction: eviction, Capacity: capacity})
			for k := range uint32(keys) {
				n.Put(0, k*7919%keys, 0, Scatter(k, 1))
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				key := drawn[i&(len(drawn)-1)]
				i++
				if _, what := n.Get(int64(i), key); what != Hit {
					n.Put(int64(i), key, 0, uint64(i)*golden)
				}
			}
		})
	}
}

// TestTinyLFUTwin asks by popularity, so that the sketch's estimates differ, saturate
// and are halved.
func TestTinyLFUTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		capacity := rapid.IntRange(1, 30).Draw(t, "capacity")
		rule := Rule{Eviction: TinyLFU, Capacity: capacity}
		n, d := NewNode(rule), &dumb{rule: rule}
		d.resize(capacity, 0)
		p := Zipf(uint32(3*capacity), rapid.Float64Range(0.2, 2).Draw(t, "s"))
		r := des.From(rapid.Uint64().Draw(t, "seed"), 0)
		for range 1500 {
			key, random := p.Key(&r), r.Uint64()
			if r.Below(2) == 0 {
				random >>= 8 // the candidate's luck
			}
			_, got := n.Get(0, key)
			if _, want := d.get(0, key); got != want {
				t.Fatalf("Get(%d) is %d, want %d", key, got, want)
			}
			if got != Hit {
				n.Put(0, key, 0, random)
				d.put(0, key, 0, random)
			}
			if e, w := n.tiny.sketch.count(key), d.estimates.count(key); int(e) != w || n.tiny.sketch.additions != d.estimates.added {
				t.Fatalf("key %d is estimated at %d after %d, want %d after %d",
					key, e, n.tiny.sketch.additions, w, d.estimates.added)
			}
		}
		checkNode(t, n, d)
	})
}

// TestTinyLFUShrunkWithAnEmptyWindow has more in its main part than that may have: the
// oldest on probation goes, whatever falls out of the window or not.
func TestTinyLFUShrunkWithAnEmptyWindow(t *testing.T) {
	n := NewNode(Rule{Eviction: TinyLFU, Capacity: 5})
	for key := range uint32(5) {
		n.Put(0, key, 0, 0)
	}
	n.Delete(4) // all of the window
	n.Resize(4, 0)
	if evicted := n.Put(0, 5, 0, 0); !evicted || n.Len() != 4 || n.find(0) != 0 || n.find(3) == 0 || n.find(5) == 0 {
		t.Errorf("evicted %v, %d entries: %v", evicted, n.Len(), n.keys)
	}
}
