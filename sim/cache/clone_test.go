package cache

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/silverback-sim/silverback/sim/des"
)

// A clone goes on as the original would have, and neither notices the other.
func TestCloneGoesOnAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := Rule{Eviction: Eviction(rapid.IntRange(0, int(TinyLFU)).Draw(t, "eviction")), Capacity: 20, TTL: 300, StaleFor: 900}
		draw, work := des.From(rapid.Uint64().Draw(t, "seed"), 1), func(n *Node, r des.Rand, from int64) (seen []Outcome) {
			for now := from; now < from+400; now++ {
				key := uint32(r.Below(60))
				_, what := n.Get(now, key)
				if seen = append(seen, what); what != Hit {
					n.Put(now, key, 0, r.Uint64())
				}
			}
			return seen
		}
		n := NewNode(rule)
		work(n, draw, 0)
		c := n.Clone()
		d := n.Clone()
		want := work(n, draw, 400)
		work(d, des.From(7, 7), 400)
		d.Flush()
		for k, got := range work(c, draw, 400) {
			if got != want[k] {
				t.Fatalf("step %d: the clone says %d, the original %d", k, got, want[k])
			}
		}
	})
}

func TestFlightsCloneGoesOnAlone(t *testing.T) {
	var f Flights
	f.Join(1, 10)
	f.Join(1, 11)
	c := f.Clone()
	f.End(1)
	f.Join(2, 12)
	if who, ok := c.Hand(1); !ok || who != 11 || c.Len() != 1 {
		t.Errorf("the clone hands on to %d, %v and has %d flights", who, ok, c.Len())
	}
}
