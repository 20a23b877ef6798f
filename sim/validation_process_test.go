package sim_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// Availability as redundancy over a process of faults: monkeys strike every
// second, and what they strike is back a second later. The formulas are in the
// topologies.

// process is a case whose figure is the share of the time in which a system is
// not available, in percent of which (5%) it has to be known.
type process struct {
	id     string
	figure string
	file   string
	change func(*topology.Topology)
	want   float64                  // availability
	down   func(*trace.Run) float64 // share of the time
	runs   int                      // of the deep test
	short  int                      // of the short test, too few to be sure of 5%
}

const ofUnavailability = 0.05

func processes() []process {
	web := func(r *trace.Run, window int) float64 { return atLeast(2, r, window, "web") }
	return []process{
		{
			id: "A-01", figure: "steady state", file: "a01-one-instance.yaml", want: 0.9960159, runs: 130, short: 20,
			down: func(r *trace.Run) float64 { u := use(component(r, "")); return 1 - u.InService/u.Time },
		},
		{
			id: "A-03", figure: "two of three", file: "a05-block-diagram.yaml", want: 0.999702, runs: 1400, short: 20,
			down: byWindow(web),
		},
		{
			id: "A-05", figure: "all in a row", file: "a05-block-diagram.yaml", want: 0.999577, runs: 1000, short: 20,
			down: byWindow(func(r *trace.Run, window int) float64 {
				return atLeast(1, r, window, "lb") * web(r, window) * atLeast(1, r, window, "db")
			}),
		},
		{
			id: "A-07", figure: "six of nine, one zone known down", file: "a07-three-zones.yaml", want: 0.9414801, runs: 20, short: 20,
			change: func(top *topology.Topology) {
				for _, s := range top.Services {
					s.Instances[0] = 0
				}
			},
			down: byWindow(func(r *trace.Run, window int) float64 { return atLeast(6, r, window, "first", "second", "third") }),
		},
		{
			id: "A-14", figure: "30 dependencies", file: "a14-dependencies.yaml", want: 0.9970043, runs: 140, short: 10,
			change: func(top *topology.Topology) {
				front := top.Services[0].Operations[0]
				for len(top.Services) < 31 {
					s, c := *top.Services[1], *front.Steps[0][0]
					s.Name += string(rune('A' + len(top.Services)))
					c.To.Service = len(top.Services)
					front.Steps = append(front.Steps, topology.Step{&c})
					m := top.Scenarios[0].Faults[0].Monkey
					m.Services = append(m.Services, len(top.Services))
					top.Services = append(top.Services, &s)
				}
			},
			down: func(r *trace.Run) float64 {
				o := all(&client(r, "").Phases)
				return float64(o.FailedTotal()) / float64(o.Requests)
			},
		},
	}
}

// byWindow averages an availability over the windows, in which nothing changes.
func byWindow(up func(r *trace.Run, window int) float64) func(*trace.Run) float64 {
	return func(r *trace.Run) float64 {
		var down float64
		for i := range r.Windows() {
			down += 1 - up(r, i)
		}
		return down / float64(r.Windows())
	}
}

// atLeast is 1 if so many instances of some services are up in a window, else 0.
func atLeast(needed int, r *trace.Run, window int, services ...string) float64 {
	var up float64
	for _, s := range services {
		up += component(r, s).Windows.InService[window]
	}
	if math.Round(up) >= float64(needed) {
		return 1
	}
	return 0
}

