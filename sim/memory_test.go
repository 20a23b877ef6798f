package sim

import (
	"runtime"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// TestMemoryPerAttempt: an attempt in flight takes at most 100 bytes, its
// pending event included, whether its delay is constant or random.
func TestMemoryPerAttempt(t *testing.T) {
	for name, work := range map[string]string{"constant": "2s", "random": "{exponential: 2s}"} {
		top, err := topology.Load([]topology.Source{{Name: "test.yaml", Data: []byte(`
version: 1
network: {same_zone: 0, cross_zone: 0}
simulation: {duration: 1h, warmup: 0s, window: 10s}
traffic: {users: {to: web, rate: 100k/s}}
services: {web: {concurrency: unlimited, work: ` + work + `}}
`)}}, topology.Options{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := Compile(top)
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(m, scenarios.Healthy(), Options{Seed: 1})
		w.playFor(1e7)
		before, used := heapInUse(), w.frames.used()
		w.playFor(8e9)
		n := w.frames.used() - used
		per := float64(heapInUse()-before) / float64(n)
		t.Logf("%s: %d attempts in flight, %.1f bytes each", name, n, per)
		if n < 190_000 || per > 100 {
			t.Errorf("%s: %.1f bytes per attempt in flight (of %d), want at most 100", name, per, n)
		}
		runtime.KeepAlive(w)
	}
}

func heapInUse() uint64 {
	var s runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

// TestSteadyStateAllocatesNothing: between the edges of windows, once what is in
// flight has found its room.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	for _, file := range []string{"bench/chain.yaml", "bench/chain-guarded.yaml", "bench/three-zones.yaml", "streaming.yaml"} {
		top := load(t, file)
		top.Simulation.Duration, top.Simulation.Window = 100*time.Hour, 10*time.Hour
		m, err := Compile(top)
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(m, scenarios.Healthy(), Options{Seed: 1})
		w.playFor(int64(top.Simulation.Warmup) + 60e9)
		if n := testing.AllocsPerRun(10, func() { w.playFor(1e9) }); n > 0 {
			t.Errorf("%s: %v allocations in a second of the steady state", file, n)
		}
	}
}

// TestStopWithinAWindow: a run of one long window ends when it is asked to, even
// by somebody who asks only once, and says what it played.
func TestStopWithinAWindow(t *testing.T) {
	top := load(t, "bench/mm1.yaml")
	top.Simulation.Duration, top.Simulation.Window = 10*time.Hour, 10*time.Hour
	m, err := Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	r := Play(m, scenarios.Healthy(), Options{Seed: 1, Stop: func() bool {
		asked++
		return asked == 3
	}})
	o := clientTotals(r)
	if !r.Interrupted || r.Duration <= 0 || r.Duration >= time.Hour || r.Windows() != 1 {
		t.Errorf("interrupted %v after %v in %d windows", r.Interrupted, r.Duration, r.Windows())
	}
	if per := float64(o.Requests) / r.Duration.Seconds(); per < 780 || per > 820 {
		t.Errorf("%v requests/s in what was played, want 800", per)
	}
}
