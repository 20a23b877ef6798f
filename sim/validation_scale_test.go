package sim_test

import (
	"math"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/topology"
)

// slowDown makes everything in a topology take k times as long.
func slowDown(top *topology.Topology, k time.Duration) {
	distribution := func(d *topology.Distribution) {
		d.Mean *= k
		d.Min *= k
		d.Max *= k
		d.Median *= k
		d.P99 *= k
		d.StdDev *= k
		for i := range d.Points {
			d.Points[i].Value *= k
		}
	}
	call := func(c *topology.Call) {
		c.Timeout *= k
		c.Retries.Initial *= k
		c.Retries.Cap *= k
		if c.Fallback != nil {
			distribution(c.Fallback)
		}
	}
	distribution(&top.Network.SameZone)
	distribution(&top.Network.CrossZone)
	for _, s := range top.Services {
		for _, o := range s.Operations {
			distribution(&o.Work)
			for _, step := range o.Steps {
				for _, c := range step {
					call(c)
				}
			}
		}
	}
	for _, tr := range top.Traffic {
		tr.Rate /= float64(k)
		distribution(&tr.Think)
		for _, to := range tr.To {
			call(to.Call)
		}
	}
	sm := &top.Simulation
	sm.Duration *= k
	sm.Warmup *= k
	sm.Window *= k
}

// compare holds the mean of got against k times the mean of want: the difference
// has to lie within three standard errors, and these within 1%.
func compare(t *testing.T, what string, want, got []float64, k float64) {
	t.Helper()
	a, b := stat.Summarize(want), stat.Summarize(got)
	difference := b.Mean/k - a.Mean
	err := math.Hypot(a.StdErr(), b.StdErr()/k)
	t.Logf("%s: %.6g and %.6g / %g, standard error of the difference %.2g", what, a.Mean, b.Mean, k, err)
	if math.Abs(difference) > 3*err {
		t.Errorf("%s: %.6g became %.6g, by more than three standard errors (%.2g)", what, a.Mean, b.Mean/k, err)
	}
	if err > 0.01*a.Mean {
		t.Errorf("%s: the standard error %.2g is too wide to tell", what, err)
	}
}
