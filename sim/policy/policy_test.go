package policy

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestRoundRobinVisitsAllInTurn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rr RoundRobin
		n := rapid.IntRange(1, 9).Draw(t, "n")
		c := make([]int32, n)
		for i := range c {
			c[i] = int32(10 + i)
		}
		start := rapid.IntRange(0, 20).Draw(t, "start")
		for range start {
			rr.Pick(c)
		}
		seen := map[int32]bool{}
		for range n {
			seen[rr.Pick(c)] = true
		}
		if len(seen) != n {
			t.Fatalf("%d picks met %d of %d candidates", n, len(seen), n)
		}
		if got := rr.Pick(c[:1]); got != 10 {
			t.Fatalf("a shrunken rotation gave %d", got)
		}
	})
}

// TestLeastRequestsTwin: never a candidate that is busier than another, and
// every tied one is met.
func TestLeastRequestsTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inFlight := rapid.SliceOfN(rapid.Int32Range(0, 3), 1, 8).Draw(t, "inFlight")
		var c []int32
		least := int32(math.MaxInt32)
		for i, n := range inFlight {
			if i == 0 || rapid.Bool().Draw(t, "healthy") {
				c = append(c, int32(i))
				least = min(least, n)
			}
		}
		tied := map[int32]bool{}
		for _, i := range c {
			if inFlight[i] == least {
				tied[i] = true
			}
		}
		r := rand.New(rand.NewPCG(1, 2))
		met := map[int32]bool{}
		for range 400 {
			i := LeastRequests(c, inFlight, r.Uint64())
			if !tied[i] {
				t.Fatalf("picked %d with %d in flight, least is %d", i, inFlight[i], least)
			}
			met[i] = true
		}
		if len(met) != len(tied) {
			t.Fatalf("met %d of %d tied candidates", len(met), len(tied))
		}
	})
}

// TestPowerOfTwoPairs: the two compared are distinct and every ordered pair is
// as likely as another (chi-square).
func TestPowerOfTwoPairs(t *testing.T) {
	const n, draws = 5, 200_000
	r := rand.New(rand.NewPCG(3, 4))
	c := []int32{0, 1, 2, 3, 4}
	var wins [n]float64
	inFlight := []int32{4, 3, 2, 1, 0} // the higher index wins unless drawn alone
	for range draws {
		wins[PowerOfTwo(c, inFlight, r.Uint64())]++
	}
	if wins[0] != 0 {
		t.Errorf("the busiest of distinct two won %v times", wins[0])
	}
	var chi float64
	for i := 1; i < n; i++ {
		want := draws * 2 * float64(i) / (n * (n - 1))
		chi += (wins[i] - want) * (wins[i] - want) / want
	}
	if chi > 16.3 { // 0.1% of chi-square with 3 degrees of freedom
		t.Errorf("chi-square %.1f: %v", chi, wins)
	}
}

func TestBackoff(t *testing.T) {
	const ms = 1_000_000
	b := Backoff{Initial: 20 * ms, Factor: 2, Cap: 100 * ms, Jitter: NoJitter}
	for n, want := range map[int]int64{1: 20 * ms, 2: 40 * ms, 3: 80 * ms, 4: 100 * ms, 1000: 100 * ms} {
		if got := b.Wait(n, 0, 0.9); got != want {
			t.Errorf("retry %d waits %d, want %d", n, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		b := Backoff{
			Initial: rapid.Int64Range(0, 1e12).Draw(t, "initial"), Factor: rapid.Float64Range(1, 10).Draw(t, "factor"),
			Cap: rapid.Int64Range(0, 1e13).Draw(t, "cap"), Jitter: Jitter(rapid.IntRange(0, 3).Draw(t, "jitter")),
		}
		n := rapid.IntRange(1, 100).Draw(t, "n")
		w := b.Wait(n, rapid.Int64Range(0, 1e13).Draw(t, "previous"), rapid.Float64Range(0, 0.999).Draw(t, "u"))
		if w < 0 || b.Cap > 0 && w > b.Cap {
			t.Fatalf("waits %d with cap %d", w, b.Cap)
		}
		if b.Jitter == EqualJitter && b.Cap == 0 && w < b.Initial/2 {
			t.Fatalf("equal jitter waits %d, less than half of %d", w, b.Initial)
		}
	})
}

// TestHealthCheckTwin probes tick by tick.
func TestHealthCheckTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := HealthCheck{
			Interval: rapid.Int64Range(1, 50).Draw(t, "interval"), Timeout: rapid.Int64Range(0, 9).Draw(t, "timeout"),
			UnhealthyAfter: rapid.IntRange(1, 5).Draw(t, "n"), HealthyAfter: rapid.IntRange(1, 5).Draw(t, "m"),
		}
		phase := rapid.Int64Range(0, h.Interval-1).Draw(t, "phase") - 100*h.Interval
		died := rapid.Int64Range(0, 500).Draw(t, "died")
		streak := 0
		for at := phase; ; at += h.Interval {
			if at >= died {
				streak++
			}
			if streak == h.UnhealthyAfter {
				if got := h.SeesDeath(died, phase); got != at+h.Timeout {
					t.Fatalf("sees the death at %d, want %d", got, at+h.Timeout)
				}
				break
			}
		}
		if d := h.SeesReturn(died, phase) - died; d < int64(h.HealthyAfter-1)*h.Interval || d >= int64(h.HealthyAfter)*h.Interval {
			t.Fatalf("sees the return after %d", d)
		}
	})
}

// TestSteadyStateAllocatesNothing plays what happens to every request.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	var (
		breaker   Breaker
		budget    Budget
		throttle  Throttle
		latencies Latencies
		backlog   Backlog
		gradient  Gradient
		outliers  Outliers
		now       int64
	)
	members := []int32{0, 1, 2}
	breaks := &BreakerRule{Window: second, MinRequests: 5, ErrorRate: 0.5, OpenFor: second, Probes: 1}
	bounds := &GradientRule{Initial: 20, Min: 1, Max: 100}
	ejects := &OutlierRule{Errors: 2, Eject: second, Max: 0.5}
	codel := MaxQueueDelay(second)
	request := func() {
		now += 10 * millisecond
		failed := now/second%2 == 0
		budget.Deposit(Tokens(0.1))
		if ticket, ok := breaker.Allow(breaks, now); ok {
			breaker.Done(breaks, now, ticket, failed)
		}
		if !throttle.Reject(2, now, uint64(now)<<20) {
			throttle.Done(now, failed && budget.Withdraw())
		}
		latencies.Add(now % second)
		latencies.Percentile(95)
		backlog.Enqueue(now, 1)
		codel.Drop(&backlog, now, 1, 1)
		gradient.Done(bounds, now, now%second, gradient.Limit(bounds))
		outliers.Done(ejects, now, int32(now%3), failed, members)
	}
	for range 1000 {
		request()
	}
	if n := testing.AllocsPerRun(1000, request); n != 0 {
		t.Errorf("%v allocations a request", n)
	}
}
