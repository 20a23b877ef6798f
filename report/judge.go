package report

import (
	"math"
	"strings"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/topology"
)

// The verdicts on an objective.
const (
	Pass         = "pass"
	Fail         = "fail"
	Inconclusive = "inconclusive"
)

// What a verdict rests on.
const (
	OverReplications = "replications" // an interval over replications
	WithinOneRun     = "one run"      // an interval within one run: another seed may differ
	ByValue          = "value"        // the value of one run alone
)

// Judge gathers, over the replications of one variant, the figures that the
// objectives bound. A verdict looks at the bound of the interval, not at the
// mean: an objective passes if even the worse end keeps it, and fails if even
// the better end does not. A dead system passes nothing: what cannot be said,
// the latency of no answer, is a failure.
type Judge struct {
	objectives []*topology.Objective
	samples    []sample
}

type sample struct {
	figures stat.Running
	trials  float64        // requests that shares were counted over, in all
	never   int            // replications in which it is infinite
	within  *stat.Interval // of a single run, if it has one
}

// NewJudge takes the objectives that concern a variant.
func NewJudge(t *topology.Topology, variant string) *Judge {
	j := &Judge{}
	for _, o := range t.Objectives {
		if Concerns(o, variant) {
			j.objectives = append(j.objectives, o)
		}
	}
	j.samples = make([]sample, len(j.objectives))
	return j
}

// Concerns tells whether an objective judges a variant: one of its scenario, or
// any; of the healthy run, only what needs no fault.
func Concerns(o *topology.Objective, variant string) bool {
	base, _, _ := strings.Cut(variant, "[")
	switch o.Scenario {
	case base:
		return true
	case "", "*":
		return base != "none" || o.Metric != "recovers_within" && (o.During == "all" || o.During == "before")
	}
	return false
}

// Add one replication.
func (j *Judge) Add(r *Result) {
	for k, o := range j.objectives {
		s := &j.samples[k]
		value, trials := measure(o, r)
		s.trials += trials
		if math.IsInf(float64(value), 0) {
			s.never++
			continue
		}
		s.figures.Add(float64(value))
	}
}

// Verdicts with intervals of the given confidence; of a single replication there
// is none, unless within the run, and the verdict is that of the value alone.
func (j *Judge) Verdicts(confidence float64) []Verdict {
	verdicts := make([]Verdict, 0, len(j.objectives))
	for k, o := range j.objectives {
		verdicts = append(verdicts, j.samples[k].verdict(o, confidence))
	}
	return verdicts
}

// verdictsWithin judges a single run on the intervals that it has (see bound), and
// else by value.
func (j *Judge) verdictsWithin(r *Result) []Verdict {
	for k, o := range j.objectives {
		if i, ok := r.boundOf(o); ok {
			j.samples[k].within = &i
		}
	}
	return j.Verdicts(r.confidence)
}

func (s *sample) verdict(o *topology.Objective, confidence float64) Verdict {
	v := Verdict{Text: o.Text, Value: unknown(), Low: unknown(), High: unknown(), Objective: o}
	summary := s.figures.Summary()
	switch {
	case !measured(o.Metric):
		v.Verdict = Inconclusive
		return v
	case s.never > 0: // it did not come back at least once
		v.Verdict = Fail
		return v
	case summary.N == 0:
		v.Verdict = Fail
		if o.Metric == "recovers_within" {
			v.Verdict = Inconclusive // the run was too short to tell
		}
		return v
	}
	v.Value, v.Basis = Number(summary.Mean), ByValue
	low, high := summary.Mean, summary.Mean
	if summary.N > 1 {
		i := s.interval(o, summary, confidence)
		low, high = i.Low, i.High
		v.Low, v.High, v.Basis = Number(low), Number(high), OverReplications
	} else if s.within != nil {
		low, high = s.within.Low, s.within.High
		v.Low, v.High, v.Basis = Number(low), Number(high), WithinOneRun
	}
	switch {
	case s.figures.Unknown() > 0: // it could not be said every time
		v.Verdict = Inconclusive
	case holds(o, low) && holds(o, high):
		v.Verdict = Pass
	case !holds(o, low) && !holds(o, high):
		v.Verdict = Fail
	default:
		v.Verdict = Inconclusive
	}
	return v
}

// measured tells whether anything measures a metric yet.
func measured(metric string) bool {
	return metric != "stale_reads" && metric != "lost_writes" && metric != "cost"
}

// interval around the mean. Shares stay within 0..1; and if not one request in N
// failed, that does not prove that none ever does: the rule of three (Hanley &
// Lippman-Hand, JAMA 249, 1983) bounds the share from below.
func (s *sample) interval(o *topology.Objective, summary stat.Summary, confidence float64) stat.Interval {
	i := summary.Interval(confidence)
	switch o.Metric {
	case "availability", "strict_availability":
		if summary.Mean == 1 && s.trials > 0 {
			i.Low = min(i.Low, math.Pow(1-confidence, 1/s.trials))
		}
		i.Low, i.High = max(i.Low, 0), min(i.High, 1)
	case "utilization":
		i.Low, i.High = max(i.Low, 0), min(i.High, 1)
	case "latency", "goodput", "recovers_within", "instances":
		i.Low = max(i.Low, 0)
	}
	return i
}

func holds(o *topology.Objective, x float64) bool {
	switch o.Op {
	case ">=":
		return x >= o.Value
	case ">":
		return x > o.Value
	case "<=":
		return x <= o.Value
	case "<":
		return x < o.Value
	}
	return false
}
