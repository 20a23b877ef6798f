package cache

import (
	"container/heap"
	"math"
	"testing"

	"github.com/silverback-sim/silverback/sim/des"
)

// loop is the trace "loop" of the LIRS paper's collection (Jiang & Zhang, SIGMETRICS
// 2002): 1011 blocks one after the other, 500 times.
func loop() []uint32 {
	const blocks, times = 1011, 500
	trace := make([]uint32, 0, blocks*times)
	for range times {
		for block := range uint32(blocks) {
			trace = append(trace, block)
		}
	}
	return trace
}

// replay counts the hits of a cold node.
func replay(trace []uint32, eviction Eviction, capacity int) (hits int) {
	n := NewNode(Rule{Eviction: eviction, Capacity: capacity})
	for i, key := range trace {
		if _, what := n.Get(0, key); what == Hit {
			hits++
		} else {
			n.Put(0, key, 0, Scatter(uint32(i), 3))
		}
	}
	return hits
}

// TestLoopTrace: C-22. Exact hits: a loop longer than the capacity is what LRU and FIFO
// are worst at. That the trace is the right one, the optimum (Belady 1966) tells, whose
// hits are known as well; no policy exceeds it, and TinyLFU keeps most of what can be
// kept.
func TestLoopTrace(t *testing.T) {
	trace := loop()
	if len(trace) != 505_500 {
		t.Fatalf("%d requests", len(trace))
	}
	for capacity, optimum := range map[int]int{100: 49_500, 400: 199_500, 800: 399_200, 1000: 499_000} {
		if got := belady(trace, capacity); got != optimum {
			t.Errorf("capacity %d: the optimum is %d, want %d", capacity, got, optimum)
		}
		for _, eviction := range []Eviction{LRU, FIFO} {
			if got := replay(trace, eviction, capacity); got != 0 {
				t.Errorf("%s of %d: %d hits, want none", evictionNames[eviction], capacity, got)
			}
		}
	}
	if got := replay(trace, TinyLFU, 400); got > 199_500 || got < 150_000 {
		t.Errorf("TinyLFU has %d hits, the optimum is 199500", got)
	}
	short := trace[:5*1011]
	for _, eviction := range evictions {
		if got := replay(short, eviction, 1011); got != 4*1011 {
			t.Errorf("%s: %d hits with room for all", evictionNames[eviction], got)
		}
	}
}

// belady evicts what is asked for again last.
func belady(trace []uint32, capacity int) (hits int) {
	again := make([]int, len(trace)) // when the same block comes next
	next := map[uint32]int{}
	for i := len(trace) - 1; i >= 0; i-- {
		again[i] = math.MaxInt
		if j, ok := next[trace[i]]; ok {
			again[i] = j
		}
		next[trace[i]] = i
	}
	held := map[uint32]int{}
	var last latest
	for i, key := range trace {
		if _, ok := held[key]; ok {
			hits++
		} else if len(held) == capacity {
			for {
				v := heap.Pop(&last).(use)
				if held[v.key] == v.at {
					delete(held, v.key)
					break
				}
			}
		}
		held[key] = again[i]
		heap.Push(&last, use{key, again[i]})
	}
	return hits
}

type use struct {
	key uint32
	at  int
}

type latest []use

func (l latest) Len() int           { return len(l) }
func (l latest) Less(i, j int) bool { return l[i].at > l[j].at }
func (l latest) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l *latest) Push(x any)        { *l = append(*l, x.(use)) }
func (l *latest) Pop() any {
	last := len(*l) - 1
	x := (*l)[last]
	*l = (*l)[:last]
	return x
}

// TestColdStart: C-20, Brooker's simulation of a cold start: 1000 requests/s for keys of
// zeta(1.3), an LRU of 1000 filled with the most popular, flushed at 4 s, and a backend
// that answers so many misses a second and no more. Hit ratios by second, over 12 runs.
func TestColdStart(t *testing.T) {
	const runs, rate = 12, 1000
	p := Zipf(math.MaxUint32, 1.3) // as good as endless: 0.1% of the draws lie beyond
	for admitted, want := range map[int]map[int]float64{
		10:  {3: 0.845, 5: 0.43875, 10: 0.66575, 20: 0.74875, 30: 0.78125, 40: 0.8037, 59: 0.82276},
		100: {3: 0.845, 5: 0.67167, 10: 0.82726, 20: 0.86067, 30: 0.85467, 40: 0.85748, 59: 0.85748},
	} {
		var hits [61]float64 // by the second's end
		for run := range uint64(runs) {
			n := NewNode(Rule{Capacity: 1000})
			for key := range uint32(1000) {
				n.Put(0, key, 0, 0)
			}
			r := des.From(run, 6)
			fetched := 0
			for i := range 60 * rate {
				if i%rate == 0 {
					fetched = 0
				}
				if i == 4*rate {
					n.Flush()
				}
				key := p.Key(&r)
				if _, what := n.Get(0, key); what == Hit {
					hits[i/rate+1]++
				} else if fetched < admitted {
					fetched++
					n.Put(0, key, 0, 0)
				}
			}
		}
		for second, ratio := range want {
			got := hits[second] / runs / rate
			if math.Abs(got-ratio) > 0.02 {
				t.Errorf("%d admitted: at %d s the hit ratio is %v, want %v ± 0.02", admitted, second, got, ratio)
			}
		}
	}
}
