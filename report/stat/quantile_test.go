package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// From the tables of the sign test: the median of 10 samples lies between the 2nd
// and the 9th with 97.9%, that of 20 between the 6th and the 15th with 95.9%.
func TestQuantileRanksByHand(t *testing.T) {
	for _, c := range []struct {
		n         int
		q         float64
		low, high int
	}{
		{10, 0.5, 2, 9},
		{20, 0.5, 6, 15},
		{5, 0.5, 0, 6},     // 1/16 is more than 5%
		{20, 0.99, 19, 21}, // 18 or fewer below: 1.7%; 17: 0.1%
		{0, 0.5, 0, 1},
	} {
		if low, high := QuantileRanks(c.n, c.q, 0.95); low != c.low || high != c.high {
			t.Errorf("quantile %v of %d: ranks %d and %d, want %d and %d", c.q, c.n, low, high, c.low, c.high)
		}
	}
}

// The coverage is a finite sum: how likely so many samples are below.
func TestCoverageOfQuantileRanks(t *testing.T) {
	for _, n := range []int{10, 50, 1000, 100_000} {
		for _, q := range []float64{0.01, 0.5, 0.9, 0.99} {
			low, high := QuantileRanks(n, q, 0.95)
			below := distuv.Binomial{N: float64(n), P: q}
			covered := below.CDF(float64(high-1)) - below.CDF(float64(low-1))
			t.Logf("quantile %v of %d: ranks %d to %d cover %.4f", q, n, low, high, covered)
			if covered < 0.95 || n >= 1000 && covered > 0.98 {
				t.Errorf("quantile %v of %d covers %.4f", q, n, covered)
			}
		}
	}
}

func TestQuantileCoversTheTruth(t *testing.T) {
	const trials, n, q = 1000, 200, 0.9
	rnd := rand.New(rand.NewPCG(7, 8))
	truth := -math.Log(1 - q)
	covered := 0
	var values Running
	for range trials {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = rnd.ExpFloat64()
		}
		slices.Sort(xs)
		value, around := Quantile(xs, q, 0.95)
		values.Add(value)
		if around.Contains(truth) {
			covered++
		}
		if !around.Contains(value) {
			t.Fatalf("%v does not lie in %v", value, around)
		}
	}
	if share := float64(covered) / trials; share < 0.94 || share > 0.98 {
		t.Errorf("covers %.3f", share)
	}
	near(t, "mean of the quantiles", values.Summary().Mean, truth, 0.02*truth)
}

func TestQuantileOfFew(t *testing.T) {
	if value, around := Quantile(nil, 0.5, 0.95); !math.IsNaN(value) || !math.IsInf(around.HalfWidth(), 1) {
		t.Errorf("no samples: %v in %v", value, around)
	}
	if got := fmt.Sprint(Quantile([]float64{1, 2, 4}, 0.5, 0.95)); got != "2 {-Inf +Inf}" {
		t.Errorf("three samples: %s", got)
	}
	if value, _ := Quantile([]float64{1, 2, 4}, 0.75, 0.95); value != 3 {
		t.Errorf("between the samples: %v", value)
	}
}
