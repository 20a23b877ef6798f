package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Difference is how far the mean of a figure moved between two designs, after
// minus before, in the unit of the samples.
type Difference struct {
	Mean    float64 // NaN if it cannot be said
	StdErr  float64 // of the mean; NaN if there are too few samples
	Freedom float64 // degrees of freedom of Student's t
}

// Paired is the difference of samples that met the same luck one by one: that of
// the mean of their differences (A. M. Law, Simulation Modeling and Analysis,
// 5th ed., section 10.2.1). Luck that both designs share cancels out. Samples of
// unequal numbers are a bug of the caller.
func Paired(before, after []float64) Difference {
	if len(before) != len(after) {
		panic("stat: pairs need a partner each")
	}
	differences := make([]float64, len(before))
	for i := range before {
		differences[i] = after[i] - before[i]
	}
	s := Summarize(differences)
	return Difference{Mean: s.Mean, StdErr: s.StdErr(), Freedom: float64(s.N - 1)}
}

// Welch is the difference of independent samples whose spreads need not be equal
// (B. L. Welch, "The generalization of 'Student's' problem when several
// different population variances are involved", Biometrika 34, 1947; degrees of
// freedom after F. E. Satterthwaite, Biometrics Bulletin 2, 1946).
func Welch(before, after Summary) Difference {
	d := Difference{Mean: after.Mean - before.Mean, StdErr: math.NaN(), Freedom: math.NaN()}
	if before.N < 2 || after.N < 2 {
		return d
	}
	b, a := before.StdErr()*before.StdErr(), after.StdErr()*after.StdErr()
	d.StdErr = math.Sqrt(a + b)
	d.Freedom = (a + b) * (a + b) / (a*a/float64(after.N-1) + b*b/float64(before.N-1))
	return d
}

// Interval around the difference.
func (d Difference) Interval(confidence float64) Interval {
	h := math.Inf(1)
	switch {
	case d.StdErr == 0:
		h = 0
	case d.Freedom > 0:
		h = distuv.StudentsT{Mu: 0, Sigma: 1, Nu: d.Freedom}.Quantile((1+confidence)/2) * d.StdErr
	}
	return Interval{Low: d.Mean - h, High: d.Mean + h}
}

// ProbabilityAtMost is the p-value of "the true difference is at most the bound":
// how likely a difference as great as this one, or greater, would be if it were.
// 1 if nothing can be said. Samples without any spread leave no doubt.
func (d Difference) ProbabilityAtMost(bound float64) float64 {
	excess := d.Mean - bound
	switch {
	case math.IsNaN(excess) || math.IsNaN(d.StdErr):
		return 1
	case d.StdErr == 0 && excess > 0:
		return 0
	case d.StdErr == 0:
		return 1
	case !(d.Freedom > 0):
		return 1
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: d.Freedom}.Survival(excess / d.StdErr)
}
