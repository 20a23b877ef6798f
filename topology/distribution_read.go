package topology

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// maxPhases bounds the k of an erlang distribution.
const maxPhases = 10_000

// distribution reads a distribution; n nil gives the default.
func (f *file) distribution(n *yaml.Node, byDefault Distribution) Distribution {
	if n == nil {
		return byDefault
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() != "!!null" {
		return Distribution{Mean: f.duration(n, 0, 0)}
	}
	if n.Kind != yaml.MappingNode {
		f.fail(n, "wrong-kind", "a duration or a distribution is wanted here (for example `5ms` or `{exponential: 5ms}`), not "+kindOf(n))
		return byDefault
	}
	o, _ := f.open(n, f.lang.distribution, "a distribution")
	kind := f.exactlyOne(o, f.lang.distribution.only, "a distribution")
	value := o.get(kind)
	if value == nil {
		return byDefault
	}
	shape := f.lang.distribution.find(kind).value
	switch kind {
	case "exponential":
		return Distribution{Kind: Exponential, Mean: f.duration(value, 0, 0)}
	case "quantiles":
		return Distribution{Kind: Quantiles, Points: f.quantiles(value)}
	default:
		inner, ok := f.open(value, shape, "`"+kind+"`")
		if !ok {
			return byDefault
		}
		return f.parameters(kind, inner)
	}
}

// exactlyOne returns which of several keys is written, or "" after a report.
func (f *file) exactlyOne(o fields, keys []string, what string) string {
	found := ""
	for _, k := range keys {
		switch {
		case !o.has(k):
		case found == "":
			found = k
		default:
			later := o.keys[k]
			if first := o.keys[found]; first.Line > later.Line || first.Line == later.Line && first.Column > later.Column {
				later = first
			}
			f.fail(later, "conflict", what+" has one of `"+found+"` and `"+k+"`, not both")
		}
	}
	if found == "" && len(o.keys) == len(o.values) {
		f.fail(o.node, "missing-key", what+" needs one of the keys "+enumerate(keys))
	}
	return found
}

func (f *file) parameters(kind string, o fields) Distribution {
	mean := f.duration(o.get("mean"), 0, 0)
	switch kind {
	case "lognormal":
		return f.lognormal(o)
	case "gamma":
		return Distribution{Kind: Gamma, Mean: mean, CV: f.parameter(o, "cv", 0)}
	case "erlang":
		return Distribution{Kind: Erlang, Mean: mean, K: f.count(o.get("k"), 1, 1, maxPhases)}
	case "hyperexponential":
		return Distribution{Kind: Hyperexponential, Mean: mean, CV: f.parameter(o, "cv", 1)}
	case "uniform":
		d := Distribution{Kind: Uniform, Min: f.duration(o.get("min"), 0, 0), Max: f.duration(o.get("max"), 0, 0)}
		if o.get("min") != nil && o.get("max") != nil && d.Min > d.Max {
			f.fail(o.get("max"), "out-of-range", "`max` is shorter than `min`")
		}
		return d
	case "normal":
		return Distribution{Kind: Normal, Mean: mean, StdDev: f.duration(o.get("stddev"), 0, 0)}
	case "weibull":
		return f.weibull(o, mean)
	default:
		return f.pareto(o)
	}
}

// parameter reads a plain number over a bound.
func (f *file) parameter(o fields, key string, over float64) float64 {
	n := o.get(key)
	if n == nil {
		return 0
	}
	v, _ := f.number(n, "`"+key+"`", over)
	return v
}

func (f *file) lognormal(o fields) Distribution {
	d := Distribution{Kind: Lognormal}
	byMedian := o.has("median") || o.has("p99")
	byMean := o.has("mean") || o.has("cv")
	switch {
	case byMedian && byMean:
		f.fail(o.node, "conflict", "`lognormal` has either `median` and `p99` or `mean` and `cv`")
	case byMedian && o.has("median") && o.has("p99"):
		d.Median, d.P99 = f.duration(o.get("median"), 1, 1), f.duration(o.get("p99"), math.MaxInt64, 1)
		if d.P99 < d.Median {
			f.fail(o.get("p99"), "out-of-range", "`p99` is shorter than `median`")
		}
	case byMean && o.has("mean") && o.has("cv"):
		d.Mean, d.CV = f.duration(o.get("mean"), 0, 0), f.parameter(o, "cv", 0)
	default:
		f.fail(o.node, "missing-key", "`lognormal` needs `median` and `p99`, or `mean` and `cv`")
	}
	return d
}

// minWeibullShape keeps the mean's gamma function in range.
const minWeibullShape = 0.05

func (f *file) weibull(o fields, mean time.Duration) Distribution {
	d := Distribution{Kind: Weibull, Mean: mean, Shape: f.parameter(o, "shape", 0)}
	if n := o.get("shape"); n != nil && d.Shape > 0 && d.Shape < minWeibullShape {
		f.fail(n, "out-of-range", "`shape` must be "+formatNumber(minWeibullShape)+" at least")
	}
	return d
}

func (f *file) pareto(o fields) Distribution {
	d := Distribution{Kind: Pareto, Min: f.duration(o.get("min"), 0, 1), Alpha: f.parameter(o, "alpha", 0)}
	if d.Alpha > 0 && d.Alpha <= 1 {
		f.warn(o.get("alpha"), "infinite-mean", "with `alpha` up to 1 the mean is infinite: averages of a run depend on its length")
	}
	return d
}

// quantiles reads the points of an inverse distribution function.
func (f *file) quantiles(n *yaml.Node) []QuantilePoint {
	if n.Kind != yaml.MappingNode {
		f.fail(n, "wrong-kind", "`quantiles` is a mapping from percentages to durations, such as {0: 1ms, 50: 5ms, 100: 1s}, not "+kindOf(n))
		return nil
	}
	var points []QuantilePoint
	bad := false
	for _, entry := range f.pairs(n) {
		share, err := percentile(entry.key.Value)
		if err != nil {
			f.fail(entry.key, "out-of-range", err.Error())
			bad = true
			continue
		}
		points = append(points, QuantilePoint{share, f.duration(entry.value, 0, 0)})
	}
	sort.SliceStable(points, func(i, j int) bool { return points[i].Share < points[j].Share })
	for i := 1; i < len(points); i++ {
		switch a, b := points[i-1], points[i]; {
		case a.Share == b.Share:
			f.fail(n, "duplicate-key", "the quantile "+formatNumber(a.Share*100)+" is given twice")
			bad = true
		case a.Value > b.Value:
			f.fail(n, "out-of-range", fmt.Sprintf("quantiles do not fall: %s at %s is longer than %s at %s",
				FormatDuration(a.Value), FormatShare(a.Share), FormatDuration(b.Value), FormatShare(b.Share)))
			bad = true
		}
	}
	if !bad && (len(points) < 2 || points[0].Share != 0 || points[len(points)-1].Share != 1) {
		f.fail(n, "missing-key", "`quantiles` needs the points 0 and 100: the shortest and the longest duration")
	}
	return points
}

// percentile reads the 99.9 of a quantile as 0.999.
func percentile(text string) (float64, error) {
	number, rest := cutNumber(text)
	if number == "" || rest != "" || len(number) > maxDigits {
		return 0, fmt.Errorf("`%s` is not a percentage from 0 to 100", clip(text))
	}
	// Shifting the exponent keeps 99.9 the nearest number to 0.999.
	v, err := strconv.ParseFloat(number+"e-2", 64)
	if err != nil || v > 1 {
		return 0, fmt.Errorf("a quantile lies between 0 and 100, not at %s", strings.TrimSpace(clip(text)))
	}
	return v, nil
}
