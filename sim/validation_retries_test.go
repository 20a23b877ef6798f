package sim_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/topology"
)

// retryLaws: what retries and the throttle of clients do to load and success.
func retryLaws() []law {
	var list []law
	for _, p := range []float64{0.01, 0.1, 0.5, 1} {
		for _, attempts := range []int{1, 2, 4} {
			list = append(list, geometric(p, attempts))
		}
	}
	for _, c := range []struct{ p, none, three, load float64 }{
		{0.01, 0.9899, 1, 1.0098}, {0.1, 0.90324, 0.99994, 1.1102}, {0.5, 0.50333, 0.94027, 1.873},
	} {
		for retries, success := range map[int]float64{0: c.none, 3: c.three} {
			load := 1.
			if retries > 0 {
				load = c.load
			}
			list = append(list, law{
				id: fmt.Sprintf("R-06 %d retries, p = %g", retries, c.p), file: "r03-retries.yaml", requests: 2e5, deep: c.p != 0.1,
				change: func(top *topology.Topology) {
					failEvery(top, c.p, retries)
					for i := range 100 {
						one := *top.Traffic[0]
						one.Name = fmt.Sprint("client-", i)
						one.Rate = 10
						top.Traffic = append(top.Traffic, &one)
					}
					top.Traffic = top.Traffic[1:]
				},
				figures: approximate(join(
					about(0.004, figure{name: "success", want: success, of: successful}),
					within(0.01, figure{name: "load", want: load, of: attemptsPerRequest}),
				)),
			})
		}
	}
	for _, accepts := range []float64{100, 400, 600} {
		sent := min(1000, 2*accepts)
		list = append(list, law{
			id: fmt.Sprintf("R-08 accepts %g/s", accepts), file: "r08-throttle.yaml", deep: accepts != 100,
			change: func(top *topology.Topology) {
				top.Services[0].Operations[0].Work.Mean = time.Duration(math.Round(1e9 / accepts))
			},
			figures: approximate(join(
				about(0.03, figure{name: "P(rejected by the client)", want: 1 - sent/1000, of: keptBack}),
				within(0.03,
					figure{name: "sent per s", want: sent, of: perSecond(func(o *trace.Outcomes) uint64 { return o.Requests })},
					figure{name: "rejected by the server per s", want: sent - accepts, of: perSecond(func(o *trace.Outcomes) uint64 { return o.Failed[trace.Rejected] })},
					figure{name: "accepted per s", want: accepts, of: perSecond(func(o *trace.Outcomes) uint64 { return o.OK })},
				),
			)),
		})
	}
	return append(list, law{
		id: "Q-44 retrial queue", file: "q44-retrial.yaml", requests: 4e6, deep: true,
		figures: within(0.015,
			figure{name: "retries per request", want: 3.5, of: func(r *trace.Run) float64 { return attemptsPerRequest(r) - 1 }},
			figure{name: "attempts per s", want: 315, of: func(r *trace.Run) float64 {
				return float64(all(&component(r, "server").Phases).Requests) / r.Duration.Seconds()
			}},
			figure{name: "P(first attempt rejected)", want: 0.7, of: func(r *trace.Run) float64 {
				u := use(component(r, "server"))
				return u.Busy / u.Slots // Poisson arrivals see time averages
			}},
			figure{name: "wait s", want: 70 * ms, of: func(r *trace.Run) float64 { return response("")(r) - 20*ms - 10*ms }},
			figure{name: "clients that will try again", want: 4.9, of: func(r *trace.Run) float64 {
				u := use(component(r, "orbit"))
				return u.InSystem/u.Time - 70*0.020 - 70*0.010 // without first attempts, and those in service
			}},
		),
	})
}

// geometric: attempts that fail with probability p, up to so many.
func geometric(p float64, attempts int) law {
	load, fails := 0., 1.
	for range attempts {
		load += fails
		fails *= p
	}
	fails = math.Round(1e6*fails) / 1e6 // rarer failures are not seen in as many requests
	l := law{
		id: fmt.Sprintf("R-03 p = %g, %d attempts", p, attempts), file: "r03-retries.yaml", requests: 5e5,
		deep:   p != 0.5 || attempts != 4,
		change: func(top *topology.Topology) { failEvery(top, p, attempts-1) },
		figures: within(0.005,
			figure{name: "load", want: load, of: attemptsPerRequest},
			figure{name: "success", want: 1 - fails, of: successful},
		),
	}
	if p == 1 { // no chance is left: what is in flight at the end is all that differs
		l.figures = approximate(l.figures)
	}
	return l
}

func failEvery(top *topology.Topology, p float64, retries int) {
	top.Network.Loss = 1 - math.Sqrt(1-p)
	top.Traffic[0].To[0].Call.Retries.Max = retries
}

