package report_test

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/topology"
)

// The intervals of single runs of M/M/1, whose sojourn time is exponential with
// mean 1/(μ−λ): where they are given, 90% to 98% of them hold the truth at 95%.
// Lengths at which fewer than half of the runs give one are logged only: those that
// dare are the ones that saw less waiting than there is. They count among the intervals
// of all lengths together.
func TestCoverageWithinOneRun(t *testing.T) {
	type length struct {
		load     float64
		duration time.Duration
	}
	lengths, runs := []length{{0.5, 5 * time.Minute}, {0.8, 20 * time.Minute}}, 100
	if long {
		lengths = nil
		for _, d := range [...]time.Duration{20 * time.Second, time.Minute, 2 * time.Minute, 200 * time.Second, 5 * time.Minute, 20 * time.Minute} {
			lengths = append(lengths, length{0.5, d}, length{0.8, d})
		}
		runs = 600
	}
	var all, hits [6]int // intervals of every length, by figure
	for _, c := range lengths {
		t.Run(fmt.Sprintf("%v for %v", c.load, c.duration), func(t *testing.T) {
			mean := 0.01 / (1 - c.load)
			truths := []figure{
				{[]string{"clients", "users", "latency", "mean"}, mean},
				{[]string{"clients", "users", "latency", "p50"}, -mean * math.Log(0.5)},
				{[]string{"clients", "users", "latency", "p95"}, -mean * math.Log(0.05)},
				{[]string{"clients", "users", "latency", "p99"}, -mean * math.Log(0.01)},
				{[]string{"clients", "users", "goodput"}, 100 * c.load},
				{[]string{"components", "server", "utilization"}, c.load},
			}
			given, held := cover(t, c.load, c.duration, runs, truths)
			for k, f := range truths {
				all[k], hits[k] = all[k]+given[k], hits[k]+held[k]
				share := float64(held[k]) / float64(given[k])
				t.Logf("%v: %d of %d runs have an interval, %.1f%% of them hold the truth", f.path, given[k], runs, 100*share)
				least, most := 0.90, 0.98
				if !long { // the same, and three standard errors
					least, most = 0.86, 1
				}
				if given[k] >= runs/2 && (share < least || share > most) {
					t.Errorf("%v: %.1f%% of the intervals hold the truth", f.path, 100*share)
				}
				if c.duration >= 20*time.Minute && given[k] < runs*3/5 {
					t.Errorf("%v: only %d of %d runs have an interval", f.path, given[k], runs)
				}
			}
		})
	}
	for k := range all {
		share := float64(hits[k]) / float64(all[k])
		t.Logf("figure %d, all lengths: %.1f%% of %d intervals hold the truth", k+1, 100*share, all[k])
		if share < 0.90 || share > 0.98 && long {
			t.Errorf("figure %d: %.1f%% of the intervals of all lengths hold the truth", k+1, 100*share)
		}
	}
}

// figure of a document and its true value.
type figure struct {
	path  []string
	truth float64
}

// cover counts the runs that give an interval of each figure, and those whose
// interval holds the truth.
func cover(t *testing.T, load float64, duration time.Duration, runs int, truths []figure) (given, held []int) {
	t.Helper()
	top, err := topology.Load([]topology.Source{{Name: "mm1.yaml", Data: []byte(fmt.Sprintf(`
version: 1
zones: [a]
network: {same_zone: 0}
simulation: {duration: %.0fs, warmup: 10s, window: 1s}
traffic: {users: {to: server, rate: %.0f/s, timeout: 10m}}
services: {server: {concurrency: 1, queue: {limit: unlimited}, work: {exponential: 10ms}}}
`, duration.Seconds(), 100*load))}}, topology.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := sim.Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	given, held = make([]int, len(truths)), make([]int, len(truths))
	var mu sync.Mutex
	var workers sync.WaitGroup
	for w := range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for seed := w; seed < runs; seed += runtime.GOMAXPROCS(0) {
				run := sim.Play(m, scenarios.Healthy(), sim.Options{Seed: uint64(1 + seed)})
				r := report.NewDocument(top, 1, []*trace.Run{run}).Runs[0]
				mu.Lock()
				for k, f := range truths {
					if i, ok := r.Around(f.path...); ok {
						given[k]++
						if i.Contains(f.truth) {
							held[k]++
						}
					}
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	return given, held
}
