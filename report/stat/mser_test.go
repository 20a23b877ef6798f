package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// settling is a series that starts at 1 above its level and comes down to it by
// a factor of e every `scale` observations, with noise around it.
func settling(rnd *rand.Rand, n int, scale, noise float64) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = 10 + noise*rnd.NormFloat64()
		if scale > 0 {
			xs[i] += math.Exp(-float64(i) / scale)
		}
	}
	return xs
}

// By hand: the batch means are 9, 9 and then 1 and 2 in turns. Dropping the two
// nines leaves 18 × 1/4 over 18², 1/72, and every further pair more than that.
func TestMSER5ByHand(t *testing.T) {
	var series []float64
	for i := range 20 {
		level := 9.
		if i >= 2 {
			level = 1 + float64(i%2)
		}
		for range mserBatch {
			series = append(series, level)
		}
	}
	if d, ok := MSER5(append(series, 7, 7)); d != 10 || !ok {
		t.Errorf("%d observations (%v), want 10", d, ok)
	}
}

func TestMSER5CutsTheStart(t *testing.T) {
	const n, scale = 1000, 40.
	rnd := rand.New(rand.NewPCG(5, 6))
	var cut, still Running
	undecided := 0
	for range 200 {
		d, ok := MSER5(settling(rnd, n, scale, 0.1))
		if !ok {
			undecided++
			continue
		}
		cut.Add(float64(d))
		if d, ok := MSER5(settling(rnd, n, 0, 0.1)); ok {
			still.Add(float64(d))
		}
	}
	// After two to five time constants the rest of the start is below the noise.
	if m := cut.Summary().Mean; m < 2*scale || m > 5*scale {
		t.Errorf("cuts %.0f of a start with a time constant of %.0f", m, scale)
	}
	if m := still.Summary().Mean; m > 0.1*n {
		t.Errorf("cuts %.0f of %d where there is nothing to cut", m, n)
	}
	if undecided > 4 {
		t.Errorf("cannot decide %d of 200 series", undecided)
	}
}

func TestMSER5CannotDecide(t *testing.T) {
	rising := make([]float64, 500)
	for i := range rising {
		rising[i] = float64(i)
	}
	unknown := make([]float64, 500)
	unknown[100] = math.NaN()
	for name, series := range map[string][]float64{"rising": rising, "short": make([]float64, 49), "unknown": unknown, "none": nil} {
		if d, ok := MSER5(series); ok {
			t.Errorf("%s: cuts %d", name, d)
		}
	}
	if d, ok := MSER5(make([]float64, 50)); d != 0 || !ok {
		t.Errorf("constant: %d (%v), want nothing to cut", d, ok)
	}
}

// The definition, in the plainest way, says the same.
func TestMSER5AgainstItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		series := rapid.SliceOfN(rapid.Float64Range(-10, 10), 50, 200).Draw(t, "series")
		n := len(series) / mserBatch
		means := make([]float64, n)
		for i := range means {
			for _, x := range series[i*mserBatch : (i+1)*mserBatch] {
				means[i] += x / mserBatch
			}
		}
		statistic := func(d int) float64 {
			var mean, squares float64
			for _, y := range means[d:] {
				mean += y / float64(n-d)
			}
			for _, y := range means[d:] {
				squares += (y - mean) * (y - mean)
			}
			return squares / float64(n-d) / float64(n-d)
		}
		cut, _ := MSER5(series)
		for d := range n/2 + 1 {
			if statistic(d) < statistic(cut/mserBatch)-1e-9 {
				t.Fatalf("%d is better than %d", d, cut/mserBatch)
			}
		}
	})
}
