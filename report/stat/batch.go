package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Batches is what one long run says by the means of its batches.
type Batches struct {
	Summary // of the batch means
	// Size is how many observations make a batch.
	Size int
	// Lag1 is the autocorrelation of neighbouring batch means, -1..1; near 0 if
	// the batches are long enough to be independent. NaN for fewer than three.
	Lag1 float64
	// Warnings say why the interval is not to be trusted; none is good.
	Warnings []string
}

// minBatches is the fewest batches whose spread means something; Schmeiser
// (1982) finds no use in more than 30 and little harm in as few as 10.
const minBatches = 10

// BatchMeans cuts a series of observations of one stationary run, in the order of
// time, into batches of equal size and treats their means as independent
// samples. What does not fill a batch is left out at the front, where the run is
// still closest to its start.
func BatchMeans(series []float64, batches int) Batches {
	if batches < 1 {
		panic("stat: batch means need a batch")
	}
	size := len(series) / batches
	if size == 0 {
		return Batches{
			Summary:  Summarize(nil),
			Lag1:     math.NaN(),
			Warnings: []string{fmt.Sprintf("%d observations do not fill %d batches", len(series), batches)},
		}
	}
	means := make([]float64, batches)
	rest := series[len(series)-size*batches:]
	for i := range means {
		means[i] = Summarize(rest[i*size : (i+1)*size]).Mean
	}
	b := Batches{Summary: Summarize(means), Size: size, Lag1: lag1(means)}
	if batches < minBatches {
		b.Warnings = append(b.Warnings, fmt.Sprintf("only %d batches: their spread is hardly known; use %d to 30", batches, minBatches))
	}
	// One-sided at 5%: positive correlation makes intervals too short. Under
	// independence lag 1 is about normal with variance 1/b.
	if limit := distuv.UnitNormal.Quantile(0.95) / math.Sqrt(float64(batches)); b.Lag1 > limit {
		b.Warnings = append(b.Warnings, fmt.Sprintf(
			"neighbouring batches are correlated (lag 1: %.2f, above %.2f): the interval is too short; run longer", b.Lag1, limit))
	}
	return b
}

// lag1 is the autocorrelation of neighbours; NaN if it is not defined.
func lag1(xs []float64) float64 {
	if len(xs) < 3 {
		return math.NaN()
	}
	mean := Summarize(xs).Mean
	var cross, square float64
	for i, x := range xs {
		square += (x - mean) * (x - mean)
		if i > 0 {
			cross += (xs[i-1] - mean) * (x - mean)
		}
	}
	return cross / square
}
