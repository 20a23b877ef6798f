package report

import (
	"math"
	"slices"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/topology"
)

// Watch gathers, over the replications of several variants, the figures that a
// baseline holds: those that objectives bound and, of every client, availability
// and p99 over the run and during the fault.
type Watch struct {
	topology *topology.Topology
	variants []watched
}

type watched struct {
	name    string
	figures []*watchedFigure
	samples []baselineSample // by figure
}

// watchedFigure is what an objective measures, without its bound.
type watchedFigure struct {
	name   string // unique within a variant
	what   *topology.Objective
	higher bool // higher is better
}

// baselineSample grows by replications; values are kept up to MostValues.
type baselineSample struct {
	figures stat.Running
	values  []float64
	taken   int
}

// NewWatch of variants by their names.
func NewWatch(t *topology.Topology, variants []string) *Watch {
	w := &Watch{topology: t}
	for _, name := range variants {
		figures := figuresOf(t, name)
		w.variants = append(w.variants, watched{name, figures, make([]baselineSample, len(figures))})
	}
	return w
}

// Take the result of one run. The replications of a variant are taken in order.
func (w *Watch) Take(variant int, r *Result) {
	v := &w.variants[variant]
	for i, f := range v.figures {
		v.samples[i].add(f.measure(r))
	}
}

// measure the figure in one run, NaN if it cannot be said. What never came back
// is taken to need the whole run.
func (f *watchedFigure) measure(r *Result) float64 {
	value, _ := measure(f.what, r)
	if math.IsInf(float64(value), 0) {
		return float64(r.Duration)
	}
	return float64(value)
}

func (s *baselineSample) add(x float64) {
	s.figures.Add(x)
	s.taken++
	switch {
	case s.taken > MostValues:
		s.values = nil
	case math.IsNaN(x):
		s.values = append(s.values, x)
	default:
		s.values = append(s.values, rounded(x))
	}
}

func (s *baselineSample) baseline(f *watchedFigure, confidence float64) *BaselineFigure {
	summary := s.figures.Summary()
	b := &BaselineFigure{Mean: Number(summary.Mean), StdDev: Number(summary.StdDev), N: summary.N, Low: unknown(), High: unknown()}
	if summary.N > 1 {
		i := new(sample).interval(f.what, summary, confidence)
		b.Low, b.High = Number(i.Low), Number(i.High)
	}
	for _, x := range s.values {
		b.Values = append(b.Values, Number(x))
	}
	return b
}

// figuresOf lists the figures of a variant, each once.
func figuresOf(t *topology.Topology, variant string) []*watchedFigure {
	var figures []*watchedFigure
	add := func(o *topology.Objective) {
		f := newFigure(t, o)
		if !slices.ContainsFunc(figures, func(have *watchedFigure) bool { return have.name == f.name }) {
			figures = append(figures, f)
		}
	}
	for _, o := range t.Objectives {
		if Concerns(o, variant) && measured(o.Metric) {
			add(o)
		}
	}
	phases := []string{"all", "fault"}
	if variant == "none" {
		phases = phases[:1]
	}
	for _, traffic := range t.Traffic {
		for _, phase := range phases {
			add(&topology.Objective{Pos: traffic.Pos, During: phase, Of: traffic.Name, Metric: "availability", Op: ">="})
			add(&topology.Objective{Pos: traffic.Pos, During: phase, Of: traffic.Name, Metric: "latency", Quantile: "p99", Op: "<="})
		}
	}
	return figures
}

func newFigure(t *topology.Topology, o *topology.Objective) *watchedFigure {
	what := *o
	if len(t.Traffic) == 1 && what.Service == "" && perTraffic(what.Metric) {
		what.Of = t.Traffic[0].Name // all clients are this one
	}
	f := &watchedFigure{what: &what, higher: what.Op == ">=" || what.Op == ">"}
	f.name = what.Metric
	if what.Quantile != "" {
		f.name += " " + what.Quantile
	}
	if what.Metric == "headroom" {
		f.name += " without " + Counted(what.Zones, "zone")
	}
	if subject := what.Of + what.Service; subject != "" {
		f.name += " of " + subject
	}
	if what.During != "all" {
		f.name += " during " + what.During
	}
	if f.higher != higherIsBetter(what.Metric) {
		f.name += map[bool]string{true: ", lower is worse", false: ", higher is worse"}[f.higher]
	}
	return f
}

func perTraffic(metric string) bool {
	switch metric {
	case "availability", "strict_availability", "goodput", "latency", "recovers_within":
		return true
	}
	return false
}

// higherIsBetter tells what is usually wanted of a metric.
func higherIsBetter(metric string) bool {
	switch metric {
	case "availability", "strict_availability", "goodput", "headroom":
		return true
	}
	return false
}