func approximate(figures []figure) []figure {
	for i := range figures {
		figures[i].approximate = true
	}
	return figures
}

// allClients sums the requests of all traffics.
func allClients(r *trace.Run) *trace.Outcomes {
	var o trace.Outcomes
	for _, c := range r.Clients {
		o.Add(all(&c.Phases))
	}
	return &o
}

func attemptsPerRequest(r *trace.Run) float64 {
	o := allClients(r)
	return float64(o.Attempts) / float64(o.Requests)
}

func successful(r *trace.Run) float64 {
	o := allClients(r)
	return float64(o.OK) / float64(o.OK+o.FailedTotal())
}

// keptBack is the share of requests that were never sent.
func keptBack(r *trace.Run) float64 { return 1 - attemptsPerRequest(r) }

// perSecond counts something of the first component.
func perSecond(count func(*trace.Outcomes) uint64) func(*trace.Run) float64 {
	return func(r *trace.Run) float64 {
		return float64(count(all(&component(r, "").Phases))) / r.Duration.Seconds()
	}
}

// a budget bounds what retries add to the load when all fails.
func TestRetryBudgetUnderTotalRejection(t *testing.T) {
	for _, c := range []struct {
		budgeted bool
		want     float64
	}{{false, 3000}, {true, 1100}} {
		top := load(t, "validation/r10-budget.yaml")
		top.Traffic[0].To[0].Call.Retries.Budgeted = c.budgeted
		r := sim.Play(compile(t, top), scenarioOf(top), sim.Options{Seed: 1})
		got := float64(allClients(r).Attempts) / r.Duration.Seconds()
		if math.Abs(got-c.want) > 0.01*c.want {
			t.Errorf("budget: %v: %.5g attempts/s, want %.5g", c.budgeted, got, c.want)
		}
		name := map[bool]string{false: "three attempts per request: load per s", true: "with a budget of 10%: load per s"}[c.budgeted]
		tellOne("R-10", name, c.want, got)
	}
}

// retries add to the load second by second.
func TestSlowBurnOfRetries(t *testing.T) {
	top := load(t, "validation/r11-slow-burn.yaml")
	r := sim.Play(compile(t, top), scenarioOf(top), sim.Options{Seed: 1})
	sent, rejected := client(r, "").Windows.Attempts, component(r, "").Windows.Failed
	for s := range 5 {
		total, failing := 10100+100*float64(s), 100+100*float64(s)
		if math.Abs(float64(sent[s])-total) > 0.01*total || math.Abs(float64(rejected[s])-failing) > 0.01*failing {
			t.Errorf("second %d: %d attempts, %d rejected; want %g and %g", s+1, sent[s], rejected[s], total, failing)
		}
		tellOne("R-11", fmt.Sprintf("second %d: attempts", s+1), total, float64(sent[s]))
		tellOne("R-11", fmt.Sprintf("second %d: rejected", s+1), failing, float64(rejected[s]))
	}
	share := float64(rejected[9]) / float64(sent[9])
	if want := 0.09090909; math.Abs(share-want) > 0.01*want {
		t.Errorf("after 10 s %.6f of the attempts are rejected, want %.6f", share, want)
	}
	tellOne("R-11", "P(rejected) after 10 s", 0.09090909, share)
}

// a breaker's timeline against a dead dependency.
func TestBreakerAgainstADeadDependency(t *testing.T) {
	top := load(t, "validation/r21-breaker.yaml")
	r := sim.Play(compile(t, top), scenarioOf(top), sim.Options{Seed: 1})
	var opens, closes time.Duration
	for _, e := range r.Events {
		switch {
		case e.Kind == "breaker" && opens == 0:
			opens = e.T
		case e.Kind == "breaker":
			closes = e.T
		}
	}
	var reached, kept uint64
	w := client(r, "").Windows
	for i := range 6 {
		reached += uint64(component(r, "").Windows.Requests[i])
		kept += uint64(w.Requests[i])
	}
	kept -= reached
	if opens != 190*time.Millisecond || reached != 31 || kept != 5969 {
		t.Errorf("opens at %v; %d calls reach the dependency, %d do not; want 190ms, 31 and 5969", opens, reached, kept)
	}
	if after := closes - time.Minute; after <= 0 || after > 5*time.Second {
		t.Errorf("closes %v after the recovery, want 5s at most", after)
	}
	tellOne("R-21", "opens at s", 0.19, opens.Seconds())
	tellOne("R-21", "calls that reach the dependency in 60 s", 31, float64(reached))
	tellOne("R-21", "calls kept back in 60 s", 5969, float64(kept))
	tellOne("R-21", "closes so many s after the recovery, at most", 5, (closes - time.Minute).Seconds())
}
