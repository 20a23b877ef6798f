package topology

import (
	"math"
	"strings"
	"time"
)

// z99 is the 99th percentile of the standard normal distribution.
const z99 = 2.3263478740408408

// MeanSeconds is the analytic mean, in seconds; +Inf for a pareto with alpha up
// to 1.
func (d Distribution) MeanSeconds() float64 {
	switch d.Kind {
	case Lognormal:
		if d.Median == 0 {
			return d.Mean.Seconds()
		}
		sigma := math.Log(float64(d.P99)/float64(d.Median)) / z99
		return d.Median.Seconds() * math.Exp(sigma*sigma/2)
	case Uniform:
		return (d.Min.Seconds() + d.Max.Seconds()) / 2
	case Normal:
		return truncatedNormalMean(d.Mean.Seconds(), d.StdDev.Seconds())
	case Pareto:
		if d.Alpha <= 1 {
			return math.Inf(1)
		}
		return d.Min.Seconds() * d.Alpha / (d.Alpha - 1)
	case Quantiles:
		mean := 0.0
		for i := 1; i < len(d.Points); i++ {
			a, b := d.Points[i-1], d.Points[i]
			mean += (b.Share - a.Share) * (a.Value.Seconds() + b.Value.Seconds()) / 2
		}
		return mean
	case Constant, Exponential, Gamma, Erlang, Hyperexponential, Weibull:
		return d.Mean.Seconds()
	}
	return d.Mean.Seconds()
}

// MeanDuration is the mean as a duration; infinite is true, and the duration the
// longest that there is, where it cannot be one.
func (d Distribution) MeanDuration() (mean time.Duration, infinite bool) {
	s := d.MeanSeconds()
	if s >= math.MaxInt64/1e9 {
		return math.MaxInt64, true
	}
	return seconds(s), false
}

// truncatedNormalMean is mu + sigma·φ(a)/(1−Φ(a)) with a = −mu/sigma, the mean
// of a normal variable given that it is not negative (Johnson, Kotz and
// Balakrishnan, Continuous Univariate Distributions 1, section 13.10.1).
func truncatedNormalMean(mu, sigma float64) float64 {
	if sigma == 0 {
		return mu
	}
	a := -mu / sigma
	density := math.Exp(-a*a/2) / math.Sqrt(2*math.Pi)
	return mu + sigma*density/(math.Erfc(a/math.Sqrt2)/2)
}

// seconds rounds a number of seconds to a duration.
func seconds(s float64) time.Duration {
	return time.Duration(math.Round(s * 1e9))
}

// String writes a distribution as the language does: `5ms`, or
// `{lognormal: {median: 2ms, p99: 12ms}}`.
func (d Distribution) String() string {
	switch d.Kind {
	case Constant:
		return FormatDuration(d.Mean)
	case Exponential:
		return "{exponential: " + FormatDuration(d.Mean) + "}"
	case Lognormal:
		if d.Median > 0 {
			return "{lognormal: {median: " + FormatDuration(d.Median) + ", p99: " + FormatDuration(d.P99) + "}}"
		}
		return d.meanAnd("lognormal", "cv", formatNumber(d.CV))
	case Gamma:
		return d.meanAnd("gamma", "cv", formatNumber(d.CV))
	case Erlang:
		return "{erlang: {k: " + formatInt(d.K) + ", mean: " + FormatDuration(d.Mean) + "}}"
	case Hyperexponential:
		return d.meanAnd("hyperexponential", "cv", formatNumber(d.CV))
	case Uniform:
		return "{uniform: {min: " + FormatDuration(d.Min) + ", max: " + FormatDuration(d.Max) + "}}"
	case Normal:
		return d.meanAnd("normal", "stddev", FormatDuration(d.StdDev))
	case Weibull:
		return d.meanAnd("weibull", "shape", formatNumber(d.Shape))
	case Pareto:
		return "{pareto: {min: " + FormatDuration(d.Min) + ", alpha: " + formatNumber(d.Alpha) + "}}"
	case Quantiles:
		var points []string
		for _, p := range d.Points {
			points = append(points, strings.TrimSuffix(FormatShare(p.Share), "%")+": "+FormatDuration(p.Value))
		}
		return "{quantiles: {" + strings.Join(points, ", ") + "}}"
	}
	return ""
}

func (d Distribution) meanAnd(kind, parameter, value string) string {
	return "{" + kind + ": {mean: " + FormatDuration(d.Mean) + ", " + parameter + ": " + value + "}}"
}
