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
	trials := float64(n)
	p := float64(hits) / trials
	scale := 1 + z*z/trials
	center := (p + z*z/(2*trials)) / scale
	half := z * math.Sqrt(p*(1-p)/trials+z*z/(4*trials*trials)) / scale
	i := Interval{Low: max(center-half, 0), High: min(center+half, 1)}
	if hits == 0 { // exact by the formula, but for rounding
		i.Low = 0
	}
	if hits == n {
		i.High = 1
	}
	return i
}
