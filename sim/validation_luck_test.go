package sim_test

import (
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// leastFactor is by how much common luck must cut the variance of a difference
// at least.
const leastFactor = 3

// Two designs that meet the same luck can be told apart with fewer replications
// than two that do not: the variance of the paired difference of their mean
// latencies is a fraction of that of independent runs (common random numbers;
// Law, section 11.2). The designs are streaming.yaml and the same with one
// instance more, in the first zone; healthy, and with the last zone lost, whose
// instances have to meet the same health checks in both designs.
func TestCommonLuckSurvivesOneMoreInstance(t *testing.T) {
	n, names := 12, []string{"edge", "catalog"}
	if long {
		n, names = 2*replications, nil
		for _, s := range load(t, "streaming.yaml").Services {
			names = append(names, s.Name)
		}
	}
	for _, lost := range []bool{false, true} {
		t.Run(map[bool]string{false: "healthy", true: "zone lost"}[lost], func(t *testing.T) {
			t.Parallel()
			base := played(t, "", lost, n)
			for _, name := range names {
				more := played(t, name, lost, n)
				latency := luckFactor(base, more, 0)
				t.Logf("%s with one more: variance of the difference in mean latency cut %.1f times, in availability %.1f times",
					name, latency, luckFactor(base, more, 1))
				if !(latency >= leastFactor) {
					t.Errorf("%s: common luck cuts the variance %.2f times, want %d", name, latency, leastFactor)
				}
			}
		})
	}
}

// played is the mean latency and the availability of replications of
// streaming.yaml, with one more instance of the named service.
func played(t *testing.T, grown string, lost bool, n int) [][]float64 {
	top := load(t, "streaming.yaml")
	for _, s := range top.Services {
		if s.Name == grown {
			s.Instances[0]++
		}
	}
	sm := &top.Simulation
	sm.Duration, sm.Warmup, sm.Window = 10*time.Second, 2*time.Second, time.Second
	v := scenarios.Healthy()
	if lost {
		sm.Duration *= 2 // until the checks have seen it
		zone := &topology.Gorilla{Zone: topology.Choice{Of: []int{len(top.ZoneNames()) - 1}}, RefuseCapacityElsewhere: 1, Restart: true}
		v = scenarios.Variants(top, &topology.Scenario{Name: "lost", Faults: []*topology.Fault{{At: 2 * time.Second, Gorilla: zone}}})[0]
	}
	return replicate(t, top, v, 1, n, func(r *trace.Run) []float64 {
		o := all(&client(r, "").Phases)
		return []float64{o.Latency.Mean(), float64(o.OK+o.Degraded) / float64(o.OK+o.Degraded+o.FailedTotal())}
	})
}

// luckFactor is the variance of the difference of independent runs over that of
// pairs: what common luck is worth in replications. NaN if nothing varies.
func luckFactor(a, b [][]float64, figure int) float64 {
	var first, second, difference stat.Running
	for i := range a {
		first.Add(a[i][figure])
		second.Add(b[i][figure])
		difference.Add(b[i][figure] - a[i][figure])
	}
	variance := func(r *stat.Running) float64 { s := r.Summary().StdDev; return s * s }
	return (variance(&first) + variance(&second)) / variance(&difference)
}
