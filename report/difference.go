package report

import (
	"math"

	"github.com/silverback-sim/silverback/report/stat"
)

// What a difference means, by its interval.
const (
	Better  = "better"
	Worse   = "worse"
	Higher  = "higher" // of what is neither good nor bad
	Lower   = "lower"
	Same    = "same" // equal in every pair
	Unclear = "no clear difference"
	Untold  = "cannot be said"
)

// Difference of one figure between two designs, B − A, over pairs of replications
// that met the same luck.
type Difference struct {
	Figure     string    `json:"figure"`
	Component  string    `json:"component,omitempty"`
	Unit       string    `json:"unit"` // share (0..1), s or 1 (a count)
	A          Number    `json:"a"`    // mean
	B          Number    `json:"b"`
	Difference Number    `json:"difference"`
	CI         [2]Number `json:"difference_ci"`
	Pairs      int       `json:"pairs"` // that could say the figure on both sides
	Verdict    string    `json:"verdict"`
}

// The figures of a comparison, as they are called in JSON.
const (
	figureAvailability = "availability"
	figureDuring       = "availability_fault"
	figureMean         = "latency_mean"
	figureP99          = "latency_p99"
	figureFailed       = "failed"
	figureInstances    = "instances"
	figureSpare        = "spare_capacity"
	figureUtilization  = "utilization"
	figureCollapse     = "collapse"
)

// The units of figures.
const (
	unitShare   = "share"
	unitSeconds = "s"
	unitCount   = "1"
)

// compared is a figure of a gist. More is better if good is 1, worse if it is −1.
type compared struct {
	name, unit string
	good       int
	of         func(*Gist) Number
}

func comparedFigures() []compared {
	return []compared{
		{figureAvailability, unitShare, 1, func(g *Gist) Number { return g.Availability }},
		{figureDuring, unitShare, 1, func(g *Gist) Number { return g.During }},
		{figureMean, unitSeconds, -1, func(g *Gist) Number { return g.Mean }},
		{figureP99, unitSeconds, -1, func(g *Gist) Number { return g.P99 }},
		{figureFailed, unitCount, -1, func(g *Gist) Number { return g.Failed }},
		{figureSpare, unitShare, 1, func(g *Gist) Number { return g.Spare }},
		{figureInstances, unitCount, 0, func(g *Gist) Number { return g.Instances }},
	}
}

// difference of one figure between the gists of two designs, pair by pair.
func difference(c compared, a, b []Gist, confidence float64) Difference {
	d := Difference{Figure: c.name, Unit: c.unit, Difference: unknown(), CI: [2]Number{unknown(), unknown()}, Verdict: Untold}
	var before, after []float64
	var sumA, sumB stat.Running
	for i := range min(len(a), len(b)) {
		x, y := c.of(&a[i]), c.of(&b[i])
		if x.Known() {
			sumA.Add(float64(x))
		}
		if y.Known() {
			sumB.Add(float64(y))
		}
		if x.Known() && y.Known() {
			before, after = append(before, float64(x)), append(after, float64(y))
		}
	}
	d.A, d.B, d.Pairs = Number(sumA.Summary().Mean), Number(sumB.Summary().Mean), len(before)
	if d.Pairs == 0 {
		return d
	}
	paired := stat.Paired(before, after)
	d.Difference = Number(paired.Mean)
	d.Verdict = Unclear
	equal := true
	for i := range before {
		equal = equal && before[i] == after[i]
	}
	if equal {
		d.Verdict = Same
	}
	if d.Pairs < 2 {
		return d
	}
	i := paired.Interval(confidence)
	d.CI = [2]Number{Number(i.Low), Number(i.High)}
	switch {
	case equal:
	case i.Low > 0:
		d.Verdict = []string{Worse, Higher, Better}[c.good+1]
	case i.High < 0:
		d.Verdict = []string{Better, Lower, Worse}[c.good+1]
	}
	return d
}

// HalfWidth of the interval; unknown without one.
func (d *Difference) HalfWidth() Number { return (d.CI[1] - d.CI[0]) / 2 }

// Clear tells whether the interval leaves no doubt that there is a difference.
func (d *Difference) Clear() bool {
	switch d.Verdict {
	case Better, Worse, Higher, Lower:
		return true
	}
	return false
}

// utilizations are the differences of every component that both designs have.
func utilizations(a, b []Gist, confidence float64) []Difference {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	var list []Difference
	for _, e := range a[0].Utilization {
		if _, ok := b[0].Utilization.Get(e.Name); !ok {
			continue
		}
		d := difference(compared{figureUtilization, unitShare, 0, func(g *Gist) Number { return utilizationOf(g, e.Name) }}, a, b, confidence)
		d.Component = e.Name
		if !math.IsNaN(float64(d.A)) || !math.IsNaN(float64(d.B)) {
			list = append(list, d)
		}
	}
	return list
}

func utilizationOf(g *Gist, component string) Number {
	if u, ok := g.Utilization.Get(component); ok {
		return u
	}
	return unknown()
}