func TestFaultProcesses(t *testing.T) {
	for _, p := range processes() {
		t.Run(p.id, func(t *testing.T) {
			t.Parallel()
			top := load(t, "validation/"+p.file)
			if p.change != nil {
				p.change(top)
			}
			n := p.short
			if long {
				n = p.runs
			}
			var down stat.Running
			for _, row := range replicate(t, top, scenarioOf(top), 1, n, func(r *trace.Run) []float64 { return []float64{p.down(r)} }) {
				down.Add(row[0])
			}
			f := figure{name: p.figure, want: 1 - p.want, tolerance: ofUnavailability * (1 - p.want)}
			s := down.Summary()
			if !long {
				f.tolerance = math.Inf(1)
			}
			t.Logf("%s: %.6f down, want %.6f; 95%% ± %.2g", p.figure, s.Mean, f.want, s.HalfWidth(stat.Confidence))
			if problem := f.judge(s); problem != "" {
				t.Error(problem)
			}
			tellSummary(p.id, "unavailability, "+p.figure, f.want, s)
			if p.id == "A-07" {
				checkZones(t, s)
			}
		})
	}
}

// A-07 as a whole: what was played of one lost zone, weighted with how many zones
// are up; with all of them, at least four of nine instances have to be down, which
// is too rare to be played.
func checkZones(t *testing.T, oneLost stat.Summary) {
	const zone, zones, want = 0.9995, 3, 0.9999103
	one := zones * zone * zone * (1 - zone)
	rest := zones*zone*(1-zone)*(1-zone) + math.Pow(1-zone, zones) // always down
	ofAll := math.Pow(zone, zones) * belowSixOfNine(0.99)
	down := stat.Summary{N: oneLost.N, Mean: one*oneLost.Mean + rest + ofAll, StdDev: one * oneLost.StdDev}
	f := figure{want: 1 - want, tolerance: ofUnavailability * (1 - want)}
	if problem := f.judge(down); problem != "" {
		t.Errorf("zones weighted: %s", problem)
	}
	tellSummary("A-07", "unavailability, zones weighted", f.want, down)
	share := 1 - ofAll/down.Mean
	if math.Abs(share-0.9865185) > 0.002 {
		t.Errorf("zones cause %.4f of the unavailability, want 0.9865", share)
	}
}

func belowSixOfNine(up float64) (p float64) {
	choose := 1.
	for k := range 6 {
		p += choose * math.Pow(up, float64(k)) * math.Pow(1-up, float64(9-k))
		choose *= float64(9-k) / float64(k+1)
	}
	return p
}

// A-01 from a start that is up, over a day: the process itself, a million times,
// as a run for each day would take minutes.
func TestTransientAvailability(t *testing.T) {
	const mttf, mttr, horizon, n = 1000., 4., 24., 1_000_000
	rnd := rand.New(rand.NewPCG(1, 24))
	var atEnd, over stat.Running
	for range n {
		var now, up float64
		alive := true
		for now < horizon {
			mean := mttr
			if alive {
				mean = mttf
			}
			next := min(now+rnd.ExpFloat64()*mean, horizon)
			if alive {
				up += next - now
			}
			if now = next; now < horizon {
				alive = !alive
			}
		}
		if alive {
			atEnd.Add(1)
		} else {
			atEnd.Add(0)
		}
		over.Add(up / horizon)
	}
	for _, f := range []struct {
		figure
		samples *stat.Running
	}{
		{figure{name: "unavailability at 24 h, the process alone", want: 1 - 0.9960256, tolerance: math.Inf(1)}, &atEnd},
		{figure{name: "unavailability over 24 h, the process alone", want: 1 - 0.9966757, tolerance: math.Inf(1)}, &over},
	} {
		s := f.samples.Summary()
		s.Mean = 1 - s.Mean
		if problem := f.judge(s); problem != "" {
			t.Errorf("%s: %s", f.name, problem)
		}
		tellSummary("A-01", f.name, f.want, s)
	}
}

// A-14 as it was published, which is arithmetic.
func TestThirtyDependencies(t *testing.T) {
	a := math.Pow(0.9999, 30)
	if math.Abs(a-0.9970043) > 5e-8 || math.Round(1e9*(1-a)) != 2_995_654 || math.Abs((1-a)*30*24-2.156871) > 5e-7 {
		t.Errorf("0.9999^30 = %.9f", a)
	}
}
