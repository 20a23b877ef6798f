package report

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// told is the part of a document of which the summary tells all: of every
// scenario the variant in which users suffered most. The others are in the table,
// and differ from it in the name of a zone as a rule.
type told struct {
	worst  *Result
	others []*Result // the scenario's other variants
}

// worstOfEach groups the variants by their scenario, in the order of the first.
func worstOfEach(runs []*Result) []*told {
	var list []*told
	for _, r := range runs {
		i := slices.IndexFunc(list, func(t *told) bool { return scenarioOf(t.worst) == scenarioOf(r) })
		switch {
		case i < 0:
			list = append(list, &told{worst: r})
		case r.worse(list[i].worst):
			list[i].worst, list[i].others = r, append(list[i].others, list[i].worst)
		default:
			list[i].others = append(list[i].others, r)
		}
	}
	return list
}

// worse tells whether users suffered more in r than in other or, if they noticed
// no difference, whether less capacity was left. What is unknown is not worse.
func (r *Result) worse(other *Result) bool {
	known := func(n Number) float64 {
		if n.Known() {
			return float64(n)
		}
		return math.Inf(1)
	}
	spare := func(r *Result) float64 {
		phases, _ := r.Hardest()
		return known(r.Headroom(phases...).Left)
	}
	return cmp.Or(
		cmp.Compare(known(r.Overall().Judged()), known(other.Overall().Judged())),
		cmp.Compare(spare(r), spare(other)),
	) < 0
}

// scenarioOf is the scenario of which r is a variant: gorilla of gorilla[a].
func scenarioOf(r *Result) string {
	name, _, _ := strings.Cut(r.Scenario, "[")
	return name
}

// aside are the doubts about the other variants that are not told of the worst,
// each with the variant that it is about.
func (t *told) aside(shared []Warning) []Warning {
	var list []Warning
	for _, r := range t.others {
		for _, w := range r.Warnings {
			if w.Rule == WarnNoInterval {
				continue // every run with faults has some
			}
			if !slices.Contains(shared, w) && !slices.Contains(t.worst.Warnings, w) {
				w.Text = r.Scenario + ": " + w.Text
				list = append(list, w)
			}
		}
	}
	return list
}
