package report

import (
	"fmt"
	"math"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/topology"
)

// Significance is the probability, at most, with which a comparison with a
// baseline reports any regression of a system that has not changed: that of all
// its tests together, by Holm's correction.
const Significance = 0.01

// Comparison is how a system does beside its baseline.
type Comparison struct {
	Paired       bool         `json:"paired"` // the replications met the same luck
	Seed         uint64       `json:"seed"`   // of the baseline
	Replications int          `json:"replications"`
	Compared     int          `json:"compared"` // figures
	Significance float64      `json:"significance"`
	Regressions  []Regression `json:"regressions"`
	New          []string     `json:"new"`       // variants or figures that the baseline has not
	Gone         []string     `json:"gone"`      // that only the baseline has
	Undecided    []string     `json:"undecided"` // figures of too few replications to compare
}

// Regression is a figure that got worse by more than is tolerated, beyond doubt.
// The interval is that of the difference, which is in the figure's own unit.
type Regression struct {
	Scenario   string `json:"scenario"`
	Figure     string `json:"figure"`
	Metric     string `json:"metric"`
	Before     Number `json:"before"`
	After      Number `json:"after"` // null: it can no longer be said
	Difference Number `json:"difference"`
	Low        Number `json:"low"`
	High       Number `json:"high"`
	Tolerance  Number `json:"tolerance"`
	P          Number `json:"p"`    // after the correction
	Text       string `json:"text"` // the figures in words

	Pos topology.Pos `json:"-"` // what in the files the figure is of
}

// Compare what a watch has seen with b. The comparison is in pairs if the luck
// was the same, which the seed tells.
func (b *Baseline) Compare(w *Watch, seed uint64, tolerance Tolerances) *Comparison {
	c := &Comparison{
		Paired: seed == b.Seed, Seed: b.Seed, Replications: b.Replications, Significance: Significance,
		Regressions: []Regression{}, New: []string{}, Gone: b.gone(w), Undecided: []string{},
	}
	var candidates []Regression
	var p []float64
	for _, v := range w.variants {
		figures, ok := b.Variants.Get(v.name)
		if !ok {
			c.New = append(c.New, v.name)
			continue
		}
		for i, f := range v.figures {
			before, ok := figures.Get(f.name)
			after := &v.samples[i]
			switch {
			case ok:
				candidate := b.compare(f, before, after, c.Paired, tolerance)
				candidate.Scenario = v.name
				if !candidate.P.Known() {
					c.Undecided = append(c.Undecided, v.name+": "+f.name)
					continue
				}
				candidates, p = append(candidates, candidate), append(p, float64(candidate.P))
			case after.figures.N() > 0:
				c.New = append(c.New, v.name+": "+f.name)
			}
		}
	}
	c.Compared = len(candidates)
	for i, adjusted := range stat.Holm(p) {
		if adjusted <= Significance {
			candidates[i].P = Number(adjusted)
			candidates[i].Text = candidates[i].text(tolerance, b.Confidence)
			c.Regressions = append(c.Regressions, candidates[i])
		}
	}
	return c
}

// gone lists what b has and a watch has not.
func (b *Baseline) gone(w *Watch) []string {
	watching := map[string]bool{}
	for _, v := range w.variants {
		watching[v.name] = true
		for _, f := range v.figures {
			watching[v.name+": "+f.name] = true
		}
	}
	gone := []string{}
	for _, v := range b.Variants {
		if !watching[v.Name] {
			gone = append(gone, v.Name)
			continue
		}
		for _, f := range v.Value {
			if !watching[v.Name+": "+f.Name] {
				gone = append(gone, v.Name+": "+f.Name)
			}
		}
	}
	return gone
}

// compare one figure; P is not yet corrected, and unknown if nothing can be said.
func (b *Baseline) compare(f *watchedFigure, before *BaselineFigure, after *baselineSample, paired bool, tolerance Tolerances) Regression {
	now := after.figures.Summary()
	r := Regression{
		Figure: f.name, Metric: f.what.Metric, Pos: f.what.Pos, Before: before.Mean, After: Number(now.Mean),
		Difference: unknown(), Low: unknown(), High: unknown(), P: unknown(),
		Tolerance: Number(tolerance.of(f.what.Metric, float64(before.Mean))),
	}
	if now.N == 0 { // a system that answers nothing has no latency either
		if before.N > 1 && before.N == b.Replications && after.taken > 1 {
			r.P = 0
		}
		return r
	}
	d := stat.Welch(stat.Summary{N: before.N, Mean: float64(before.Mean), StdDev: float64(before.StdDev)}, now)
	if paired && len(before.Values) > 0 && len(after.values) > 0 {
		d = stat.Paired(pairs(before.Values, after.values))
	}
	if math.IsNaN(d.Mean) || math.IsNaN(d.StdErr) {
		return r
	}
	i := d.Interval(b.Confidence)
	r.Difference, r.Low, r.High = Number(d.Mean), Number(i.Low), Number(i.High)
	if f.higher {
		d.Mean = -d.Mean
	}
	r.P = Number(d.ProbabilityAtMost(float64(r.Tolerance)))
	return r
}

// pairs are the replications in which both could say.
func pairs(before []Number, after []float64) (had, has []float64) {
	for i := range min(len(before), len(after)) {
		if before[i].Known() && !math.IsNaN(after[i]) {
			had, has = append(had, float64(before[i])), append(has, after[i])
		}
	}
	return had, has
}

// text tells the figures.
func (r *Regression) text(tolerance Tolerances, confidence float64) string {
	if !r.After.Known() {
		return "can no longer be said; it was " + FormatFigure(r.Metric, float64(r.Before))
	}
	return fmt.Sprintf("%s, was %s: %s (%s to %s at %s confidence; tolerated: %s)",
		FormatFigure(r.Metric, float64(r.After)), FormatFigure(r.Metric, float64(r.Before)),
		formatDifference(r.Metric, float64(r.Difference)), formatDifference(r.Metric, float64(r.Low)), formatDifference(r.Metric, float64(r.High)),
		topology.FormatShare(confidence), tolerance.text(r.Metric))
}
