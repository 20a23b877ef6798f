package fleet_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/sim/fleet"
)

// BenchmarkReplications is the CPU time of a replication of streaming.yaml (one
// minute of it) when one worker plays alone, and when two share the machine:
// what they get in each other's way (caches, memory, the collector) is the
// second over the first. They take turns, so that what else goes on on the
// machine meets both.
func BenchmarkReplications(b *testing.B) {
	const rounds, each = 5, 4
	top, _ := model(b, time.Minute)
	top.Simulation.Warmup = 10 * time.Second
	m, err := sim.Compile(top)
	if err != nil {
		b.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var used [2]int64
	n := 0
	for range b.N {
		for round := range rounds {
			for w := range used {
				runtime.GOMAXPROCS(w + 1)
				r := fleet.Replications{
					Variants: []scenarios.Variant{scenarios.Healthy()}, Seed: uint64(round), Most: each, Workers: w + 1,
					Take: func(int, int, *trace.Run) {},
				}
				cpu := cpuTime()
				r.Play(m)
				used[w] += cpuTime() - cpu
			}
			n += each
		}
	}
	for w, ns := range used {
		b.ReportMetric(float64(ns)/float64(n)/1e6, fmt.Sprintf("cpu-ms/replication-on-%d", w+1))
	}
	b.ReportMetric(float64(used[1])/float64(used[0]), "two/one")
}
