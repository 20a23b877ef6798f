package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Interval holds the true value with some confidence.
type Interval struct {
	Low, High float64
}

// Contains tells whether x lies in the interval, ends included.
func (i Interval) Contains(x float64) bool { return i.Low <= x && x <= i.High }

// HalfWidth is half of the interval's length.
func (i Interval) HalfWidth() float64 { return (i.High - i.Low) / 2 }

// Wilson is the score interval of a share: hits of n independent trials. Unlike
// the textbook's interval it stays within 0..1 and is not empty at 0 or n hits.
// Without a trial it is 0..1. More hits than trials is a bug of the caller.
func Wilson(hits, n uint64, confidence float64) Interval {
	if hits > n {
		panic("stat: more hits than trials")
	}
	if n == 0 {
		return Interval{Low: 0, High: 1}
	}
	z := distuv.UnitNormal.Quantile((1 + confidence) / 2)
	return score(float64(hits)/float64(n), float64(n), z)
}

// score is the interval of Wilson around a share p of n trials.
func score(p, n, z float64) Interval {
	scale := 1 + z*z/n
	center := (p + z*z/(2*n)) / scale
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n)) / scale
	i := Interval{Low: max(center-half, 0), High: min(center+half, 1)}
	if p == 0 { // exact by the formula, but for rounding
		i.Low = 0
	}
	if p == 1 {
		i.High = 1
	}
	return i
}
