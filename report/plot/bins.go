package plot

import (
	"math"
	"slices"
	"time"

	"github.com/silverback-sim/silverback/report"
)

// maxBins is how many steps a line may have: more than that a panel cannot show.
const maxBins = 400

// bins are groups of neighbouring windows, so that long runs stay legible.
type bins struct {
	start []float64 // s
	end   float64   // s, of the last
	per   int       // windows in one bin
}

func newBins(r *report.Result) bins {
	n := len(r.Series.T)
	b := bins{per: windowsPerBin(n, r.WindowTime()), end: float64(r.Duration)}
	for i := 0; i < n; i += b.per {
		b.start = append(b.start, r.Series.T[i])
	}
	return b
}

// windowsPerBin is the least number of windows that makes few enough bins, of a
// round time if there is one.
func windowsPerBin(n int, window time.Duration) int {
	least := max(1, (n+maxBins-1)/maxBins)
	if least == 1 {
		return 1
	}
	for _, s := range []float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 6 * 3600, 12 * 3600, 86400} {
		if round := time.Duration(s * 1e9); round >= window*time.Duration(least) && round%window == 0 {
			return int(round / window)
		}
	}
	return least
}

// gather applies f to the known entries of every bin; NaN where there are none.
func (b bins) gather(c report.Column, f func(known []float64) float64) []float64 {
	out := make([]float64, len(b.start))
	known := make([]float64, 0, b.per)
	for i := range out {
		known = known[:0]
		for j := i * b.per; j < min((i+1)*b.per, len(c)); j++ {
			if !math.IsNaN(c[j]) {
				known = append(known, c[j])
			}
		}
		if out[i] = math.NaN(); len(known) > 0 {
			out[i] = f(known)
		}
	}
	return out
}

func (b bins) sum(c report.Column) []float64 { return b.gather(c, sum) }

func (b bins) mean(c report.Column) []float64 {
	return b.gather(c, func(known []float64) float64 { return sum(known) / float64(len(known)) })
}

func (b bins) max(c report.Column) []float64 { return b.gather(c, highest) }

func sum(xs []float64) (total float64) {
	for _, x := range xs {
		total += x
	}
	return total
}

// highest of the known numbers, NaN without any.
func highest(xs []float64) float64 {
	top := math.NaN()
	for _, x := range xs {
		if !math.IsNaN(x) && !(x <= top) {
			top = x
		}
	}
	return top
}

// lowest of the known numbers, NaN without any.
func lowest(xs []float64) float64 {
	bottom := math.NaN()
	for _, x := range xs {
		if !math.IsNaN(x) && !(x >= bottom) {
			bottom = x
		}
	}
	return bottom
}

// ending is where a line ends, to the eye: the median of the last twentieth of
// its known numbers; NaN without any.
func ending(xs []float64) float64 {
	var tail []float64
	for i := len(xs) - 1; i >= 0 && len(tail) < max(1, len(xs)/20); i-- {
		if !math.IsNaN(xs[i]) {
			tail = append(tail, xs[i])
		}
	}
	if len(tail) == 0 {
		return math.NaN()
	}
	slices.Sort(tail)
	return tail[len(tail)/2]
}
