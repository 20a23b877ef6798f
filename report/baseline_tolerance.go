package report

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/silverback-sim/silverback/topology"
)

// Tolerances are how much worse than a baseline a figure may be, by metric:
// points of shares, a part of latencies, rates and counts, or a time.
type Tolerances struct {
	byMetric map[string]float64
}

// The kinds of tolerances.
type toleranceKind uint8

const (
	points   toleranceKind = iota // of a share
	relative                      // to the baseline's figure
	timeSpan                      // s
)

var toleranceTable = []struct {
	metric string
	kind   toleranceKind
	usual  float64
}{
	{"availability", points, 0.0005},
	{"strict_availability", points, 0.0005},
	{"goodput", relative, 0.01},
	{"latency", relative, 0.05},
	{"utilization", points, 0.02},
	{"headroom", points, 0.02},
	{"recovers_within", timeSpan, 10},
	{"instances", relative, 0.02},
}

// UsualTolerances are those where nothing else is said.
func UsualTolerances() Tolerances {
	t := Tolerances{map[string]float64{}}
	for _, row := range toleranceTable {
		t.byMetric[row.metric] = row.usual
	}
	return t
}

// ToleratedMetrics lists the metrics that have a tolerance.
func ToleratedMetrics() []string {
	var names []string
	for _, row := range toleranceTable {
		names = append(names, row.metric)
	}
	return names
}

// With what is written as "availability=0.1%", "latency=10%" or
// "recovers_within=30s" in the place of what t says of that metric.
func (t Tolerances) With(written string) (Tolerances, error) {
	metric, value, ok := strings.Cut(written, "=")
	if !ok {
		return t, fmt.Errorf("%q: write METRIC=TOLERANCE, for example availability=0.1%% or latency=10%%", written)
	}
	if !slices.Contains(ToleratedMetrics(), metric) {
		return t, fmt.Errorf("%q: there is no tolerance of %q; there are those of %s", written, metric, strings.Join(ToleratedMetrics(), ", "))
	}
	var x float64
	var err error
	if kindOf(metric) == timeSpan {
		var d time.Duration
		d, err = topology.ParseDuration(value)
		x = d.Seconds()
	} else {
		x, err = topology.ParseShare(value)
	}
	if err != nil {
		return t, fmt.Errorf("%q: %w", written, err)
	}
	changed := Tolerances{map[string]float64{metric: x}}
	for name, have := range t.byMetric {
		if name != metric {
			changed.byMetric[name] = have
		}
	}
	return changed, nil
}

func kindOf(metric string) toleranceKind {
	for _, row := range toleranceTable {
		if row.metric == metric {
			return row.kind
		}
	}
	return relative
}

// of a metric whose baseline figure is given, in the metric's unit.
func (t Tolerances) of(metric string, baseline float64) float64 {
	x := t.byMetric[metric]
	if kindOf(metric) == relative {
		return x * math.Abs(baseline)
	}
	return x
}

// text of a metric's tolerance: "0.05 points", "5%", "10s".
func (t Tolerances) text(metric string) string {
	x := t.byMetric[metric]
	switch kindOf(metric) {
	case points:
		return formatPoints(x)
	case timeSpan:
		return FormatTime(seconds(Number(x)))
	case relative:
	}
	return topology.FormatShare(x)
}

// MarshalJSON writes an object of what With reads.
func (t Tolerances) MarshalJSON() ([]byte, error) {
	var texts Named[string]
	for _, row := range toleranceTable {
		x, ok := t.byMetric[row.metric]
		switch {
		case !ok:
		case row.kind == timeSpan:
			texts = append(texts, Entry[string]{row.metric, FormatTime(seconds(Number(x)))})
		default:
			texts = append(texts, Entry[string]{row.metric, topology.FormatShare(x)})
		}
	}
	return texts.MarshalJSON()
}

// UnmarshalJSON reads what MarshalJSON wrote; what is missing is usual.
func (t *Tolerances) UnmarshalJSON(data []byte) error {
	var texts map[string]string
	if err := json.Unmarshal(data, &texts); err != nil {
		return err
	}
	*t = UsualTolerances()
	for metric, text := range texts {
		var err error
		if *t, err = t.With(metric + "=" + text); err != nil {
			return err
		}
	}
	return nil
}
