package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Student's own data ("The probable error of a mean", 1908): hours of sleep that
// two drugs gave ten patients. In pairs t = 4.0621 with 9 degrees of freedom,
// two-sided p = 0.002833; as independent samples Welch's t = 1.8608 with 17.776
// and p = 0.07939, as R's t.test prints them for its data set `sleep`.
func TestDifferencesOfStudentsSleep(t *testing.T) {
	first := []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	second := []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}

	paired := Paired(first, second)
	near(t, "paired mean", paired.Mean, 1.58, 1e-12)
	near(t, "paired t", paired.Mean/paired.StdErr, 4.0621, 1e-4)
	near(t, "paired p", 2*paired.ProbabilityAtMost(0), 0.002833, 1e-6)
	near(t, "paired low", paired.Interval(0.95).Low, 0.7001142, 1e-6)
	near(t, "paired high", paired.Interval(0.95).High, 2.4598858, 1e-6)

	welch := Welch(Summarize(first), Summarize(second))
	near(t, "Welch's t", welch.Mean/welch.StdErr, 1.8608, 1e-4)
	near(t, "Welch's freedom", welch.Freedom, 17.776, 1e-3)
	near(t, "Welch's p", 2*welch.ProbabilityAtMost(0), 0.07939, 1e-5)
	near(t, "Welch's low", welch.Interval(0.95).Low, -0.2054832, 1e-6)
}

func TestDifferencesWithoutSpread(t *testing.T) {
	same := Paired([]float64{1, 2, 3}, []float64{1, 2, 3})
	if p := same.ProbabilityAtMost(0); p != 1 {
		t.Errorf("no difference at all has p = %v", p)
	}
	moved := Paired([]float64{1, 2, 3}, []float64{2, 3, 4})
	if p := moved.ProbabilityAtMost(0.5); p != 0 || moved.Interval(0.95) != (Interval{1, 1}) {
		t.Errorf("every pair moved by 1: p = %v, interval %v", p, moved.Interval(0.95))
	}
	constant := Summarize([]float64{1, 1, 1})
	if p := Welch(constant, constant).ProbabilityAtMost(0); p != 1 {
		t.Errorf("two constants have p = %v", p)
	}
	for name, d := range map[string]Difference{
		"nothing":  Paired(nil, nil),
		"one pair": Paired([]float64{1}, []float64{5}),
		"one each": Welch(Summarize([]float64{1}), Summarize([]float64{5})),
		"unknown":  Paired([]float64{1, 2}, []float64{math.NaN(), 3}),
	} {
		if p := d.ProbabilityAtMost(0); p != 1 {
			t.Errorf("%s: p = %v", name, p)
		}
	}
}

// Under the null hypothesis p is uniform: of many tests a share of p lies below p.
func TestFalseAlarmsOfDifferences(t *testing.T) {
	const trials, level = 20_000, 0.05
	rnd := rand.New(rand.NewPCG(5, 6))
	draw := func(n int, spread float64) []float64 {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = 3 + spread*rnd.NormFloat64()
		}
		return xs
	}
	var welch, paired float64
	for range trials {
		if Welch(Summarize(draw(10, 1)), Summarize(draw(6, 4))).ProbabilityAtMost(0) < level {
			welch += 1. / trials
		}
		luck := draw(8, 5)
		before, after := draw(8, 1), draw(8, 1)
		for i := range luck {
			before[i] += luck[i]
			after[i] += luck[i]
		}
		if Paired(before, after).ProbabilityAtMost(0) < level {
			paired += 1. / trials
		}
	}
	near(t, "false alarms of Welch's test", welch, level, 0.006)
	near(t, "false alarms in pairs", paired, level, 0.006)
}
