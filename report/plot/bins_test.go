package plot

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report"
)

func TestWindowsPerBin(t *testing.T) {
	for _, test := range []struct {
		windows int
		window  time.Duration
		want    int
	}{
		{1, time.Second, 1},
		{400, 5 * time.Second, 1},
		{401, 5 * time.Second, 2},
		{17280, 5 * time.Second, 60},
		{1000, 7 * time.Second, 3}, // no round time is a multiple of 7 s
		{700000, time.Second, 1800},
	} {
		if got := windowsPerBin(test.windows, test.window); got != test.want {
			t.Errorf("%d windows of %v: %d a bin, want %d", test.windows, test.window, got, test.want)
		}
	}
}

func TestBinsGatherWhatIsKnown(t *testing.T) {
	nan := math.NaN()
	b := bins{start: []float64{0, 2, 4}, end: 5, per: 2}
	c := report.Column{1, 3, nan, 5, nan}
	for name, pair := range map[string][2][]float64{
		"mean": {b.mean(c), {2, 5, nan}},
		"sum":  {b.sum(c), {4, 5, nan}},
		"max":  {b.max(c), {3, 5, nan}},
	} {
		same := slices.EqualFunc(pair[0], pair[1], func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
		if !same {
			t.Errorf("%s: %v, want %v", name, pair[0], pair[1])
		}
	}
	if e := ending([]float64{1, 2, nan}); e != 2 {
		t.Errorf("the line ends at %v", e)
	}
}
