package sim_test

import (
	"math"

	"github.com/silverback-sim/silverback/report/trace"
)

// What laws are about, read from a run: each function makes the reader of one
// figure. All times are in seconds.

// client is the traffic of that name, or the first.
func client(r *trace.Run, name string) *trace.Client {
	for _, c := range r.Clients {
		if name == "" || c.Name == name {
			return c
		}
	}
	return nil
}

// component is the service of that name, or the first.
func component(r *trace.Run, name string) *trace.Component {
	for _, c := range r.Components {
		if name == "" || c.Name == name {
			return c
		}
	}
	return nil
}

// all sums phases.
func all(phases *[trace.Phases]trace.Outcomes) *trace.Outcomes {
	var o trace.Outcomes
	for i := range phases {
		o.Add(&phases[i])
	}
	return &o
}

func use(c *trace.Component) trace.Use {
	var u trace.Use
	for _, p := range c.Use {
		u.Add(p)
	}
	return u
}

// response is the mean time of a client's answered requests.
func response(name string) func(*trace.Run) float64 {
	return func(r *trace.Run) float64 { return all(&client(r, name).Phases).Latency.Mean() }
}

// responseQuantile of order q.
func responseQuantile(name string, q float64) func(*trace.Run) float64 {
	return func(r *trace.Run) float64 { return all(&client(r, name).Phases).Latency.Quantile(q) }
}

// sojourn is the mean time from arrival at an instance to its reply.
func sojourn(name string) func(*trace.Run) float64 {
	return func(r *trace.Run) float64 { return all(&component(r, name).Phases).Latency.Mean() }
}

func waitMean(r *trace.Run) float64   { return component(r, "").Wait.Mean() }
func waitStdDev(r *trace.Run) float64 { return component(r, "").Wait.StdDev() }

// waited is the share of requests that found no free slot.
func waited(r *trace.Run) float64 { return component(r, "").Wait.Above(0) }

func waitQuantile(q float64) func(*trace.Run) float64 {
	return func(r *trace.Run) float64 { return component(r, "").Wait.Quantile(q) }
}

// inSystem is the mean number of requests at a component, inQueue of those that
// wait.
func inSystem(r *trace.Run) float64 { u := use(component(r, "")); return u.InSystem / u.Time }
func inQueue(r *trace.Run) float64  { u := use(component(r, "")); return u.Queue / u.Time }

func utilization(r *trace.Run) float64 { u := use(component(r, "")); return u.Busy / u.Slots }

// failed is the share of clients' requests that failed for a reason.
func failed(reason trace.Reason) func(*trace.Run) float64 {
	return func(r *trace.Run) float64 {
		o := all(&client(r, "").Phases)
		return float64(o.Failed[reason]) / float64(o.Requests)
	}
}

// goodput is answers per second, by the moment of the answer.
func goodput(r *trace.Run) float64 {
	var n uint64
	for _, a := range client(r, "").Answered {
		n += a
	}
	return float64(n) / r.Duration.Seconds()
}

// slower is the share of answered requests that took longer than a time in s.
func slower(than float64) func(*trace.Run) float64 {
	return func(r *trace.Run) float64 {
		return all(&client(r, "").Phases).Latency.Above(int64(math.Round(than * 1e9)))
	}
}

// queueGrowth is how many requests per second a component's queue grows by, from
// the first quarter of the run's windows to its last.
func queueGrowth(name string) func(*trace.Run) float64 {
	return func(r *trace.Run) float64 {
		q := component(r, name).Windows.Queue
		quarter := len(q) / 4
		var first, last float64
		for i := range quarter {
			first += q[i] / float64(quarter)
			last += q[len(q)-1-i] / float64(quarter)
		}
		return (last - first) / (float64(len(q)-quarter) * r.Window.Seconds())
	}
}
