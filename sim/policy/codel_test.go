package policy

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestBacklogTwin remembers the queue's length at every moment.
func TestBacklogTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b Backlog
		c := MaxQueueDelay(rapid.Int64Range(20, 200).Draw(t, "longest"))
		length := []int{0} // by time
		var queue []int64
		for now := int64(1); now < 600; now++ {
			what := rapid.IntRange(0, 3).Draw(t, "what")
			if what == 1 {
				b.Enqueue(now, len(queue))
				queue = append(queue, now)
			}
			if what >= 2 && len(queue) > 0 {
				empty := false
				for at := now - c.Interval; at < now; at++ {
					empty = empty || at < 0 || length[at] == 0
				}
				if got := b.Standing(now, c.Interval); got == empty {
					t.Fatalf("standing %v, empty within the interval %v", got, empty)
				}
				waited := now - queue[0]
				want := waited > c.Interval || !empty && len(queue) > 1 && waited > c.Target
				if got := c.Drop(&b, now, waited, len(queue)); got != want {
					t.Fatalf("drops %v after %d of %v (empty %v, %d waiting)", got, waited, c, empty, len(queue))
				}
				queue = queue[1:]
			}
			length = append(length, len(queue))
		}
	})
}

// codelServer plays a single server that takes 10 ms and says what was served,
// what the server missed and how the served ones waited.
func codelServer(gap func() int64, c *CoDel) (served, dropped int, mean float64, longest int64) {
	const work, end = 10 * millisecond, 100 * second
	var b Backlog
	var queue []int64
	next, free := gap(), int64(0)
	for {
		now := max(free, 0)
		if len(queue) == 0 {
			now = max(now, next)
		}
		for next <= now { // arrivals up to the moment the server is free
			b.Enqueue(next, len(queue))
			queue = append(queue, next)
			next += gap()
		}
		if now > end {
			return served, dropped, mean / float64(served), longest
		}
		for len(queue) > 0 {
			waited := now - queue[0]
			waiting := len(queue)
			queue = queue[1:]
			if c.Drop(&b, now, waited, waiting) {
				dropped++
				continue
			}
			served++
			mean += float64(waited)
			longest = max(longest, waited)
			free = now + work
			break
		}
	}
}

// TestCoDelOverload: at twice what the server can do, it is kept busy, and those
// who are served waited a fraction of the limit.
func TestCoDelOverload(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	poisson := func() int64 { return int64(r.ExpFloat64() * float64(5*millisecond)) }
	c := MaxQueueDelay(100 * millisecond)
	served, dropped, mean, longest := codelServer(poisson, &c)
	if served < 9700 || dropped < 9000 {
		t.Errorf("served %d and dropped %d of twice 10000", served, dropped)
	}
	if longest > 100*millisecond || mean > 0.5*float64(100*millisecond) {
		t.Errorf("waited %.0f ms in the mean and %d at most", mean/1e6, longest/millisecond)
	}
	// A burst that is over within the interval loses nobody.
	i := 0
	bursts := func() int64 { // nine at once every 200 ms
		if i++; i%9 == 1 {
			return 200 * millisecond
		}
		return 0
	}
	if served, dropped, _, longest := codelServer(bursts, &c); dropped != 0 || served < 4000 || longest != 80*millisecond {
		t.Errorf("of bursts served %d, dropped %d, longest wait %d ms", served, dropped, longest/millisecond)
	}
}

// TestNewestFirst: oldest first until the queue has stood for 100 ms, and again
// after it was empty.
func TestNewestFirst(t *testing.T) {
	var b Backlog
	b.Enqueue(second, 0)
	b.Enqueue(second+50*millisecond, 1)
	if b.NewestFirst(second + 99*millisecond) {
		t.Error("newest first after 99 ms")
	}
	if !b.NewestFirst(second + 100*millisecond) {
		t.Error("oldest first though the queue stands")
	}
	b.Enqueue(second+200*millisecond, 0)
	if b.NewestFirst(second + 200*millisecond) {
		t.Error("newest first though the queue was empty")
	}
}
