package policy

import "testing"

func TestWarm(t *testing.T) {
	w := Warm{For: 120 * second, Slowdown: 3}
	for age, want := range map[int64]float64{0: 3, 30: 2.5, 60: 2, 90: 1.5, 120: 1, 1000: 1} {
		if got := w.Factor(age * second); got != want {
			t.Errorf("factor %v after %d s, want %v", got, age, want)
		}
	}
	if got := (&Warm{}).Factor(0); got != 1 {
		t.Errorf("without a warm-up the factor is %v", got)
	}
}
