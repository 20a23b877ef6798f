package stat

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// QuantileRanks are the ranks, from 1, of the samples between which the quantile
// of order q (0..1) lies with the given confidence, whatever the distribution: of
// n independent samples a binomial number is below the quantile. A rank of 0 or
// of n+1 means that the samples bound it on the other side only, as the 99th
// percentile of 20 samples: the largest of them may well be below it.
// (W. J. Conover, Practical Nonparametric Statistics, 3rd ed., section 3.2.)
func QuantileRanks(n int, q, confidence float64) (low, high int) {
	if n < 0 || q < 0 || q > 1 {
		panic("stat: a quantile of order 0..1 of some samples")
	}
	tail := (1 - confidence) / 2
	below := distuv.Binomial{N: float64(n), P: q}
	// The least k that P(at most k are below) exceeds, as a rank.
	rank := func(p float64) int {
		return sort.Search(n, func(k int) bool { return below.CDF(float64(k)) > p })
	}
	return rank(tail), rank(1-tail) + 1
}

// Quantile of order q of samples in ascending order, interpolated between
// neighbours (Hyndman & Fan's type 7, 1996), with its interval by QuantileRanks,
// whose ends are infinite where the samples do not bound it. The samples have to
// be independent: figures of replications are. The requests of one run are not,
// since neighbours wait in the same queue, and the interval around their
// quantile would be too short; take the quantile of every replication instead,
// and the interval around the mean of those. NaN without a sample.
func Quantile(sorted []float64, q, confidence float64) (value float64, around Interval) {
	n := len(sorted)
	around = Interval{Low: math.Inf(-1), High: math.Inf(1)}
	if n == 0 {
		return math.NaN(), around
	}
	at := q * float64(n-1)
	i := int(at)
	value = sorted[i]
	if i+1 < n {
		value += (at - float64(i)) * (sorted[i+1] - sorted[i])
	}
	low, high := QuantileRanks(n, q, confidence)
	if low > 0 {
		around.Low = sorted[low-1]
	}
	if high <= n {
		around.High = sorted[high-1]
	}
	return value, around
}
