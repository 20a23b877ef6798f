package sim_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/topology"
)

// to survive the loss of one of n zones without scaling, each zone needs
// the need divided by n-1. Utilization is (n-1)/n before and exactly 1 after.
func TestStaticStability(t *testing.T) {
	const demand, perInstance = 6000., 100.
	for _, c := range []struct {
		zones        string
		perZone      int
		provisioning float64 // capacity / demand
	}{
		{"a, b", 60, 2},
		{"a, b, c", 30, 1.5},
		{"a, b, c, d", 20, 4. / 3},
	} {
		t.Run(fmt.Sprintf("A-12 zones %s", c.zones), func(t *testing.T) {
			t.Parallel()
			top := edit(t, "validation/a12-static-stability.yaml",
				"zones: [a, b, c]", "zones: ["+c.zones+"]", "per_zone: 30", fmt.Sprint("per_zone: ", c.perZone))
			r := sim.Play(compile(t, top), scenarioOf(top), sim.Options{Seed: 1})
			zones := float64(len(r.Zones))
			total := zones * float64(c.perZone) * perInstance
			if got := total / demand; math.Abs(got-c.provisioning) > 1e-12 {
				t.Errorf("provisioned %g of the demand, want %g", got, c.provisioning)
			}
			utilization := component(r, "").Windows.Utilization
			for i, u := range utilization {
				at := time.Duration(i) * r.Window
				want := (zones - 1) / zones
				if at == 20*time.Second {
					continue // the survivors fill up within one service time
				} else if at > 20*time.Second {
					want = 1
				}
				if math.Abs(u-want) > 1e-3 {
					t.Errorf("utilization at %v is %.5f, want %.5f", at, u, want)
				}
				var capacity, arrived float64
				for _, z := range r.Zones {
					capacity += z.Capacity[i]
					arrived += z.Demand[i]
				}
				if math.Abs(capacity-demand/want) > 1e-3*capacity || math.Abs(arrived-demand) > 1 {
					t.Errorf("at %v: capacity %.1f/s, want %.1f/s; demand %.1f/s, want %.1f/s", at, capacity, demand/want, arrived, demand)
				}
			}
			// What the lost zone held is lost, one request per instance at most;
			// nothing else is, and nobody waits longer than one service takes.
			o := all(&client(r, "").Phases)
			if lost := o.FailedTotal(); lost > uint64(c.perZone) {
				t.Errorf("%d requests failed, more than the lost zone can have held (%d)", lost, c.perZone)
			}
			if longest := component(r, "").Wait.Max; longest > int64(10*time.Millisecond) {
				t.Errorf("a request waited for %v", time.Duration(longest))
			}
			for _, part := range []struct {
				when string
				i    int
				want float64
			}{{"before", 5, (zones - 1) / zones}, {"after", len(utilization) - 5, 1}} {
				tellOne("A-12", fmt.Sprintf("%g zones: utilization %s the loss", zones, part.when), part.want, utilization[part.i])
			}
			t.Logf("utilization %.4f before, %.4f after; %d requests lost", utilization[5], utilization[len(utilization)-5], o.FailedTotal())
		})
	}
}

// edit loads a topology of testdata with some of its text replaced; the text has
// to be there.
func edit(t *testing.T, path string, oldnew ...string) *topology.Topology {
	t.Helper()
	text := read(t, path)
	for i := 0; i < len(oldnew); i += 2 {
		if !strings.Contains(text, oldnew[i]) {
			t.Fatalf("%s does not contain %q", path, oldnew[i])
		}
		text = strings.ReplaceAll(text, oldnew[i], oldnew[i+1])
	}
	return parse(t, path, []byte(text))
}

// a lost zone is seen by health checks after (3-1) x 10 s + U(0, 10 s). Until
// then a third of the requests fail, and afterwards none.
func TestZoneLossThroughHealthChecks(t *testing.T) {
	trials := 300
	if long {
		trials = 1000
	}
	checkDetection(t, 1, trials, 7500)
	left := 0.
	for k := range 50 + 1 {
		left += float64(k) / float64(100+k) / (50 + 1)
	}
	checkDetection(t, 50, replications, 900*(20./3+10*left))
}

