package policy

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestBudgetTwin keeps a balance in thousandths and fills and empties it at random.
func TestBudgetTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		permille := rapid.IntRange(0, 1000).Draw(t, "permille")
		var b Budget
		balance, refused := 10_000, false
		for _, calm := range rapid.SliceOfN(rapid.IntRange(-30, 400), 1, 40).Draw(t, "calm") {
			for range max(0, calm) {
				b.Deposit(Tokens(float64(permille) / 1000))
				balance = min(100_000, balance+permille)
			}
			for range max(0, -calm) {
				want := balance >= 1000
				if want {
					balance -= 1000
				}
				refused = refused || !want
				if got := b.Withdraw(); got != want {
					t.Fatalf("withdraw %v with %d thousandths of a token", got, balance)
				}
			}
		}
	})
}

// TestBudgetUnderTotalRejection: ten percent keep the load at 1.1 times what is
// asked where three attempts alone would make it threefold (Google, "Site
// Reliability Engineering", ch. 21).
func TestBudgetUnderTotalRejection(t *testing.T) {
	var b Budget
	const requests = 1_000_000
	attempts := 0
	for range requests {
		b.Deposit(Tokens(0.1))
		for attempt := 1; ; attempt++ {
			attempts++
			if attempt == 3 || !b.Withdraw() {
				break
			}
		}
	}
	if want := requests + requests/10 + 10; attempts != want {
		t.Errorf("%d attempts for %d requests, want %d", attempts, requests, want)
	}
}

// TestBudgetOfAHundredCallers: the bucket as published, which holds and starts with 5
// tokens, gains 0.1 with every call and is not used at 1 token or less; retries have no
// other bound. It is our machine with other constants: one billionth less than 5 makes
// "1 or more" of "more than 1". (Brooker, simulator_example, retry_sim, run with 8 seeds:
// success and attempts per call of 100 callers that make 10 calls a second for 10 s. The
// breaker there keeps back retries only, by the failures of first tries of a whole life;
// ours is none of that kind.)
func TestBudgetOfAHundredCallers(t *testing.T) {
	const callers, calls, most = 100 * 80, 100, 5*token - 1
	for _, c := range []struct{ fails, success, load float64 }{
		{0.01, 1, 1.0098}, {0.1, 0.9922, 1.1014}, {0.5, 0.57352, 1.1417},
	} {
		r := rand.New(rand.NewPCG(6, 5))
		var good, attempts float64
		for range callers {
			b := Budget{above: most - startingTokens}
			for range calls {
				b.fill(Tokens(0.1), most)
				attempts++
				failed := r.Float64() < c.fails
				for failed && b.Withdraw() {
					attempts++
					failed = r.Float64() < c.fails
				}
				if !failed {
					good++
				}
			}
		}
		success, load := good/(callers*calls), attempts/(callers*calls)
		t.Logf("%g fail: success %.5f, load %.4f; published %v, %v", c.fails, success, load, c.success, c.load)
		if math.Abs(success-c.success) > 0.004 || math.Abs(load-c.load) > 0.01*c.load {
			t.Errorf("%g fail: success %.5f, load %.4f; want %v and %v", c.fails, success, load, c.success, c.load)
		}
	}
}
