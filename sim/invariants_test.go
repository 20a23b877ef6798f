package sim

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// TestInvariantsAtEveryStep holds of random systems, whenever an event is over:
// nobody holds more than it may, nobody waits beside a free slot, who is not up
// holds nothing, and what services count is what their instances hold.
func TestInvariantsAtEveryStep(t *testing.T) {
	steps := 0
	rapid.Check(t, func(rt *rapid.T) {
		text := drawSystem(rt)
		top, err := topology.Load([]topology.Source{{Name: "test.yaml", Data: []byte(text)}}, topology.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		m, err := Compile(top)
		if err != nil {
			rt.Fatal(err)
		}
		v := scenarios.Healthy()
		if len(top.Scenarios) > 0 {
			v = scenarios.Variants(top, top.Scenarios[0])[0]
		}
		w := newWorld(m, v, Options{Seed: rapid.Uint64Range(0, 1000).Draw(rt, "seed")})
		for n := 0; !w.meter.stopped && n < 3000; n++ {
			w.step()
			steps++
			if problem := broken(w); problem != "" {
				rt.Fatalf("at %d ns: %s\n%s", w.now, problem, text)
			}
		}
	})
	t.Logf("%d steps", steps)
}

// broken says what does not hold, or nothing.
func broken(w *World) string {
	type sums struct{ busy, queued, away int64 }
	by := make([]sums, len(w.services))
	for i := range w.insts {
		in := &w.insts[i]
		s := &w.services[in.service]
		by[in.service].busy += int64(in.busy)
		by[in.service].queued += int64(in.queued)
		by[in.service].away += int64(in.away)
		name := w.name(int32(i))
		switch {
		case in.busy < 0 || in.busy > s.m.slots:
			return name + " holds more slots than it has"
		case in.queued < 0 || in.queued > s.m.queue:
			return name + " has more waiting than may"
		case in.away < 0:
			return name + " has fewer than none at its calls"
		case in.queued > 0 && in.busy < s.m.slots:
			return name + " has a free slot, and somebody waits"
		case in.life != up && in.inFlight() != 0:
			return name + " is not up and holds requests"
		case int64(in.inFlight()) > max(s.m.inFlight[low], s.m.inFlight[normal], s.m.inFlight[high]):
			return name + " has more in flight than it lets in"
		}
	}
	for k := range w.services {
		s := &w.services[k]
		if got := (sums{s.held.n, s.queue.n, s.away.n}); got != by[k] {
			return s.m.name + " counts otherwise than its instances"
		}
	}
	return ""
}
