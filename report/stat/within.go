package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Within is what one run says of a ratio of sums over time: failures over
// requests, seconds over answers, busy over all slots.
type Within struct {
	Value   float64
	StdErr  float64 // of the value; NaN if the run is too short
	Batches int     // from which it is known
	Trials  float64 // the sum of the denominators
	Share   bool    // the numerator counts some of what the denominator counts
	Doubt   Doubt   // why there is no interval
}

// Doubt is a reason why one run has no interval of a figure.
type Doubt string

// The doubts. The empty one is none.
const (
	TooShort   Doubt = "too few answers"
	Empty      Doubt = "stretches without any"
	Correlated Doubt = "correlated stretches"
	Unsettled  Doubt = "a start unlike the rest"
)

// manyBatches is tried first: Schmeiser (1982) finds no use in more than 30.
const manyBatches = 20

// A figure of one run has an interval from so many answers' worth on; and below a
// multiple of the allowance its error is taken to be greater than the batches say.
// Batches know too little of their own spread in short runs, where the rare long
// stretches of waiting that make the tail are missing. Both are measured: with
// them the intervals of M/M/1 hold the truth in 90% to 98% of the runs (the tests of
// coverage of package report), without them p99 is missed by every second short run.
const (
	leastWorth = 30
	allowance  = 20
)

// Worth is how many independent answers the answers of a run tell as much as: their
// number, less by how much more the share of those below the median varies from
// batch to batch than it would if they were independent. Stretches count answers
// up to the median, and all, in the order of time. 0 if there are too few.
func Worth(upToMedian, answers []float64) float64 {
	n := min(manyBatches, len(answers))
	if n < minBatches {
		return 0
	}
	w := Within{Value: share(upToMedian, answers), Trials: total(answers), Share: true}
	w.StdErr = w.stdErr(group(upToMedian, n), group(answers, n))
	if w.Trials == 0 {
		return 0
	}
	return w.effective()
}

// WithinRun estimates Σ numerator / Σ denominator of one run, of which stretches
// in the order of time are given. They are grouped into 20 batches; if neighbours
// are correlated (lag 1, one-sided at 10%), into 10 that are twice as long, and if
// those are as well, there is no interval. The rule is that of G. S. Fishman,
// "Grouping Observations in Digital Simulation", Management Science 24 (1978), with
// Schmeiser's bounds of the number of batches. The error of a ratio is that of the
// residuals, numerator − value × denominator.
//
// Worth is how many independent answers tell of the figure (see Worth): of a
// quantile, those beyond it. A start that is unlike the rest is a doubt, too: the
// first of the batches lies outside the 99% prediction interval of the others.
func WithinRun(numerator, denominator []float64, isShare bool, worth float64) Within {
	w := Within{Value: share(numerator, denominator), Trials: total(denominator), Share: isShare, StdErr: math.NaN(), Doubt: TooShort}
	if !(worth >= leastWorth) {
		return w
	}
	for _, n := range [...]int{manyBatches, minBatches} {
		if n > len(numerator) {
			continue
		}
		w.batch(group(numerator, n), group(denominator, n))
		if w.Doubt != Correlated && w.Doubt != Empty {
			break
		}
	}
	w.StdErr *= math.Sqrt(1 + allowance/worth)
	return w
}

func total(xs []float64) (sum float64) {
	for _, x := range xs {
		sum += x
	}
	return sum
}

func share(numerator, denominator []float64) float64 { return total(numerator) / total(denominator) }

// group adds neighbours up to n sums of about as many.
func group(stretches []float64, n int) []float64 {
	sums := make([]float64, n)
	for i := range sums {
		for _, x := range stretches[i*len(stretches)/n : (i+1)*len(stretches)/n] {
			sums[i] += x
		}
	}
	return sums
}

func (w *Within) batch(numerator, denominator []float64) {
	w.Batches, w.Doubt = len(numerator), ""
	residuals, ratios := make([]float64, w.Batches), make([]float64, w.Batches)
	for i := range residuals {
		if denominator[i] == 0 {
			w.Doubt = Empty
			return
		}
		residuals[i] = numerator[i] - float64(w.Value*denominator[i])
		ratios[i] = numerator[i] / denominator[i]
	}
	w.StdErr = w.stdErr(numerator, denominator)
	switch {
	case w.StdErr == 0:
	case correlated(residuals):
		w.Doubt = Correlated
	case w.Share && w.byChance(numerator, denominator): // wherever it starts
	case startsApart(ratios):
		w.Doubt = Unsettled
	}
}