func checkDetection(t *testing.T, perZone, trials int, want float64) {
	const lost = 2 // window of 1 s in which the zone is lost
	top := load(t, "validation/a18-zone-detection.yaml")
	for z := range top.Services[0].Instances {
		top.Services[0].Instances[z] = perZone
	}
	var detection []float64
	var shares [3]trace.Outcomes // before, until the first can be seen, after the last
	for _, row := range replicate(t, top, scenarioOf(top), 1, trials, func(r *trace.Run) []float64 {
		o := all(&client(r, "").Phases)
		row := []float64{float64(o.FailedTotal()), float64(o.Failed[trace.Timeout])}
		w := client(r, "").Windows
		for _, part := range [][2]int{{0, lost - 1}, {lost, lost + 20}, {lost + 30, lost + 32}} {
			var requests, failed float64
			for i := part[0]; i < part[1]; i++ {
				requests += float64(w.Requests[i])
				failed += float64(w.Failed[i])
			}
			row = append(row, requests, failed)
		}
		return row
	}) {
		detection = append(detection, row[0])
		if row[0] != row[1] {
			t.Errorf("%v failures other than timeouts", row[0]-row[1])
		}
		for i := range shares {
			shares[i].Requests += uint64(row[2+2*i])
			shares[i].Failed[trace.Timeout] += uint64(row[3+2*i])
		}
	}
	s := stat.Summarize(detection)
	t.Logf("A-18 %d a zone: %.0f failed, want %.0f; 95%% ± %.0f, tolerance %.0f", perZone, s.Mean, want, s.HalfWidth(stat.Confidence), 0.02*want)
	if !(math.Abs(s.Mean-want) <= 0.02*want) || !(s.HalfWidth(stat.Confidence) <= 0.02*want) || !(math.Abs(s.Mean-want) <= 3*s.StdErr()) {
		t.Errorf("%d a zone: %.1f ± %.1f requests failed, want %.1f", perZone, s.Mean, s.HalfWidth(stat.Confidence), want)
	}
	tellSummary("A-18", fmt.Sprintf("requests failed, %d a zone", perZone), want, s)
	if n := shares[0].FailedTotal() + shares[2].FailedTotal(); n > 0 {
		t.Errorf("%d a zone: %d requests failed before the loss or 30 s after it", perZone, n)
	}
	hit := float64(shares[1].FailedTotal()) / float64(shares[1].Requests)
	if math.Abs(hit-1./3) > 0.02/3 {
		t.Errorf("%d a zone: error rate of %.4f until the first detection, want a third", perZone, hit)
	}
}

// retries multiply through layers: exactly attempts^layers.
func TestRetryAmplification(t *testing.T) {
	for _, c := range []struct {
		retries []int // of the client and layers 1 to 4
		want    uint64
	}{
		{[]int{2, 2, 2, 2, 2}, 243},
		{[]int{0, 0, 3, 3, 3}, 64},
		{[]int{0, 3, 3, 3, 3}, 256},
	} {
		top := load(t, "validation/r01-amplification.yaml")
		top.Traffic[0].To[0].Call.Retries.Max = c.retries[0]
		for i, s := range top.Services[:4] {
			s.Operations[0].Steps[0][0].Retries.Max = c.retries[1+i]
		}
		r := sim.Play(compile(t, top), scenarioOf(top), sim.Options{Seed: 1})
		o := all(&client(r, "").Phases)
		if o.Requests < 99 || o.Requests > 101 || o.FailedTotal() != o.Requests {
			t.Errorf("%d requests, %d failed; want 100 and all", o.Requests, o.FailedTotal())
		}
		attempts := o.Requests
		for i, max := range c.retries {
			attempts *= uint64(max) + 1
			got := all(&r.Components[i].Phases).Requests
			if got != attempts {
				t.Errorf("%v: %s got %d attempts, want %d", c.retries, r.Components[i].Name, got, attempts)
			}
		}
		if got := all(&component(r, "bottom").Phases).Requests; got != c.want*o.Requests {
			t.Errorf("%v: amplification %g, want %d", c.retries, float64(got)/float64(o.Requests), c.want)
		}
		amplified := float64(all(&component(r, "bottom").Phases).Requests) / float64(o.Requests)
		tellOne("R-01", fmt.Sprintf("attempts at the bottom for one request, retries %v", c.retries), float64(c.want), amplified)
		t.Logf("R-01 retries %v: %d attempts reach the bottom for %d requests", c.retries, all(&component(r, "bottom").Phases).Requests, o.Requests)
	}
}
