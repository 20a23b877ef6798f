package policy

import "testing"

func TestPanic(t *testing.T) {
	for _, c := range []struct {
		threshold    float64
		healthy, all int
		want         bool
	}{
		{0.5, 4, 10, true},
		{0.5, 5, 10, false},
		{0.3, 3, 10, false},
		{0.3, 2, 10, true},
		{0, 1, 10, false},
		{0, 0, 10, true},
		{1, 9, 10, true},
		{1, 10, 10, false},
		{0.5, 0, 0, false},
		{NeverPanic, 0, 10, false},
	} {
		if got := Panic(c.threshold, c.healthy, c.all); got != c.want {
			t.Errorf("%d of %d healthy with threshold %v: panic %v", c.healthy, c.all, c.threshold, got)
		}
	}
}
