package fleet_test

import (
	"math"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/fleet"
	"github.com/silverback-sim/silverback/topology"
)

// perStudy is how many replications `check` plays unless told otherwise.
const perStudy = 10

// An interval at 95% has to hold the truth in 93% to 97% of 1,000 studies. Short:
// fewer studies, and as much luck as three standard errors.
func TestCoverageOfStudies(t *testing.T) {
	for _, c := range []struct {
		name   string
		text   string
		truth  float64 // NaN: a long run knows it
		of     func(*trace.Run) float64
		trials int // of the short test
	}{
		{"M/M/1 at 0.5", mm1("50/s", "35s", "5s"), 20e-3, response, 100},
		{"M/M/1 at 0.8", mm1("80/s", "75s", "10s"), 50e-3, response, 60},
		{"zone loss", losesZone, math.NaN(), availability, 60},
	} {
		t.Run(c.name, func(t *testing.T) {
			trials, whole := c.trials, 1500
			if long {
				trials, whole = 1000, 20_000
			}
			top := parse(t, c.text)
			if math.IsNaN(c.truth) {
				s := stat.Summarize(play(t, top, des.Stream(1, "truth"), whole, c.of))
				c.truth = s.Mean
				t.Logf("the truth of %d replications is %.6g ± %.2g", whole, s.Mean, s.HalfWidth(stat.Confidence))
			}
			covered := 0
			samples := play(t, top, des.Stream(1, "studies"), trials*perStudy, c.of)
			for k := range trials {
				if stat.Summarize(samples[k*perStudy : (k+1)*perStudy]).Interval(stat.Confidence).Contains(c.truth) {
					covered++
				}
			}
			checkCoverage(t, covered, trials)
		})
	}
}

// One long run, judged by the means of its batches.
func TestCoverageOfBatchMeans(t *testing.T) {
	trials := 60
	if long {
		trials = 1000
	}
	top := parse(t, mm1("50/s", "400s", "5s"))
	top.Simulation.Window = time.Second
	covered := 0
	for _, hit := range play(t, top, 3, trials, func(r *trace.Run) float64 {
		if stat.BatchMeans(r.Components[0].Windows.InSystem, 20).Interval(stat.Confidence).Contains(1) {
			return 1
		}
		return 0
	}) {
		covered += int(hit)
	}
	checkCoverage(t, covered, trials)
}

func checkCoverage(t *testing.T, covered, trials int) {
	t.Helper()
	tolerance := 0.02
	if !long {
		tolerance = 3 * math.Sqrt(0.95*0.05/float64(trials))
	}
	share := float64(covered) / float64(trials)
	t.Logf("%d of %d intervals hold the truth: %.1f%%", covered, trials, 100*share)
	if math.Abs(share-stat.Confidence) > tolerance {
		t.Errorf("%.1f%% of the intervals hold the truth, want 95%% ± %.1f%%", 100*share, 100*tolerance)
	}
}

// mm1 is one worker behind one queue, with a mean service time of 10 ms.
func mm1(rate, duration, warmup string) string {
	return `
zones: [a]
network: {same_zone: 0}
simulation: {duration: ` + duration + `, warmup: ` + warmup + `}
traffic: {clients: {to: server, rate: ` + rate + `, timeout: 10m}}
services: {server: {concurrency: 1, queue: {limit: unlimited}, work: {exponential: 10ms}}}
`
}

// losesZone loses one of its zones, which its balancer takes 5 s to 10 s to see.
const losesZone = `
zones: [a, b, c]
network: {same_zone: 0}
simulation: {duration: 20s, warmup: 1s}
traffic: {clients: {to: server, rate: 60/s, timeout: 1s}}
services: {server: {work: {exponential: 10ms}, health_check: {interval: 5s, unhealthy_after: 2}}}
scenarios: {loss: {faults: [{gorilla: {zone: b, refuse_capacity_elsewhere: 100%}, at: 3s}]}}
`

func response(r *trace.Run) float64 { return r.Clients[0].Phases[trace.Before].Latency.Mean() }

func availability(r *trace.Run) float64 {
	var o trace.Outcomes
	for p := range r.Clients[0].Phases {
		o.Add(&r.Clients[0].Phases[p])
	}
	return float64(o.OK+o.Degraded) / float64(o.OK+o.Degraded+o.FailedTotal())
}

// play measures replications of a topology's only scenario, or of the healthy
// run, and keeps nothing else of them.
func play(t *testing.T, top *topology.Topology, seed uint64, n int, of func(*trace.Run) float64) []float64 {
	t.Helper()
	m, err := sim.Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	v := scenarios.Healthy()
	if len(top.Scenarios) > 0 {
		v = scenarios.Variants(top, top.Scenarios[0])[0]
	}
	samples := make([]float64, n)
	var workers sync.WaitGroup
	for w := range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for k := w; k < n; k += runtime.GOMAXPROCS(0) {
				samples[k] = of(sim.Play(m, v, sim.Options{Seed: fleet.SeedOf(seed, k)}))
			}
		})
	}
	workers.Wait()
	return samples
}
