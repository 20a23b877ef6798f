package stat

import (
	"math/rand/v2"
	"testing"
)

// By hand: 4 tests at 0.01, 0.04, 0.03, 0.005. Sorted and multiplied by 4, 3, 2,
// 1: 0.02, 0.03, 0.06, 0.04, and none below the one before it: …, 0.06, 0.06.
func TestHolmByHand(t *testing.T) {
	got := Holm([]float64{0.01, 0.04, 0.03, 0.005})
	for i, want := range []float64{0.03, 0.06, 0.06, 0.02} {
		near(t, "adjusted", got[i], want, 1e-12)
	}
	if got := Holm([]float64{0.9, 0.6}); got[0] != 1 || got[1] != 1 {
		t.Errorf("adjusted beyond 1: %v", got)
	}
	if got := Holm(nil); len(got) != 0 {
		t.Errorf("no test gives %v", got)
	}
}

// Of families of 30 tests without any effect, at most the level raise an alarm;
// without the correction, most would.
func TestFalseAlarmsOfHolm(t *testing.T) {
	const families, tests, level = 5000, 30, 0.05
	rnd := rand.New(rand.NewPCG(7, 8))
	var corrected, raw float64
	for range families {
		p := make([]float64, tests)
		for i := range p {
			p[i] = rnd.Float64()
		}
		alarm := func(p []float64) float64 {
			for _, x := range p {
				if x < level {
					return 1. / families
				}
			}
			return 0
		}
		raw += alarm(p)
		corrected += alarm(Holm(p))
	}
	near(t, "families with a false alarm", corrected, level, 0.01)
	if raw < 0.7 {
		t.Errorf("only %v of the families raise an alarm without correction", raw)
	}
}
