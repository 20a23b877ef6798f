package policy

import (
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
