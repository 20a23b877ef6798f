package plot

import (
	"strings"

	"gonum.org/v1/plot"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// objectives of a metric that judge the scenario variant, in the file's order.
func objectives(t *topology.Topology, variant, metric string) []*topology.Objective {
	name, _, _ := strings.Cut(variant, "[")
	var found []*topology.Objective
	for _, o := range t.Objectives {
		if o.Metric != metric {
			continue
		}
		switch o.Scenario {
		case "", "*", name, variant:
			found = append(found, o)
		}
	}
	return found
}

// addObjectives draws the objectives' lines over the phase that they judge, and
// labels them; scale turns a value into the axis's unit.
func (s *subject) addObjectives(p *plot.Plot, labels *endLabels, found []*topology.Objective, scale float64, format func(float64) string) {
	seen := map[string]bool{}
	for _, o := range found {
		from, to, ok := phaseTime(s.result, o.During)
		if !ok {
			continue
		}
		p.Add(rule{o.Value * scale, from, to, objectiveStyle()})
		bound := comparison(o.Op) + " " + format(o.Value)
		name := s.objectiveName(o, bound)
		if !seen[name+bound] {
			seen[name+bound] = true
			labels.addEarly(o.Value*scale, to, name, bound, alarm())
		}
	}
}

// objectiveName says of whom an objective speaks, in the room of a label.
func (s *subject) objectiveName(o *topology.Objective, bound string) string {
	client := o.Of
	if len(s.result.Series.Clients) == 1 {
		client = ""
	}
	whom := strings.Join(strings.Fields(client+" "+o.Service+" "+o.Quantile), " ")
	name := strings.TrimSpace("objective " + whom)
	if plain(labelSize, alarm()).Width(name+" "+bound) > labelWidth && whom != "" {
		return whom
	}
	return name
}

func comparison(op string) string {
	switch op {
	case ">=":
		return "≥"
	case "<=":
		return "≤"
	}
	return op
}

// phaseTime is the time, in seconds, from the begin to the end of a phase of the
// language.
func phaseTime(r *report.Result, during string) (from, to float64, ok bool) {
	var belongs func(p trace.Phase) bool
	switch during {
	case "before":
		belongs = func(p trace.Phase) bool { return p == trace.Before }
	case "fault":
		belongs = func(p trace.Phase) bool { return p == trace.Undetected || p == trace.Detected }
	case "recovery":
		belongs = func(p trace.Phase) bool { return p == trace.Recovery }
	default:
		return 0, float64(r.Duration), true
	}
	for i, span := range r.Spans {
		if !belongs(span.Phase) {
			continue
		}
		if !ok {
			from, ok = span.Start.Seconds(), true
		}
		if to = float64(r.Duration); i+1 < len(r.Spans) {
			to = r.Spans[i+1].Start.Seconds()
		}
	}
	return from, to, ok
}
