package stat

import "math"

// mserBatch is the 5 of MSER-5: how many observations make one batch mean.
const mserBatch = 5

// leastBatches is how many batches it takes to tell a start from the rest.
const leastBatches = 10

// MSER5 decides how many observations at the front of a series belong to the
// start-up of a run and not to its steady state: the truncation d that gives the
// mean of the rest the least standard error,
//
//	min over d of  Σ (Yᵢ − Ȳ)² / (n−d)²   over the batch means i = d+1 … n
//
// of five observations each. Dropping an atypical start makes the sum smaller,
// dropping typical ones makes only n−d smaller. It is K. P. White, "An effective
// truncation heuristic for bias reduction in simulation output", Simulation 69
// (1997), in the batched form of White, Cobb & Spratt, WSC 2000.
//
// Only the first half is searched, as they advise: near the end a few batches are
// alike by chance. ok is false where the rule cannot decide: the best truncation
// is that half, so the series has not settled; or there are fewer than 50
// observations; or a NaN is among them. What does not fill a batch is left out
// at the end.
func MSER5(series []float64) (observations int, ok bool) {
	n := len(series) / mserBatch
	if n < leastBatches {
		return 0, false
	}
	// From the end: the rest grows by one batch at a time.
	var rest Running
	best, least := -1, math.Inf(1)
	for d := n - 1; d >= 0; d-- {
		mean := Summarize(series[d*mserBatch : (d+1)*mserBatch]).Mean
		if math.IsNaN(mean) || math.IsInf(mean, 0) {
			return 0, false
		}
		rest.Add(mean)
		if d > n/2 {
			continue
		}
		left := float64(n - d)
		if z := rest.squares / (left * left); z <= least {
			best, least = d, z
		}
	}
	return best * mserBatch, best < n/2
}
