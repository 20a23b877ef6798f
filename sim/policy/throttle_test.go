package policy

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestThrottleSteadyState: with a backend that accepts a fixed rate, a client
// sends min(asked, k·accepts) (the fixed point of the formula).
func TestThrottleSteadyState(t *testing.T) {
	const asked = 1000 // per second
	for _, c := range []struct {
		k             float64
		accepts, sent int64
	}{{2, 100, 200}, {2, 400, 800}, {2, 600, 1000}, {1.5, 500, 750}} {
		r := rand.New(rand.NewPCG(5, 6))
		var throttle Throttle
		var sent, accepted int64
		tokens := c.accepts * asked
		const from, to = 400, 600 // seconds; before them it settles
		for now := int64(0); now < to*second; now += second / asked {
			tokens = min(tokens+c.accepts, c.accepts*asked) // thousandths, at most those of a second
			if throttle.Reject(c.k, now, r.Uint64()) {
				continue
			}
			ok := tokens >= asked
			if ok {
				tokens -= asked
			}
			throttle.Done(now, ok)
			if now >= from*second {
				sent++
				if ok {
					accepted++
				}
			}
		}
		rate, good := float64(sent)/(to-from), float64(accepted)/(to-from)
		if math.Abs(rate/float64(c.sent)-1) > 0.03 || math.Abs(good/float64(c.accepts)-1) > 0.03 {
			t.Errorf("k=%v: sends %.0f/s with %.0f/s accepted, want %d/s with %d/s", c.k, rate, good, c.sent, c.accepts)
		}
	}
}

// TestThrottleTwin remembers everything.
func TestThrottleTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var throttle Throttle
		k := float64(rapid.IntRange(10, 30).Draw(t, "k")) / 10
		now := rapid.Int64Range(-200, 200).Draw(t, "start") * second
		var requests, accepts []int64
		recent := func(all []int64) (n float64) {
			for _, at := range all {
				if floorDiv(at, 12*second) > floorDiv(now, 12*second)-10 {
					n++
				}
			}
			return n
		}
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			now += rapid.Int64Range(0, 40).Draw(t, "later") * second
			if rapid.Bool().Draw(t, "answer") {
				accepted := rapid.Bool().Draw(t, "accepted")
				throttle.Done(now, accepted)
				if accepted {
					accepts = append(accepts, now)
				}
				continue
			}
			random := rapid.Uint64().Draw(t, "random")
			p := max(0, (recent(requests)-float64(k*recent(accepts)))/(recent(requests)+1))
			want := float64(random>>11)/(1<<53) < p
			if got := throttle.Reject(k, now, random); got != want {
				t.Fatalf("at %d rejects %v with probability %v", now, got, p)
			}
			requests = append(requests, now)
		}
	})
}
