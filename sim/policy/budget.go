package policy

import "math"

// Budget bounds the retries of one caller to a share of its first attempts: a
// token bucket into which a first attempt puts that share of a token and from
// which a retry takes one. It starts with 10 tokens, so that few requests may be
// retried too, and holds at most 100, so that a long calm does not pay for a storm
// (Google, "Site Reliability Engineering" 2016, ch. 21, per-client retry budget;
// Brooker, "Fixing retries with token buckets and circuit breakers", 2022). The
// zero value has its 10 tokens.
type Budget struct {
	above int64 // billionths of a token above those it starts with: sums are exact
}

const (
	token          = 1_000_000_000
	startingTokens = 10 * token
	mostTokens     = 100 * token
)

// Tokens is a share of a token as Deposit wants it.
func Tokens(share float64) int64 { return int64(math.Round(share * token)) }

// Deposit a share of a token for a first attempt, in billionths.
func (b *Budget) Deposit(tokens int64) { b.fill(tokens, mostTokens) }

// fill deposits into a bucket that holds at most so much.
func (b *Budget) fill(tokens, most int64) {
	b.above = min(b.above+tokens, most-startingTokens)
}

// Withdraw a token for a retry, or say that there is none.
func (b *Budget) Withdraw() bool {
	if startingTokens+b.above < token {
		return false
	}
	b.above -= token
	return true
}
