package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// ones are so many batches of one answer each.
func ones(n int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = 1
	}
	return xs
}

// much is a worth beside which the allowance does not matter.
const much = 1e15

// Ten stretches, so ten batches: the mean of 1 to 10 in an order whose neighbours
// are not alike is 5.5, and its standard error that of ten samples.
func TestWithinRunByHand(t *testing.T) {
	series := []float64{5, 10, 2, 8, 3, 9, 1, 7, 4, 6}
	w := WithinRun(series, ones(10), false, much)
	s := Summarize(series)
	if w.Doubt != "" || w.Batches != 10 {
		t.Fatalf("%+v", w)
	}
	near(t, "value", w.Value, 5.5, 1e-12)
	near(t, "standard error", w.StdErr, s.StdErr(), 1e-12)
	i, _ := w.Interval(0.95)
	near(t, "low", i.Low, s.Interval(0.95).Low, 1e-12)
	near(t, "high", i.High, s.Interval(0.95).High, 1e-12)
	// At 20 answers' worth of allowance and 30 of worth the variance is 5/3 of that.
	w = WithinRun(series, ones(10), false, 30)
	near(t, "with allowance", w.StdErr, s.StdErr()*math.Sqrt(5./3), 1e-12)
}

// A ratio of sums is not the mean of ratios: 10 of 20 and 0 of 10 are a third.
func TestWithinRunWeighs(t *testing.T) {
	var hits, n []float64
	for range 10 {
		hits, n = append(hits, 10, 0), append(n, 20, 10)
	}
	near(t, "value", WithinRun(hits, n, true, much).Value, 1./3, 1e-12)
	if sums := group([]float64{1, 2, 3, 4, 5}, 2); sums[0] != 3 || sums[1] != 12 {
		t.Errorf("five stretches in two batches: %v", sums)
	}
}

func TestDoubts(t *testing.T) {
	rising, level, late, empty := make([]float64, 40), make([]float64, 40), make([]float64, 40), ones(40)
	for i := range rising {
		rising[i], level[i] = float64(i), float64(1+i%2)
		late[i] = level[i]
	}
	late[0] = 30
	for i := 8; i < 12; i++ { // a batch of ten, and two of twenty
		empty[i] = 0
	}
	for name, c := range map[string]struct {
		series, of []float64
		share      bool
		worth      float64
		want       Doubt
	}{
		"nine stretches":   {level[:9], ones(9), false, much, TooShort},
		"worth too little": {level, ones(40), false, 29, TooShort},
		"worth nothing":    {level, ones(40), false, math.NaN(), TooShort},
		"rising":           {rising, ones(40), false, much, Correlated},
		"a bad start":      {late[:20], ones(20), false, much, Unsettled},
		"an empty batch":   {level, empty, false, much, Empty},
		"level":            {level, ones(40), false, much, ""},
		"constant":         {ones(40), ones(40), false, much, ""},
	} {
		w := WithinRun(c.series, c.of, c.share, c.worth)
		if w.Doubt != c.want {
			t.Errorf("%s: doubt %q, want %q", name, w.Doubt, c.want)
		}
		if _, ok := w.Interval(0.95); ok != (c.want == "") {
			t.Errorf("%s: interval %v", name, ok)
		}
	}
}

// A single failure has to be somewhere: that it is in the first batch proves
// nothing, a hundred that all are there do.
func TestFirstFailures(t *testing.T) {
	answers := make([]float64, 20)
	for i := range answers {
		answers[i] = 1000
	}
	for _, c := range []struct {
		failed float64
		want   Doubt
	}{{1, ""}, {100, Unsettled}} {
		ok := append([]float64(nil), answers...)
		ok[0] -= c.failed
		if w := WithinRun(ok, answers, true, much); w.Doubt != c.want {
			t.Errorf("%v failures at the start: %q, want %q", c.failed, w.Doubt, c.want)
		}
	}
}

// Independent batches are taken for correlated, or for unsettled, as rarely as
// the levels of the tests say: both tries at 20 and at 10 batches must fail.
func TestFalseDoubts(t *testing.T) {
	const trials = 4000
	rnd := rand.New(rand.NewPCG(9, 10))
	count := map[Doubt]float64{}
	singly := 0.
	for range trials {
		xs := make([]float64, 60)
		for i := range xs {
			xs[i] = 5 + rnd.NormFloat64()
		}
		count[WithinRun(xs, ones(60), false, much).Doubt] += 1. / trials
		mean := Summarize(xs).Mean
		for i := range xs {
			xs[i] -= mean
		}
		if correlated(xs) {
			singly += 1. / trials
		}
	}
	near(t, "taken for correlated at once", singly, 0.10, 0.02)
	near(t, "taken for correlated twice", count[Correlated], 0.03, 0.015)
	near(t, "taken for unsettled", count[Unsettled], 0.01, 0.005)
}

// Of independent answers the interval of a share is Wilson's, but for Student's t,
// and every answer counts.
func TestWorthOfIndependentAnswers(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 12))
	const per = 1000
	var worth, effective Running
	for range 400 {
		var below, hits, n []float64
		for range 60 {
			b, h := 0., 0.
			for range per {
				if rnd.Float64() < 0.5 {
					b++
				}
				if rnd.Float64() < 0.01 {
					h++
				}
			}
			below, hits, n = append(below, b), append(hits, h), append(n, per)
		}
		worth.Add(Worth(below, n) / (60 * per))
		w := WithinRun(hits, n, true, much)
		effective.Add(w.effective() / w.Trials)
	}
	// At most all are counted, and half of the estimates would be more than all.
	near(t, "worth of all", worth.Summary().Mean, 0.88, 0.05)
	near(t, "worth of the hits", effective.Summary().Mean, 0.88, 0.05)
	if w := Worth(ones(9), ones(9)); w != 0 {
		t.Errorf("nine stretches are worth %v", w)
	}
}

func TestQuantileOrders(t *testing.T) {
	n := ones(20)
	hits := make([]float64, 20)
	for i := range n {
		n[i], hits[i] = 1000, 990 // without any spread: 20,000 independent answers
	}
	w := WithinRun(hits, n, true, much)
	i, ok := w.QuantileOrders(0.99, 0.95)
	want := score(0.99, 20_000, 2.093024) // t(19, 97.5%) from the tables
	near(t, "low", i.Low, want.Low, 1e-8)
	near(t, "high", i.High, want.High, 1e-8)
	if !ok {
		t.Error("20,000 answers do not bound p99")
	}
	// 0.9999^20000 = 13.5%: all answers may be below it.
	if _, ok := w.QuantileOrders(0.9999, 0.95); ok {
		t.Error("20,000 answers bound p99.99")
	}
}
