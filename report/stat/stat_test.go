package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tolerance)
	}
}

// Worked by hand: mean 3, variance 2.5, t(4, 97.5%) = 2.776445 from the tables.
func TestSummaryByHand(t *testing.T) {
	s := Summarize([]float64{1, 2, 3, 4, 5})
	near(t, "mean", s.Mean, 3, 1e-12)
	near(t, "standard deviation", s.StdDev, math.Sqrt(2.5), 1e-12)
	near(t, "standard error", s.StdErr(), math.Sqrt(0.5), 1e-12)
	near(t, "half-width", s.HalfWidth(0.95), 2.776445*math.Sqrt(0.5), 1e-5)
	near(t, "low end", s.Interval(0.95).Low, 3-2.776445*math.Sqrt(0.5), 1e-5)
	near(t, "half-width of the interval", s.Interval(0.95).HalfWidth(), s.HalfWidth(0.95), 1e-12)
}

func TestSummaryOfTooFew(t *testing.T) {
	if s := Summarize(nil); s.N != 0 || !math.IsNaN(s.Mean) || !math.IsInf(s.HalfWidth(0.95), 1) {
		t.Errorf("no samples: %+v, half-width %v", s, s.HalfWidth(0.95))
	}
	if s := Summarize([]float64{7}); s.Mean != 7 || !math.IsInf(s.HalfWidth(0.95), 1) {
		t.Errorf("one sample: %+v, half-width %v", s, s.HalfWidth(0.95))
	}
	if s := Summarize([]float64{1, math.NaN(), 3}); !math.IsNaN(s.Mean) {
		t.Errorf("a NaN among the samples gives a mean of %v", s.Mean)
	}
	if i := Summarize([]float64{2, 2, 2}).Interval(0.95); i != (Interval{2, 2}) {
		t.Errorf("equal samples give %v", i)
	}
}

// An interval at 95% has to cover the true mean 95 times of 100: exactly for
// normal samples, a little less for exponential ones (Law, section 4.5).
func TestCoverageOfStudent(t *testing.T) {
	const trials, n = 4000, 20
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name      string
		draw      func() float64
		mean      float64
		low, high float64
	}{
		{"normal", rnd.NormFloat64, 0, 0.94, 0.96},
		{"exponential", rnd.ExpFloat64, 1, 0.90, 0.95},
	} {
		covered := 0
		for range trials {
			xs := make([]float64, n)
			for i := range xs {
				xs[i] = c.draw()
			}
			if Summarize(xs).Interval(0.95).Contains(c.mean) {
				covered++
			}
		}
		if share := float64(covered) / trials; share < c.low || share > c.high {
			t.Errorf("%s: covers %.3f, want %v to %v", c.name, share, c.low, c.high)
		}
	}
}

// By the formula, on paper.
func TestWilsonByHand(t *testing.T) {
	for _, c := range []struct {
		hits, n   uint64
		low, high float64
	}{
		{0, 10, 0, 0.277533},
		{10, 10, 0.722467, 1},
		{5, 10, 0.236593, 0.763407},
		{1, 1000, 0.000177, 0.005643},
	} {
		i := Wilson(c.hits, c.n, 0.95)
		near(t, "low", i.Low, c.low, 1e-6)
		near(t, "high", i.High, c.high, 1e-6)
	}
	if i := Wilson(0, 0, 0.95); i != (Interval{0, 1}) {
		t.Errorf("no trials: %v", i)
	}
}

// The coverage of a share is a finite sum, so it needs no luck: over all hits k
// whose interval holds p, the binomial probability of k.
func TestCoverageOfWilson(t *testing.T) {
	const n = 1000
	var sum float64
	shares := []float64{0.005, 0.01, 0.05, 0.2, 0.5, 0.9, 0.99}
	for _, p := range shares {
		b := distuv.Binomial{N: n, P: p}
		var covered float64
		for k := range n + 1 {
			if Wilson(uint64(k), n, 0.95).Contains(p) {
				covered += b.Prob(float64(k))
			}
		}
		if covered < 0.93 || covered > 0.98 {
			t.Errorf("p = %v: covers %.4f", p, covered)
		}
		sum += covered
	}
	near(t, "mean coverage", sum/float64(len(shares)), 0.95, 0.01)
}

// autoregressive draws x' = r x + noise, stationary, mean 0: neighbours are
// correlated by r, batches of m by much less once m is far above 1/(1-r).
func autoregressive(rnd *rand.Rand, n int, r float64) []float64 {
	xs := make([]float64, n)
	x := rnd.NormFloat64() / math.Sqrt(1-r*r)
	for i := range xs {
		xs[i] = x
		x = r*x + rnd.NormFloat64()
	}
	return xs
}

func TestBatchMeansOfCorrelatedSeries(t *testing.T) {
	const trials, r = 1000, 0.9
	rnd := rand.New(rand.NewPCG(3, 4))
	count := func(n int) (covered, warned float64) {
		for range trials {
			b := BatchMeans(autoregressive(rnd, n, r), 20)
			if b.Interval(0.95).Contains(0) {
				covered += 1. / trials
			}
			if len(b.Warnings) > 0 {
				warned += 1. / trials
			}
		}
		return covered, warned
	}
	if covered, warned := count(20 * 400); covered < 0.93 || covered > 0.97 || warned > 0.12 {
		t.Errorf("long batches: cover %.3f, warn %.3f", covered, warned)
	}
	if covered, warned := count(20 * 5); covered > 0.8 || warned < 0.8 {
		t.Errorf("short batches: cover %.3f, warn %.3f: the warning does not do its work", covered, warned)
	}
}

func TestBatchMeansByHand(t *testing.T) {
	// 7 observations in 3 batches of 2: the first is left out.
	b := BatchMeans([]float64{99, 1, 3, 5, 7, 9, 11}, 3)
	near(t, "mean", b.Mean, 6, 1e-12)
	near(t, "standard deviation", b.StdDev, 4, 1e-12)
	// Deviations -4, 0, 4: cross products 0, squares 32.
	near(t, "lag 1", b.Lag1, 0, 1e-12)
	if b.Size != 2 || len(b.Warnings) != 1 {
		t.Errorf("size %d, warnings %q", b.Size, b.Warnings)
	}
	if b := BatchMeans([]float64{1}, 10); len(b.Warnings) != 1 || !math.IsNaN(b.Mean) {
		t.Errorf("too short a series: %+v", b)
	}
}
