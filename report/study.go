package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// Study gathers the runs of several variants over replications into one
// document. Its size does not depend on how many there are.
type Study struct {
	topology   *topology.Topology
	confidence float64
	variants   []variantStudy
}

type variantStudy struct {
	aggregate *Aggregate
	judge     *Judge
	firstRun  *trace.Run
	first     *Result // of that run, for the pictures
	down      int     // replications that collapsed
	told      int     // that could tell
}

// NewStudy of so many variants; its intervals have the given confidence (0..1).
func NewStudy(t *topology.Topology, variants int, confidence float64) *Study {
	return &Study{topology: t, confidence: confidence, variants: make([]variantStudy, variants)}
}

// Take one run. The replications of a variant are taken in order.
func (s *Study) Take(variant int, run *trace.Run) *Result {
	v := &s.variants[variant]
	if v.aggregate == nil {
		*v = variantStudy{aggregate: NewAggregate(), judge: NewJudge(s.topology, run.Scenario), firstRun: run}
	}
	r := Summarize(s.topology, run)
	if v.first == nil {
		v.first = r
	}
	v.aggregate.Add(r)
	v.judge.Add(r)
	if down, ok := r.Collapsed(); ok {
		v.told++
		if down {
			v.down++
		}
	}
	return r
}

// First are the runs of the first replication, and their results.
func (s *Study) First() (runs []*trace.Run, results []*Result) {
	for _, v := range s.variants {
		if v.first != nil {
			runs, results = append(runs, v.firstRun), append(results, v.first)
		}
	}
	return runs, results
}

// Document with what has been taken so far.
func (s *Study) Document(seed uint64) *Document {
	doc := &Document{Version: FormatVersion, Topology: s.topology.Name, Seed: seed, Runs: []*Result{}}
	for _, v := range s.variants {
		if v.aggregate != nil {
			doc.Runs = append(doc.Runs, v.result(s.confidence))
		}
	}
	return doc
}

func (v *variantStudy) result(confidence float64) *Result {
	r := v.aggregate.Result(confidence)
	n := v.aggregate.N()
	if n == 1 {
		single := *r
		single.Warnings = slices.Clone(r.Warnings)
		single.bound(v.firstRun, confidence)
		single.Objectives = v.judge.verdictsWithin(&single)
		return &single
	}
	r.Objectives = v.judge.Verdicts(confidence)
	r.Collapse = newCollapse(v.down, v.told, confidence)
	if v.down > 0 && v.down < v.told {
		r.Warnings = append(r.Warnings, Warning{WarnTwoWorlds, r.Scenario, fmt.Sprintf(
			"%d of %d replications stayed down after the fault, the others came back: means over both describe neither", v.down, v.told)})
	}
	return r
}

// Widest is the greatest half-width of the shares (availability, utilization)
// that objectives judge; +Inf while some has no interval yet, 0 if none judges a
// share.
func (s *Study) Widest() float64 {
	widest := 0.0
	for _, v := range s.variants {
		if v.judge == nil {
			return math.Inf(1)
		}
		for k, o := range v.judge.objectives {
			if !JudgesShare(o) {
				continue
			}
			if samples := &v.judge.samples[k]; samples.figures.N() > 0 {
				widest = max(widest, halfWidth(samples, o, s.confidence))
			}
		}
	}
	return widest
}

// JudgesShare tells whether an objective bounds a share of 0..1, which Widest looks
// at.
func JudgesShare(o *topology.Objective) bool {
	return o.Metric == "availability" || o.Metric == "strict_availability" || o.Metric == "utilization"
}

func halfWidth(s *sample, o *topology.Objective, confidence float64) float64 {
	summary := s.figures.Summary()
	if summary.N < 2 {
		return math.Inf(1)
	}
	i := s.interval(o, summary, confidence)
	return stat.Interval{Low: i.Low, High: i.High}.HalfWidth()
}
