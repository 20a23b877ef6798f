package sim_test

import (
	"fmt"
	"math"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// queueLaws: who is served next, who goes away, and who comes at once.
func queueLaws() []law {
	waitOf := func(name string) func(*trace.Run) float64 {
		return func(r *trace.Run) float64 { return response(name)(r) - 10*ms }
	}
	return []law{
		{
			id: "Q-18 M/M/10+M", file: "q18-impatience.yaml", requests: 2e6, deep: true, change: beImpatient,
			figures: join(
				about(0.005,
					figure{name: "P(wait)", want: 0.7505025, of: waited},
					figure{name: "P(abandon)", want: 0.1477458, of: left},
				),
				within(0.01,
					figure{name: "utilization", want: 0.9374796, of: utilization},
					figure{name: "served per s", want: 9.374796, of: func(r *trace.Run) float64 {
						return served(r) / r.Duration.Seconds()
					}},
				),
			),
		},
		{
			id: "Q-34 M^5/M/1", file: "q34-batches.yaml", requests: 6e6, deep: true,
			figures: within(0.01,
				figure{name: "utilization", want: 0.8, of: utilization},
				figure{name: "in the system", want: 12, of: inSystem},
				figure{name: "sojourn s", want: 150 * ms, of: sojourn("server")},
			),
		},
		{
			id: "Q-46 priority", file: "q46-priority.yaml", requests: 5.5e6,
			figures: within(0.015,
				figure{name: "wait of high s", want: 10.52632 * ms, of: waitOf("high")},
				figure{name: "wait of low s", want: 52.63158 * ms, of: waitOf("low")},
				figure{name: "wait of all s", want: 40 * ms, of: waitMean},
			),
		},
	}
}

// breakdownLaws: a server that freezes now and then. What comes to it meanwhile is not
// counted at the instance before it goes on, so that the figures are the clients'.
func breakdownLaws() []law {
	figures := func(up, inside, sojourn float64) []figure {
		return join(
			about(0.005, figure{name: "P(up)", want: up, of: notFrozen}),
			within(0.02,
				figure{name: "in the system, by Little's law", want: inside, of: func(r *trace.Run) float64 { return goodput(r) * response("")(r) }},
				figure{name: "sojourn s", want: sojourn, of: response("")},
			),
		)
	}
	return []law{
		{id: "Q-42 fails every 10 s", file: "q42-breakdowns.yaml", requests: 4e5, figures: figures(0.9, 1.375, 2.75)},
		{
			id: "Q-42 fails every minute", file: "q42-breakdowns.yaml", requests: 3.2e8, deep: true,
			change: func(top *topology.Topology) {
				top.Traffic[0].Rate = 50
				top.Services[0].Operations[0].Work.Mean = 10 * time.Millisecond
				f := top.Scenarios[0].Faults[0].Failures
				f.MTTF.Mean, f.MTTR.Mean = time.Minute, 6*time.Second
			},
			figures: figures(0.9090909, 61.82828, 1.236566),
		},
	}
}

// notFrozen is the share of the time in which the one instance works.
func notFrozen(r *trace.Run) float64 {
	var frozen, since time.Duration
	for _, e := range r.Events {
		switch e.Kind {
		case "failures":
			since = e.T
		case "ended":
			frozen += e.T - since
			since = r.Duration
		}
	}
	if since > 0 {
		frozen += r.Duration - since
	}
	return 1 - frozen.Seconds()/r.Duration.Seconds()
}

// beImpatient splits a traffic into many of equal rate whose timeouts are the
// quantiles of an exponential with its timeout as the mean.
func beImpatient(top *topology.Topology) {
	const n = 200
	whole := top.Traffic[0]
	top.Traffic = nil
	for k := range n {
		tr, call := *whole, *whole.To[0].Call
		tr.Name = fmt.Sprint(whole.Name, "-", k)
		tr.Rate = whole.Rate / n
		call.Timeout = time.Duration(-math.Log(1-(float64(k)+0.5)/n) * float64(whole.To[0].Call.Timeout))
		tr.To = []topology.WeightedCall{{Weight: 1, Call: &call}}
		top.Traffic = append(top.Traffic, &tr)
	}
}

// served is how many requests began their work.
func served(r *trace.Run) float64 {
	c := component(r, "")
	return use(c).Busy / c.HoldTime
}

// left is the share of the requests that never began their work.
func left(r *trace.Run) float64 {
	return 1 - served(r)/float64(all(&component(r, "").Phases).Requests)
}
