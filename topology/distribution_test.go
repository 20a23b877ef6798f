package topology

import (
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// readDistribution loads a distribution as the work of a service.
func readDistribution(text string) (Distribution, error) {
	topology, err := Load([]Source{{Name: "d.yaml", Data: []byte("version: 1\nservices: {a: {work: " + text + "}}\n")}}, Options{})
	if err != nil {
		return Distribution{}, err
	}
	return topology.Services[0].Operations[0].Work, nil
}

func TestDistributionMeans(t *testing.T) {
	for text, want := range map[string]float64{
		"5ms":                                     0.005,
		"0":                                       0,
		"{exponential: 4ms}":                      0.004,
		"{lognormal: {mean: 10ms, cv: 2}}":        0.010,
		"{gamma: {mean: 3ms, cv: 0.5}}":           0.003,
		"{erlang: {k: 3, mean: 6ms}}":             0.006,
		"{hyperexponential: {mean: 2ms, cv: 3}}":  0.002,
		"{uniform: {min: 2ms, max: 6ms}}":         0.004,
		"{weibull: {mean: 9ms, shape: 0.7}}":      0.009,
		"{pareto: {min: 2ms, alpha: 2}}":          0.004,
		"{pareto: {min: 2ms, alpha: 1}}":          math.Inf(1),
		"{quantiles: {0: 0s, 50: 2ms, 100: 6ms}}": 0.0025,
		"{normal: {mean: 5ms, stddev: 0}}":        0.005,
		// Half of a normal distribution: sigma * sqrt(2/pi).
		"{normal: {mean: 0, stddev: 1ms}}": 0.001 * math.Sqrt(2/math.Pi),
		// exp(mu + sigma^2/2) with sigma = ln(6)/z99.
		"{lognormal: {median: 2ms, p99: 12ms}}": 0.002 * math.Exp(math.Pow(math.Log(6)/2.3263478740408408, 2)/2),
	} {
		d, err := readDistribution(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := d.MeanSeconds(); got != want && math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: mean %v, want %v", text, got, want)
		}
	}
	if mean, infinite := (Distribution{Kind: Pareto, Min: time.Second, Alpha: 0.5}).MeanDuration(); !infinite || mean != math.MaxInt64 {
		t.Errorf("infinite mean: %v, %v", mean, infinite)
	}
	if mean, infinite := (Distribution{Mean: time.Second}).MeanDuration(); infinite || mean != time.Second {
		t.Errorf("mean: %v, %v", mean, infinite)
	}
}

// anyDistribution draws a distribution that the language can say.
func anyDistribution(t *rapid.T) Distribution {
	length := func(name string) time.Duration {
		return time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, name))
	}
	number := func(name string, least float64) float64 { return rapid.Float64Range(least, 50).Draw(t, name) }
	d := Distribution{Kind: DistributionKind(rapid.IntRange(0, int(Quantiles)).Draw(t, "kind"))}
	switch d.Kind {
	case Constant, Exponential:
		d.Mean = length("mean")
	case Lognormal:
		if rapid.Bool().Draw(t, "by median") {
			d.Median = length("median")
			d.P99 = d.Median + length("more")
		} else {
			d.Mean, d.CV = length("mean"), number("cv", 0.1)
		}
	case Gamma:
		d.Mean, d.CV = length("mean"), number("cv", 0.1)
	case Hyperexponential:
		d.Mean, d.CV = length("mean"), number("cv", 1.01)
	case Erlang:
		d.Mean, d.K = length("mean"), rapid.IntRange(1, 100).Draw(t, "k")
	case Uniform:
		d.Min = length("min")
		d.Max = d.Min + length("more")
	case Normal:
		d.Mean, d.StdDev = length("mean"), length("stddev")
	case Weibull:
		d.Mean, d.Shape = length("mean"), number("shape", 0.1)
	case Pareto:
		d.Min, d.Alpha = length("min"), number("alpha", 0.1)
	case Quantiles:
		value := time.Duration(0)
		for _, share := range []float64{0, 0.5, 0.9, 0.999, 1} {
			value += length("step")
			d.Points = append(d.Points, QuantilePoint{share, value})
		}
	}
	return d
}

func TestDistributionRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDistribution(t)
		got, err := readDistribution(d.String())
		if err != nil || !reflect.DeepEqual(got, d) {
			t.Fatalf("%s became %+v, %v", d, got, err)
		}
	})
}
