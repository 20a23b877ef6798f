package plot

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSpreadKeepsLabelsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wanted := rapid.SliceOfN(rapid.Float64Range(0, 100), 0, 10).Draw(t, "wanted")
		slices.Sort(wanted)
		placed := spread(wanted, 10, 0, 100)
		if len(placed) != len(wanted) {
			t.Fatalf("%d of %d labels", len(placed), len(wanted))
		}
		for i, at := range placed {
			if at < -1e-9 || at > 100+1e-9 {
				t.Fatalf("%v lies outside", placed)
			}
			if i > 0 && at-placed[i-1] < 10-1e-6 {
				t.Fatalf("%v: too close", placed)
			}
		}
		// Labels that are apart already stay where they are.
		if apart(wanted, 10) {
			for i := range wanted {
				if math.Abs(placed[i]-wanted[i]) > 1e-9 {
					t.Fatalf("%v moved to %v", wanted, placed)
				}
			}
		}
	})
}

func apart(at []float64, gap float64) bool {
	for i := 1; i < len(at); i++ {
		if at[i]-at[i-1] < gap {
			return false
		}
	}
	return true
}

func TestSpreadMovesAsLittleAsPossible(t *testing.T) {
	for _, test := range []struct{ wanted, want []float64 }{
		{[]float64{50, 50}, []float64{45, 55}},
		{[]float64{50, 50, 50}, []float64{40, 50, 60}},
		{[]float64{20, 50, 55}, []float64{20, 47.5, 57.5}},
		{[]float64{0, 0}, []float64{0, 10}},
		{[]float64{98, 99}, []float64{90, 100}},
	} {
		if got := spread(test.wanted, 10, 0, 100); !slices.Equal(got, test.want) {
			t.Errorf("%v is spread to %v, want %v", test.wanted, got, test.want)
		}
	}
}
