package sim_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/sim/policy"
)

// clients that contend for one row. Each reads its version, writes on condition
// that it is still the same, and backs off when it is not; a message takes |N(10, 2)| ms.
// The figures are of the published simulator, run 400 times. Here the backoffs are ours,
// and the rest is written down again.
func TestBackoffUnderContention(t *testing.T) {
	runs := 100
	if long {
		runs = 400
	}
	const base, limit = 5_000_000, 2_000_000_000
	exponential := func(j policy.Jitter) policy.Backoff { // whose first wait is already twice the base
		return policy.Backoff{Initial: 2 * base, Factor: 2, Cap: limit, Jitter: j}
	}
	decorrelated := policy.Backoff{Initial: base, Cap: limit, Jitter: policy.DecorrelatedJitter}
	var order []float64 // calls of 100 clients
	for _, c := range []struct {
		clients                  int
		name                     string
		backoff                  policy.Backoff
		took, tookCI, n, callsCI float64 // ms; calls
	}{
		{20, "exponential", exponential(policy.NoJitter), 14311.8, 290.5, 149.8, 1.38},
		{20, "decorrelated", decorrelated, 822.5, 18.8, 100.7, 0.48},
		{20, "equal", exponential(policy.EqualJitter), 1638.3, 45.8, 108.3, 0.37},
		{20, "full", exponential(policy.FullJitter), 992.6, 25.8, 100, 0.34},
		{20, "none", policy.Backoff{}, 599.7, 5.3, 151.8, 1.23},
		{100, "exponential", exponential(policy.NoJitter), 63589.9, 377.7, 1856.1, 5.82},
		{100, "decorrelated", decorrelated, 4588.7, 66.8, 1002.5, 2.88},
		{100, "equal", exponential(policy.EqualJitter), 6627, 62.9, 812, 0.76},
		{100, "full", exponential(policy.FullJitter), 4908.6, 49.8, 796.3, 0.72},
		{100, "none", policy.Backoff{}, 2026.4, 4.5, 2422.4, 3.19},
	} {
		t.Run(fmt.Sprintf("%d clients, %s", c.clients, c.name), func(t *testing.T) {
			var took, calls []float64
			for seed := range runs {
				a, n := contend(c.clients, &c.backoff, uint64(seed))
				took, calls = append(took, a), append(calls, n)
			}
			judge := func(what string, sample []float64, want, ci float64) {
				s := stat.Summarize(sample)
				// The reference has an interval; 2% more is its tolerance.
				own := 2 * s.HalfWidth(stat.Confidence)
				if runs == 400 {
					own = 0 // the reference's says it
				}
				if d := math.Abs(s.Mean - want); d > 0.02*want+2*ci+own {
					t.Errorf("%s: %.1f ± %.1f, want %.1f ± %.1f", what, s.Mean, s.HalfWidth(stat.Confidence), want, ci)
				}
				tellSummary("R-04", fmt.Sprintf("%3d clients, %s: %s", c.clients, c.name, what), want, s)
			}
			judge("completion ms", took, c.took, c.tookCI)
			judge("calls", calls, c.n, c.callsCI)
			if c.clients == 100 {
				order = append(order, stat.Summarize(calls).Mean)
			}
		})
	}
	// exponential, decorrelated, equal, full, none
	if !(order[4] > order[0] && order[0] > order[1] && order[1] > order[2] && order[2] > order[3]) {
		t.Errorf("calls of 100 clients: %.0f; want none > exponential > decorrelated > equal > full", order)
	}
}

// contend plays one run and returns when the last client has written, in ms, and how
// many writes were tried.
func contend(clients int, backoff *policy.Backoff, seed uint64) (took, calls float64) {
	r := rand.New(rand.NewPCG(seed, 44))
	hop := func() int64 { return int64(math.Abs(10e6 + 2e6*r.NormFloat64())) }
	type message struct {
		at      int64
		client  int
		write   bool // a write of a version; or else a read
		version int
	}
	var inFlight []message
	send := func(m message) {
		i, _ := slices.BinarySearchFunc(inFlight, m, func(a, b message) int { return cmp.Compare(b.at, a.at) })
		inFlight = slices.Insert(inFlight, i, m) // the first last
	}
	for c := range clients {
		send(message{at: hop(), client: c})
	}
	retries, waits := make([]int, clients), make([]int64, clients)
	version := 0
	for len(inFlight) > 0 {
		m := inFlight[len(inFlight)-1]
		inFlight = inFlight[:len(inFlight)-1]
		back := m.at + hop()
		switch {
		case !m.write:
			send(message{at: back + hop(), client: m.client, write: true, version: version})
		case m.version == version:
			calls++
			version++
			took = max(took, float64(back)/1e6)
		default:
			calls++
			retries[m.client]++
			waits[m.client] = backoff.Wait(retries[m.client], waits[m.client], r.Float64())
			send(message{at: back + waits[m.client] + hop(), client: m.client})
		}
	}
	return took, calls
}
