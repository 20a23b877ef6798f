package sim_test

import (
	"fmt"
	"math"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// networkLaws: several services.
func networkLaws() []law {
	list := []law{
		{
			id: "Q-20 tandem", file: "q20-tandem.yaml", requests: 3e6,
			figures: join(
				within(0.01, figure{name: "response s", want: 70 * ms, of: response("")}),
				within(0.02,
					figure{name: "p50 s", want: 56.36926 * ms, of: responseQuantile("", 0.5)},
					figure{name: "p95 s", want: 175.2235 * ms, of: responseQuantile("", 0.95)},
					figure{name: "p99 s", want: 255.7905 * ms, of: responseQuantile("", 0.99)},
				),
			),
		},
		{
			id: "Q-22 Jackson network", file: "q22-jackson.yaml", requests: 4e6, deep: true,
			figures: within(0.01, figure{name: "response s", want: 74.39487 * ms, of: response("")}),
		},
		{
			id: "Q-26 fan-out to ten", file: "q26-fan-out.yaml", requests: 6e5, deep: true,
			figures: within(0.015, figure{name: "response s", want: 51.78 * ms, of: response("")}),
		},
		{
			id: "Q-24 fork-join", file: "q24-fork-join.yaml", requests: 1.5e6,
			figures: within(0.01, figure{name: "response s", want: 28.75 * ms, of: response("")}),
		},
	}
	for _, c := range []struct {
		leaves   int
		quantile float64 // of the leaves that are fast
		slow     float64
		requests float64
	}{{100, 0.99, 0.6339677, 2.4e5}, {2000, 0.9999, 0.1812774, 1.6e5}} {
		list = append(list, law{
			id: fmt.Sprintf("R-19 tail of %d leaves", c.leaves), file: "r19-tail-at-scale.yaml", requests: c.requests, deep: true,
			change: func(top *topology.Topology) {
				for _, call := range top.Services[0].Operations[0].Steps[0] {
					call.Times = c.leaves
				}
				work := &top.Services[1].Operations[0].Work
				work.Points[1].Share = c.quantile
			},
			figures: about(0.003, figure{name: "P(slow)", want: c.slow, of: slower(10 * ms)}),
		})
	}
	return list
}

// balancingLaws: several instances and how one is chosen. The order random > round
// robin > least requests > one queue follows from the figures.
func balancingLaws() []law {
	list := []law{{
		id: "Q-32 round robin", file: "q32-round-robin.yaml", requests: 4e6,
		figures: within(0.015, figure{name: "response s", want: 32.67384 * ms, of: response("")}),
	}, {
		id: "Q-32 round robin, tail", file: "q32-round-robin.yaml", requests: 1.2e7, deep: true,
		figures: within(0.015, figure{name: "p99 s", want: 150.4686 * ms, of: responseQuantile("", 0.99)}),
	}, {
		id: "Q-32 random", file: "q32-round-robin.yaml", requests: 8e6, deep: true,
		change:  func(top *topology.Topology) { top.Services[0].Balancing = topology.RandomChoice },
		figures: within(0.015, figure{name: "response s", want: 50 * ms, of: response("")}),
	}}
	for _, c := range []struct {
		name     string
		change   func(*topology.Service)
		response float64
		requests float64
	}{
		{"least requests", nil, 2.955737, 3e6},
		{"random", func(s *topology.Service) { s.Balancing = topology.RandomChoice }, 5, 4e6},
		{"round robin", func(s *topology.Service) { s.Balancing = topology.RoundRobin }, 3.84398, 4e6},
		{"one queue", func(s *topology.Service) { s.Instances[0], s.Concurrency = 1, 2 }, 2.777778, 3e6},
	} {
		l := law{
			id: "Q-30 " + c.name, file: "q30-join-shortest.yaml", requests: c.requests, deep: c.change != nil,
			figures: within(0.015, figure{name: "response s", want: 10 * ms * c.response, of: response("")}),
		}
		if c.change == nil {
			l.figures = join(l.figures, about(0.005, figure{name: "P(wait)", want: 0.6941648, of: waited}))
		} else {
			l.change = func(top *topology.Topology) { c.change(top.Services[0]) }
		}
		list = append(list, l)
	}
	return append(list, choiceLaws()...)
}

// choiceLaws: power of two choices over 100 servers. The reference with 100
// servers is an independent simulation; the limit of many servers is exact, and
// 100 of them are above it by 0.3% to 0.7% up to a load of 0.9.
func choiceLaws() []law {
	var list []law
	for _, c := range []struct {
		load, reference, limit float64
		requests               float64
		deep                   bool
	}{
		{0.5, 1.2693, 1.265686, 1e6, false},
		{0.7, 1.6186, 1.614454, 2e6, true},
		{0.8, 1.9539, 1.947363, 3e6, true},
		{0.9, 2.632, 2.614057, 7e6, true},
		{0.95, 3.448, 0, 1.6e7, true},
		{0.99, 6.02, 0, 2e7, true},
	} {
		tolerance := 0.01
		if c.load > 0.95 {
			tolerance = 0.04
		}
		measured := within(tolerance, figure{name: "response s", want: 10 * ms * c.reference, of: response("")})
		if c.limit > 0 {
			measured = join(measured, within(0.02, figure{name: "against many servers s", want: 10 * ms * c.limit, of: response("")}))
		}
		for i := range measured {
			measured[i].approximate = true
		}
		list = append(list, law{
			id: fmt.Sprintf("Q-28 power of two at %g", c.load), file: "q28-power-of-two.yaml", requests: c.requests, deep: c.deep,
			change:  func(top *topology.Topology) { top.Traffic[0].Rate = 10_000 * c.load },
			figures: measured,
		})
	}
	return append(list, law{
		id: "Q-28 random at 0.8", file: "q28-power-of-two.yaml", requests: 8e6, deep: true,
		change:  func(top *topology.Topology) { top.Services[0].Balancing = topology.RandomChoice },
		figures: within(0.01, figure{name: "response s", want: 50 * ms, of: response("")}),
	})
}

// clientLaws: closed loops, impatience, and what clients see of a gray failure.
func clientLaws() []law {
	goodbye := math.Exp(-2)
	return []law{
		{
			id: "Q-40 closed loop", file: "q40-closed-loop.yaml", requests: 2e6,
			figures: within(0.01,
				figure{name: "throughput per s", want: 16.82216, of: goodput},
				figure{name: "response s", want: 188.9079 * ms, of: response("")},
				figure{name: "utilization", want: 0.841108, of: utilization},
			),
		},
		{
			id: "Q-48 gray failure", file: "q48-gray-failure.yaml", requests: 3.6e7, deep: true,
			figures: join(
				within(0.01,
					figure{name: "sojourn at the healthy s", want: 40 * ms, of: sojourn("healthy")},
					figure{name: "sojourn at the slow s", want: 200 * ms, of: sojourn("slow")},
					figure{name: "response s", want: 80 * ms, of: response("")},
				),
				within(0.02, figure{name: "p99 s", want: 643.7767 * ms, of: responseQuantile("", 0.99)}),
			),
		},
		{
			id: "Q-48 gray failure without end", file: "q48-gray-failure.yaml", requests: 2e6,
			change:  func(top *topology.Topology) { top.Services[1].Operations[0].Work.Mean = 50 * time.Millisecond },
			figures: within(0.03, figure{name: "growth of the queue per s", want: 5, of: queueGrowth("slow")}),
		},
		{
			id: "Q-51 client timeout", file: "q51-client-timeout.yaml", requests: 3e6,
			figures: join(
				about(0.005,
					figure{name: "P(timeout)", want: goodbye, of: failed(trace.Timeout)},
					figure{name: "utilization", want: 0.8, of: utilization},
				),
				within(0.01, figure{name: "goodput per s", want: 80 * (1 - goodbye), of: goodput}),
			),
		},
	}
}