// stdErr of the value by the spread of the residuals; what is only the rounding
// of a constant is 0.
func (w *Within) stdErr(numerator, denominator []float64) float64 {
	const rounding = 1e-12
	n := float64(len(numerator))
	var squares float64
	for i := range numerator {
		r := numerator[i] - float64(w.Value*denominator[i])
		squares += float64(r * r)
	}
	se := math.Sqrt(squares*n/(n-1)) / w.Trials
	if se <= rounding*math.Abs(w.Value) {
		return 0
	}
	return se
}

// correlated tests residuals around 0 against positive correlation of neighbours:
// of independent ones lag 1 is about normal with mean −1/n and variance
// (n−2)²/n²(n−1) (P. A. P. Moran, "Some theorems on time series II", Biometrika
// 35, 1948).
func correlated(residuals []float64) bool {
	const level = 0.10
	n := float64(len(residuals))
	limit := -1/n + distuv.UnitNormal.Quantile(1-level)*(n-2)/(n*math.Sqrt(n-1))
	return lag1(residuals) > limit
}

// unlike is the level of the test whether a run begins unlike its rest.
const unlike = 0.01

// startsApart tells whether the first is outside the prediction interval of the
// others.
func startsApart(ratios []float64) bool {
	rest := Summarize(ratios[1:])
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(rest.N - 1)}.Quantile(1 - unlike/2)
	return math.Abs(ratios[0]-rest.Mean) > t*rest.StdDev*math.Sqrt(1+1/float64(rest.N))
}

// byChance tells whether as much, or as little, of what is counted may well have
// fallen into the first batch if every trial had the same odds: where a few
// failures are all there is, one batch or other has to have them.
func (w *Within) byChance(numerator, denominator []float64) bool {
	hits, first := total(numerator), numerator[0]
	if w.Value > 0.5 {
		hits, first = w.Trials-hits, denominator[0]-first
	}
	b := distuv.Binomial{N: math.Round(hits), P: denominator[0] / w.Trials}
	return b.CDF(math.Round(first)) > unlike/2 && 1-b.CDF(math.Round(first)-1) > unlike/2
}

// Interval that holds the true value with the given confidence (0..1); ok is false
// with a doubt. That of a share is a score interval (see Wilson) of as many
// independent trials as would have its error, with Student's t: E. L. Korn &
// B. I. Graubard, "Confidence Intervals for Proportions with Small Expected
// Number of Positive Counts", Survey Methodology 24 (1998).
func (w *Within) Interval(confidence float64) (i Interval, ok bool) {
	if w.Doubt != "" {
		return i, false
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(w.Batches - 1)}.Quantile((1 + confidence) / 2)
	if !w.Share {
		return Interval{Low: w.Value - t*w.StdErr, High: w.Value + t*w.StdErr}, true
	}
	return score(w.Value, w.effective(), t), true
}

// effective is how many independent trials a share is worth; at most as many as
// there were.
func (w *Within) effective() float64 {
	if w.StdErr == 0 {
		return w.Trials
	}
	return min(w.Trials, w.Value*(1-w.Value)/(w.StdErr*w.StdErr))
}

// QuantileOrders are the orders (0..1) between which the true quantile of order q
// lies with the given confidence, if w is of the share of values up to the
// measured one: the interval of a share turned around (R. S. Woodruff, JASA 47,
// 1952; for dependent series P. Heidelberger & P. A. W. Lewis, Operations Research
// 32, 1984). ok is false with a doubt, or if the values do not bound it from
// above: all of them may well be below it.
func (w *Within) QuantileOrders(q, confidence float64) (i Interval, ok bool) {
	if w.Doubt != "" {
		return i, false
	}
	n := w.effective()
	if math.Pow(q, n) > (1-confidence)/2 {
		return i, false
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(w.Batches - 1)}.Quantile((1 + confidence) / 2)
	return score(q, n, t), true
}
