package sim_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/topology"
)

// below a load of 150/s an outage is recovered from, above it never is.
func TestRetriesAfterAnOutage(t *testing.T) {
	for _, c := range []struct{ load, recovers float64 }{{120, 32}, {140, 118}, {145, 245}, {155, 0}, {280, 0}} {
		t.Run(fmt.Sprint(c.load), func(t *testing.T) {
			t.Parallel()
			top := load(t, "validation/r12-retry-outage.yaml")
			top.Traffic[0].Rate = c.load
			r := sim.Play(compile(t, top), scenarioOf(top), sim.Options{Seed: 1})
			w := client(r, "").Windows
			last, answered, attempts := 0, 0., 0.
			for i := range r.Windows() - 5 { // what is asked later may have no outcome
				if w.Failed[i] > 0 {
					last = i
				}
				if i >= r.Windows()-55 {
					answered += float64(w.OK[i]) / 50
					attempts += float64(w.Attempts[i]) / 50
				}
			}
			if c.recovers == 0 {
				if answered > 0 || math.Abs(attempts-2*c.load) > 0.02*c.load {
					t.Errorf("goodput %.1f/s of %.1f attempts/s, want 0 of %.0f", answered, attempts, 2*c.load)
				}
				tellOne("R-12", fmt.Sprintf("%g/s: goodput in the end", c.load), 0, answered)
				tellOne("R-12", fmt.Sprintf("%g/s: attempts per s in the end", c.load), 2*c.load, attempts)
				return
			}
			took := float64(last + 1 - 70)
			t.Logf("recovers after %.0f s, want %.0f", took, c.recovers)
			if math.Abs(took-c.recovers) > 0.05*c.recovers+1 { // windows of a second
				t.Errorf("recovers %.0f s after the outage, want %.0f", took, c.recovers)
			}
			if math.Abs(answered-c.load) > 0.01*c.load {
				t.Errorf("goodput %.1f/s in the end, want %.1f", answered, c.load)
			}
			tellOne("R-12", fmt.Sprintf("%g/s: recovers after s", c.load), c.recovers, took)
		})
	}
}

// stopped makes the system of R-14.
func stopped(t *testing.T, capacity int, outage time.Duration) *topology.Topology {
	top := load(t, "validation/r12-retry-outage.yaml")
	top.Traffic[0].Rate = 0.7 * float64(capacity)
	top.Services[0].Operations[0].Work.Mean = time.Second / time.Duration(capacity)
	top.Scenarios[0].Faults[0].At, top.Scenarios[0].Faults[0].For = 5*time.Second, outage
	top.Simulation.Duration = 60 * time.Second
	return top
}

// inTheEnd is the goodput and the attempts per second, from 20 s to 10 s before the
// end.
func inTheEnd(r *trace.Run) (goodput, attempts float64) {
	w := client(r, "").Windows
	for i := r.Windows() - 20; i < r.Windows()-10; i++ {
		goodput += float64(w.OK[i]) / 10
		attempts += float64(w.Attempts[i]) / 10
	}
	return goodput, attempts
}

// the shortest outage that is never recovered from is 1.17027 s.
func TestCriticalOutage(t *testing.T) {
	for _, c := range []struct {
		outage time.Duration
		stuck  bool
	}{
		{1100 * time.Millisecond, false},
		{1160 * time.Millisecond, false},
		{1168 * time.Millisecond, false},
		{1173 * time.Millisecond, true},
		{1180 * time.Millisecond, true},
		{1300 * time.Millisecond, true},
	} {
		t.Run(c.outage.String(), func(t *testing.T) {
			t.Parallel()
			top := stopped(t, 4000, c.outage)
			r := sim.Play(compile(t, top), scenarioOf(top), sim.Options{Seed: 1})
			goodput, attempts := inTheEnd(r)
			want, load := 2800., 2800.
			if c.stuck {
				want, load = 0, 5600
			}
			if goodput != want || math.Abs(attempts-load) > 0.01*load {
				t.Errorf("goodput %.0f/s of %.0f attempts/s, want %.0f of %.0f", goodput, attempts, want, load)
			}
			tellOne("R-14", fmt.Sprintf("stopped for %v: goodput per s in the end", c.outage), want, goodput)
		})
	}
}

// R-14 with Poisson arrivals and a quarter of the capacity: chance decides.
func TestCriticalOutageByChance(t *testing.T) {
	if !long {
		t.Skip("long: make deep plays it")
	}
	for _, c := range []struct {
		outage time.Duration
		stuck  float64 // share of the runs
	}{
		{1100 * time.Millisecond, 0},
		{1140 * time.Millisecond, 0.1},
		{1170 * time.Millisecond, 0.6},
		{1200 * time.Millisecond, 0.85},
		{1250 * time.Millisecond, 1},
	} {
		t.Run(c.outage.String(), func(t *testing.T) {
			t.Parallel()
			const n = 100
			top := stopped(t, 1000, c.outage)
			top.Traffic[0].Arrivals = topology.PoissonArrivals
			stuck := 0
			for _, row := range replicate(t, top, scenarioOf(top), 1, n, func(r *trace.Run) []float64 { g, _ := inTheEnd(r); return []float64{g} }) {
				if row[0] < 350 {
					stuck++
				}
			}
			i := stat.Wilson(uint64(stuck), n, stat.Confidence)
			if share := float64(stuck) / n; math.Abs(share-c.stuck) > 0.2 {
				t.Errorf("%.2f of the runs never recover, want %.2f", share, c.stuck)
			}
			tell(row{
				id: "R-14", figure: fmt.Sprintf("by chance, stopped for %v: stuck", c.outage), want: fmt.Sprint(c.stuck),
				got: fmt.Sprintf("%d of %d", stuck, n), interval: i, n: n,
			})
		})
	}
}
