package sim_test

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/topology"
)

// load reads a topology of testdata, with the library's scenarios.
func load(t testing.TB, path string) *topology.Topology {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, path, data)
}

func parse(t testing.TB, name string, data []byte) *topology.Topology {
	t.Helper()
	top, err := topology.Load([]topology.Source{{Name: name, Data: data}}, topology.Options{Library: scenarios.Library()})
	if err != nil {
		t.Fatalf("%s:\n%v", name, err)
	}
	return top
}

// scenarioOf is the first of a file's own scenarios, in its first variant, or the
// healthy run.
func scenarioOf(top *topology.Topology) scenarios.Variant {
	for _, s := range top.Scenarios {
		if s.Pos.File != "" && !isLibrary(s) {
			return scenarios.Variants(top, s)[0]
		}
	}
	return scenarios.Healthy()
}

func isLibrary(s *topology.Scenario) bool {
	for _, source := range scenarios.Library() {
		if source.Name == s.Pos.File {
			return true
		}
	}
	return false
}

// compile is sim.Compile for a topology that is known to be good.
func compile(t testing.TB, top *topology.Topology) *sim.Model {
	t.Helper()
	m, err := sim.Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// replicate plays n runs with consecutive seeds on all cores and measures each.
func replicate(t testing.TB, top *topology.Topology, v scenarios.Variant, firstSeed uint64, n int,
	measure func(*trace.Run) []float64,
) [][]float64 {
	t.Helper()
	m := compile(t, top)
	samples := make([][]float64, n)
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := range next {
				samples[i] = measure(sim.Play(m, v, sim.Options{Seed: firstSeed + uint64(i)}))
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
	return samples
}
