package stat

import "math"

// Running is a Summary that grows sample by sample and keeps none of them
// (Welford, "Note on a method for calculating corrected sums of squares and
// products", Technometrics 4, 1962). NaN samples ("this replication cannot say")
// are counted apart. The zero value is empty.
type Running struct {
	n       int
	unknown int
	mean    float64
	squares float64 // sum of squared deviations
}

// Add a sample.
func (r *Running) Add(x float64) {
	if math.IsNaN(x) {
		r.unknown++
		return
	}
	r.n++
	d := x - r.mean
	r.mean += d / float64(r.n)
	r.squares += float64(d * (x - r.mean))
}

// N is how many samples were known, Unknown how many were not.
func (r *Running) N() int { return r.n }

// Unknown is how many samples were NaN.
func (r *Running) Unknown() int { return r.unknown }

// Summary of the known samples.
func (r *Running) Summary() Summary {
	s := Summary{N: r.n, Mean: math.NaN(), StdDev: math.NaN()}
	if r.n > 0 {
		s.Mean = r.mean
	}
	if r.n > 1 {
		s.StdDev = math.Sqrt(r.squares / float64(r.n-1))
	}
	return s
}
