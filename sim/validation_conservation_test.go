package sim_test

import (
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/topology"
)

// everyTopology lists the topologies of testdata, as paths below it. The one with
// 10,000 instances is for benchmarks only.
func everyTopology(t *testing.T) []string {
	t.Helper()
	root := filepath.Join("..", "testdata")
	var paths []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == "invalid" {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if strings.HasSuffix(path, ".yaml") && entry.Name() != "three-zones-10k.yaml" {
			path, err = filepath.Rel(root, path)
			paths = append(paths, filepath.ToSlash(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func read(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// shorten makes a run of about that many attempts at services.
func shorten(top *topology.Topology, attempts float64) {
	var rate float64 // of attempts
	for _, tr := range top.Traffic {
		requests := tr.Rate
		if tr.Users > 0 {
			think := tr.Think.Mean
			if tr.Think.Kind == topology.Uniform {
				think = (tr.Think.Min + tr.Think.Max) / 2
			}
			requests += float64(tr.Users) / think.Seconds()
		}
		for _, to := range tr.To {
			rate += requests * to.Weight * calls(top, to.Call)
		}
	}
	sm := &top.Simulation
	sm.Duration = time.Duration(attempts / rate * float64(time.Second))
	sm.Warmup = sm.Duration / 10
	sm.Window = sm.Duration / 10
}

// calls is how many attempts one call makes in all, if nothing fails.
func calls(top *topology.Topology, c *topology.Call) float64 {
	n := 1.
	for _, next := range top.CallsOf(c.To) {
		n += calls(top, next)
	}
	return n * c.Probability * float64(c.Times)
}

// Q-50, flow: every request of a client has exactly one end, or none yet, and the
// columns by window add up to the totals. Under faults, too.
func TestFlowIsConserved(t *testing.T) {
	for _, path := range everyTopology(t) {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			top := load(t, path)
			shorten(top, 100_000)
			for _, v := range someFaults(top) {
				checkFlow(t, top, sim.Play(compile(t, top), v, sim.Options{Seed: 1}))
			}
		})
	}
}

// someFaults is the healthy run and a lost zone, squeezed into a short run.
func someFaults(top *topology.Topology) []scenarios.Variant {
	d := top.Simulation.Duration
	lost := &topology.Scenario{Name: "lost", Faults: []*topology.Fault{
		{At: d / 4, For: d / 4, Gorilla: &topology.Gorilla{Zone: topology.Choice{Of: []int{0}}, RefuseCapacityElsewhere: 1, Restart: true}},
		{At: d / 2, Kill: &topology.Kill{Selection: topology.Selection{Services: []int{0}, Count: 1}}},
	}}
	return append(scenarios.Variants(top, lost), scenarios.Healthy())
}

func checkFlow(t *testing.T, top *topology.Topology, r *trace.Run) {
	t.Helper()
	var failed, degraded uint64
	for i, c := range r.Clients {
		o := all(&c.Phases)
		failed += o.FailedTotal()
		checkEnds(t, r, "client "+c.Name, &c.Phases)
		if o.Latency.Count != o.OK+o.Degraded {
			t.Errorf("%s: client %s: %d latencies of %d answers", r.Scenario, c.Name, o.Latency.Count, o.OK+o.Degraded)
		}
		if least := o.Requests - o.InFlight() - keptBackAtMost(top.Traffic[i], o); o.Attempts < least {
			t.Errorf("%s: client %s: %d attempts for %d requests", r.Scenario, c.Name, o.Attempts, o.Requests)
		}
		degraded += o.Degraded
		w := c.Windows
		compareSum(t, r, c.Name+" requests", w.Requests, o.Requests)
		compareSum(t, r, c.Name+" attempts", w.Attempts, o.Attempts)
		compareSum(t, r, c.Name+" ok", w.OK, o.OK)
		compareSum(t, r, c.Name+" degraded", w.Degraded, o.Degraded)
		compareSum(t, r, c.Name+" failed", w.Failed, o.FailedTotal())
		var answered uint64
		for _, a := range c.Answered {
			answered += a
		}
		compareSum(t, r, c.Name+" answered", w.Answered, answered)
	}
	for _, c := range r.Components {
		o := all(&c.Phases)
		compareSum(t, r, c.Name+" requests", c.Windows.Requests, o.Requests)
		compareSum(t, r, c.Name+" ok", c.Windows.OK, o.OK)
		compareSum(t, r, c.Name+" degraded", c.Windows.Degraded, o.Degraded)
		compareSum(t, r, c.Name+" failed", c.Windows.Failed, o.FailedTotal())
		checkEnds(t, r, "component "+c.Name, &c.Phases)
	}
	for _, c := range r.Causes {
		failed -= c.Failed
		degraded -= c.Degraded
	}
	if failed != 0 || degraded != 0 {
		t.Errorf("%s: the causes leave %d failed and %d degraded requests of clients unexplained", r.Scenario, int64(failed), int64(degraded))
	}
	if start := r.Spans[0].Start; start != 0 {
		t.Errorf("%s: the first phase starts at %v", r.Scenario, start)
	}
}

// keptBackAtMost is how many requests of a client may not have been sent at all.
func keptBackAtMost(client *topology.Traffic, o *trace.Outcomes) (n uint64) {
	for _, to := range client.To {
		if to.Call.Breaker != nil {
			n = o.Failed[trace.Open]
		}
	}
	for _, to := range client.To {
		if to.Call.Throttle != nil || to.Call.Bulkhead > 0 {
			return n + o.Failed[trace.Rejected]
		}
	}
	return n
}

// checkEnds holds that in no phase more requests end than were made in it: what is
// in flight is the difference, which has no sign.
func checkEnds(t *testing.T, r *trace.Run, what string, phases *[trace.Phases]trace.Outcomes) {
	t.Helper()
	for p := range phases {
		o := &phases[p]
		if ended := o.OK + o.Degraded + o.FailedTotal(); ended > o.Requests {
			t.Errorf("%s: %s: in phase %d, %d requests ended of %d", r.Scenario, what, p, ended, o.Requests)
		}
	}
}

func compareSum(t *testing.T, r *trace.Run, what string, column []uint32, total uint64) {
	t.Helper()
	var sum uint64
	for _, x := range column {
		sum += uint64(x)
	}
	if sum != total {
		t.Errorf("%s: %s: the windows hold %d, the total is %d", r.Scenario, what, sum, total)
	}
}

// Q-50, Little's law: L = lambda W at every component of every topology, without
// faults; and, where a slot is held for nothing but the work, busy slots = the sum
// of the service times. What crosses the run's edges is a small share of it.
func TestLittle(t *testing.T) {
	const tolerance = 0.002
	for _, path := range everyTopology(t) {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			top := load(t, path)
			shorten(top, 400_000)
			r := sim.Play(compile(t, top), scenarios.Healthy(), sim.Options{Seed: 1})
			for i, c := range r.Components {
				o, u := all(&c.Phases), use(c)
				if o.Requests < 1000 {
					continue
				}
				// What is rejected was never there, and has no latency.
				arrivals := float64(o.Latency.Count) / u.Time
				inSystem, expected := u.InSystem/u.Time, arrivals*o.Latency.Mean()
				if path == "streaming.yaml" {
					tellOne("Q-50", "requests at "+c.Name+" of streaming.yaml: L against λW", expected, inSystem)
				}
				// The edges: what was there at the start and is at the end.
				edge := 4 * math.Sqrt(inSystem+1) * o.Latency.Mean() / u.Time
				if d := math.Abs(inSystem - expected); !(d <= tolerance*inSystem+edge) {
					t.Errorf("%s: L = %.6g, lambda W = %.6g", c.Name, inSystem, expected)
				}
				if i >= len(top.Services) {
					continue
				}
				s := top.Services[i]
				plain := s.Cores == 0 && (s.Blocking || len(s.Operations[0].Steps) == 0)
				if !plain {
					continue
				}
				busy, service := u.Busy, o.Latency.Sum/1e9-c.Wait.Sum/1e9
				if d := math.Abs(busy - service); !(d <= tolerance*busy+edge*u.Time) {
					t.Errorf("%s: busy for %.6g s, served for %.6g s", c.Name, busy, service)
				}
			}
		})
	}
}

// Q-50, PASTA: Poisson arrivals see time averages, so that with one worker the share
// of requests that wait is the utilization (Wolff 1982).
func TestPoissonArrivalsSeeTimeAverages(t *testing.T) {
	const tolerance = 0.005
	for _, path := range []string{"q01-mm1", "q10-md1", "q12-mh21", "q14-mg1-lognormal"} {
		top := load(t, "validation/"+path+".yaml")
		shorten(top, 1_000_000)
		r := sim.Play(compile(t, top), scenarios.Healthy(), sim.Options{Seed: 1})
		t.Logf("%s: busy %.4f, waited %.4f", path, utilization(r), waited(r))
		if math.Abs(utilization(r)-waited(r)) > tolerance {
			t.Errorf("%s: busy for %.4f of the time, but %.4f of the requests wait", path, utilization(r), waited(r))
		}
	}
}
