package sim

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

func load(tb testing.TB, file string) *topology.Topology {
	tb.Helper()
	data, err := os.ReadFile("../testdata/" + file)
	if err != nil {
		tb.Fatal(err)
	}
	t, err := topology.Load([]topology.Source{{Name: file, Data: data}}, topology.Options{Library: scenarios.Library()})
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// benchmark plays client requests of a topology in the steady state, with all
// measures on, and reports the cost per client request.
func benchmark(b *testing.B, file string) {
	t := load(b, file)
	t.Simulation.Duration = 1000 * time.Hour
	m, err := Compile(t)
	if err != nil {
		b.Fatal(err)
	}
	w := newWorld(m, scenarios.Healthy(), Options{Seed: 1})
	w.playFor(int64(t.Simulation.Warmup) * 4)
	runtime.GC()
	requests, events := w.begun(), w.played
	b.ReportAllocs()
	b.ResetTimer()
	cpu := cpuTime()
	for w.begun()-requests < uint64(b.N) {
		w.playFor(1e8)
	}
	n := float64(w.begun() - requests)
	used := float64(cpuTime() - cpu)
	b.ReportMetric(used/n, "cpu-ns/request")
	b.ReportMetric(used/float64(w.played-events), "cpu-ns/event")
}

func (w *World) begun() uint64 {
	var n uint64
	for k := range w.traffic {
		n += w.traffic[k].count
	}
	return n
}

// playFor goes on for d ns; the run's end is out of reach.
func (w *World) playFor(d int64) {
	until := w.now + d
	for w.now < until {
		w.step()
	}
}

func BenchmarkChain(b *testing.B)         { benchmark(b, "bench/chain.yaml") }
func BenchmarkChainGuarded(b *testing.B)  { benchmark(b, "bench/chain-guarded.yaml") }
func BenchmarkMM1(b *testing.B)           { benchmark(b, "bench/mm1.yaml") }
func BenchmarkMM10(b *testing.B)          { benchmark(b, "bench/mm10.yaml") }
func BenchmarkThreeZones(b *testing.B)    { benchmark(b, "bench/three-zones.yaml") }
func BenchmarkThreeZones10k(b *testing.B) { benchmark(b, "bench/three-zones-10k.yaml") }
func BenchmarkCache(b *testing.B)         { benchmark(b, "bench/cache.yaml") }
func BenchmarkCachePlain(b *testing.B)    { benchmark(b, "bench/cache-plain.yaml") }
