// Package stat says how sure a simulated figure is: the interval around the mean
// of independent replications or of one long run's batches, and around a share.
// It knows nothing of simulations; it gets numbers.
//
// What it follows:
//   - Student's t for the mean of independent samples: A. M. Law, Simulation
//     Modeling and Analysis, 5th ed., sections 4.5 and 9.4.
//   - batch means for one long run: B. Schmeiser, "Batch Size Effects in the
//     Analysis of Simulation Output", Operations Research 30 (1982); the lag-1
//     autocorrelation test of the batches after Law, section 9.5.3.
//   - order statistics for a quantile: W. J. Conover, Practical Nonparametric
//     Statistics, 3rd ed., section 3.2.
//   - the start-up of a run: MSER-5, K. P. White, Simulation 69 (1997).
//   - the score interval for a share: E. B. Wilson, JASA 22 (1927); L. D. Brown,
//     T. T. Cai & A. DasGupta, Statistical Science 16 (2001), who recommend it.
//   - the difference of two designs: in pairs, or Welch's for independent samples,
//     and Holm's correction where many are tested at once (Paired, Welch, Holm).
//
// Left out: sequential stopping.
package stat

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Confidence is the customary level of an interval.
const Confidence = 0.95

// Summary is what independent samples of one figure say together. Mean and
// StdDev are in the unit of the samples.
type Summary struct {
	N      int
	Mean   float64 // NaN without a sample
	StdDev float64 // of the samples, with n-1; NaN for fewer than two
}

// Summarize samples. A NaN among them ("this replication cannot say") makes the
// mean NaN: a figure that was not always measured is none.
func Summarize(samples []float64) Summary {
	s := Summary{N: len(samples), Mean: math.NaN(), StdDev: math.NaN()}
	switch len(samples) {
	case 0:
	case 1:
		s.Mean = samples[0]
	default:
		s.Mean, s.StdDev = stat.MeanStdDev(samples, nil)
	}
	return s
}

// StdErr is the standard error of the mean; NaN for fewer than two samples.
func (s Summary) StdErr() float64 { return s.StdDev / math.Sqrt(float64(s.N)) }

// HalfWidth of the interval around the mean that covers the true mean with the
// given confidence (0..1), if the samples are independent and not too far from
// normal. One sample says nothing about its error: +Inf.
func (s Summary) HalfWidth(confidence float64) float64 {
	if s.N < 2 {
		return math.Inf(1)
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(s.N - 1)}
	return t.Quantile((1+confidence)/2) * s.StdErr()
}

// Interval around the mean; see HalfWidth.
func (s Summary) Interval(confidence float64) Interval {
	h := s.HalfWidth(confidence)
	return Interval{Low: s.Mean - h, High: s.Mean + h}
}
