package sim_test

import (
	"fmt"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// laws lists the cases; the formulas and their sources are in the topologies. The
// tolerances are 1% for means, 2% for percentiles and 0.005 for probabilities,
// unless a case says otherwise.
func laws() []law {
	var list []law
	for _, part := range [][]law{poolLaws(), boundedLaws(), generalServiceLaws(), networkLaws(), balancingLaws(), clientLaws(), retryLaws(), queueLaws(), breakdownLaws(), twoTierLaws()} {
		list = append(list, part...)
	}
	return list
}

func join(parts ...[]figure) []figure {
	var list []figure
	for _, p := range parts {
		list = append(list, p...)
	}
	return list
}

const ms = 1e-3

// poolLaws: c workers behind one queue (Erlang C). That pooling helps, a falling
// sojourn with growing c, follows from the figures.
func poolLaws() []law {
	list := []law{
		{
			id: "Q-01 M/M/1", file: "q01-mm1.yaml", requests: 1e7,
			figures: join(
				within(0.01,
					figure{name: "utilization", want: 0.8, of: utilization},
					figure{name: "in the system", want: 4, of: inSystem},
					figure{name: "sojourn s", want: 50 * ms, of: response("")},
					figure{name: "wait s", want: 40 * ms, of: waitMean},
				),
				within(0.02,
					figure{name: "p50 s", want: 34.65736 * ms, of: responseQuantile("", 0.5)},
					figure{name: "p90 s", want: 115.1293 * ms, of: responseQuantile("", 0.9)},
					figure{name: "p95 s", want: 149.7866 * ms, of: responseQuantile("", 0.95)},
					figure{name: "p99 s", want: 230.2585 * ms, of: responseQuantile("", 0.99)},
				),
				about(0.005, figure{name: "P(wait)", want: 0.8, of: waited}),
			),
		},
		{
			id: "Q-01 M/M/1, far tail", file: "q01-mm1.yaml", requests: 1.8e7, deep: true,
			figures: within(0.02, figure{name: "p99.9 s", want: 345.3878 * ms, of: responseQuantile("", 0.999)}),
		},
		{
			id: "Q-03 M/M/5", file: "q03-mm5.yaml", requests: 2.4e7, deep: true,
			figures: join(
				about(0.005, figure{name: "P(wait)", want: 0.5541126, of: waited}),
				within(0.01,
					figure{name: "utilization", want: 0.8, of: utilization},
					figure{name: "wait s", want: 5.541126 * ms, of: waitMean},
					figure{name: "sojourn s", want: 15.54113 * ms, of: response("")},
					figure{name: "in the queue", want: 2.21645, of: inQueue},
				),
				within(0.02,
					figure{name: "wait p90 s", want: 17.12198 * ms, of: waitQuantile(0.9)},
					figure{name: "wait p99 s", want: 40.14783 * ms, of: waitQuantile(0.99)},
					figure{name: "p50 s", want: 12.04395 * ms, of: responseQuantile("", 0.5)},
					figure{name: "p95 s", want: 41.97463 * ms, of: responseQuantile("", 0.95)},
					figure{name: "p99 s", want: 60.79663 * ms, of: responseQuantile("", 0.99)},
				),
			),
		},
	}
	for _, c := range []struct {
		workers      int
		load         float64 // Erlang
		wait         float64 // probability
		sojourn, p99 float64 // service times; 0 = not given
		requests     float64
		deep         bool
	}{
		{2, 1.6, 0.7111111, 2.777778, 11.93737, 8e6, true},
		{4, 3.2, 0.5964325, 1.745541, 6.893204, 6e6, true},
		{5, 2.5, 0.1303713, 0, 0, 4e5, false},
		{8, 6.4, 0.4576449, 1.286028, 5.152182, 4e6, true},
		{10, 5, 0.03610536, 0, 0, 4e5, false},
		{16, 12.8, 0.3048839, 1.095276, 4.734952, 4e6, true},
		{32, 25.6, 0.1606232, 1.025097, 4.634481, 3e6, true},
	} {
		l := law{
			id: fmt.Sprintf("Q-05 pooling of %d", c.workers), file: "q05-pooling.yaml", requests: c.requests, deep: c.deep,
			change: func(top *topology.Topology) {
				top.Services[0].Concurrency = c.workers
				top.Traffic[0].Rate = 100 * c.load
			},
			figures: about(0.005, figure{name: "P(wait)", want: c.wait, of: waited}),
		}
		if c.sojourn > 0 {
			l.figures = join(l.figures,
				within(0.01, figure{name: "sojourn s", want: 10 * ms * c.sojourn, of: response("")}),
				within(0.02, figure{name: "p99 s", want: 10 * ms * c.p99, of: responseQuantile("", 0.99)}))
		}
		list = append(list, l)
	}
	return list
}

// boundedLaws: little or no room to wait.
func boundedLaws() []law {
	var list []law
	for _, c := range []struct {
		workers int
		blocked float64
	}{{10, 0.2145823}, {15, 0.03649695}} {
		list = append(list, law{
			id: fmt.Sprintf("Q-06 Erlang B, %d", c.workers), file: "q06-erlang-b.yaml", requests: 2e6,
			change:  func(top *topology.Topology) { top.Services[0].Concurrency = c.workers },
			figures: about(0.003, figure{name: "P(rejected)", want: c.blocked, of: failed(trace.Rejected)}),
		})
	}
	return append(list, law{
		id: "Q-08 M/M/4/10", file: "q08-bounded-queue.yaml", requests: 1e6,
		figures: join(
			about(0.005, figure{name: "P(rejected)", want: 0.2300243, of: failed(trace.Rejected)}),
			within(0.01,
				figure{name: "goodput per s", want: 384.9878, of: goodput},
				figure{name: "in the system", want: 7.356112, of: inSystem},
				figure{name: "sojourn of accepted s", want: 19.10739 * ms, of: response("")},
				figure{name: "utilization", want: 0.9624696, of: utilization},
			),
		),
	})
}

// generalServiceLaws: one server with service times that are not exponential.
func generalServiceLaws() []law {
	list := []law{
		{
			id: "Q-10 M/D/1", file: "q10-md1.yaml", requests: 7e6,
			figures: join(
				within(0.01,
					figure{name: "wait s", want: 20 * ms, of: waitMean},
					figure{name: "sojourn s", want: 30 * ms, of: response("")},
				),
				within(0.02,
					figure{name: "wait standard deviation s", want: 23.09401 * ms, of: waitStdDev},
					figure{name: "wait p50 s", want: 12.7594 * ms, of: waitQuantile(0.5)},
					figure{name: "wait p90 s", want: 50.11511 * ms, of: waitQuantile(0.9)},
					figure{name: "wait p99 s", want: 103.5589 * ms, of: waitQuantile(0.99)},
				),
			),
		},
		{
			id: "Q-12 M/H2/1", file: "q12-mh21.yaml", requests: 2e7, deep: true,
			figures: join(
				about(0.005, figure{name: "P(wait)", want: 0.7, of: waited}),
				within(0.01,
					figure{name: "wait s", want: 58.33333 * ms, of: waitMean},
					figure{name: "sojourn s", want: 68.33333 * ms, of: response("")},
				),
				within(0.02,
					figure{name: "wait standard deviation s", want: 89.83009 * ms, of: waitStdDev},
					figure{name: "wait p90 s", want: 174.5239 * ms, of: waitQuantile(0.9)},
					figure{name: "wait p99 s", want: 404.7825 * ms, of: waitQuantile(0.99)},
				),
			),
		},
		{
			id: "Q-14 M/G/1 lognormal", file: "q14-mg1-lognormal.yaml", requests: 1.2e7, deep: true,
			figures: join(
				about(0.005, figure{name: "P(wait)", want: 0.6, of: waited}),
				within(0.015,
					figure{name: "wait s", want: 22.5 * ms, of: waitMean},
					figure{name: "sojourn s", want: 32.5 * ms, of: response("")},
				),
				within(0.06, figure{name: "wait standard deviation s", want: 43.08422 * ms, of: waitStdDev}),
			),
		},
	}
	for _, c := range []struct {
		name string
		work topology.Distribution
		deep bool
	}{
		{"exponential", topology.Distribution{Kind: topology.Exponential, Mean: 10 * time.Millisecond}, false},
		{"constant", topology.Distribution{Kind: topology.Constant, Mean: 10 * time.Millisecond}, true},
		{"lognormal", topology.Distribution{Kind: topology.Lognormal, Mean: 10 * time.Millisecond, CV: 2}, true},
	} {
		list = append(list, law{
			id: "Q-16 M/G/1-PS " + c.name, file: "q16-processor-sharing.yaml", requests: 6e6, deep: c.deep,
			change: func(top *topology.Topology) { top.Services[0].Operations[0].Work = c.work },
			figures: join(
				within(0.01, figure{name: "response of members s", want: 33.33333 * ms, of: response("members")}),
				within(0.02,
					figure{name: "response of a 5 ms job s", want: 16.66667 * ms, of: response("short")},
					figure{name: "response of a 50 ms job s", want: 166.6667 * ms, of: response("long")},
				),
				within(0.01, figure{name: "utilization", want: 0.7, of: utilization}),
			),
		})
	}
	return list
}
