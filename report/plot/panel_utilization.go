package plot

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/topology"
)

// utilization shows how busy the services were: the busiest in colour and by
// name, the rest in grey.
func (s *subject) utilization() *plot.Plot {
	_, words := s.result.Hardest()
	if words == "" {
		words = "of the run"
	}
	p := s.newTimePanel(heading{"Utilization", "busy share of each service's slots; figures: mean " + words})
	p.Y.Min, p.Y.Max = 0, 1.04
	p.Y.Tick.Marker = roundTicks{most: 5, top: 1, format: report.FormatPercent}
	ranked := s.busiest()
	if len(ranked) == 0 {
		return empty(p, "no slots in service: no utilization")
	}
	found := objectives(s.topology, s.result.Scenario, "utilization")
	named := min(len(ranked), namedLines)
	promote(ranked, named, found)
	for _, c := range slices.Backward(ranked[named:]) {
		p.Add(steps{s.bins, s.bins.mean(c.series.Utilization), draw.LineStyle{Color: faintLine(), Width: 0.7}})
	}
	// In the topology's order, so that a service tends to keep its colour.
	slices.SortFunc(ranked[:named], func(a, b busy) int { return cmp.Compare(a.place, b.place) })
	var labels endLabels
	for i, c := range slices.Backward(ranked[:named]) {
		y := s.bins.mean(c.series.Utilization)
		p.Add(steps{s.bins, y, stroke(i, 1.1)})
		labels.add(ending(y), c.name, figure(c.mean), hue(i))
	}
	if rest := ranked[named:]; len(rest) > 0 {
		words := fmt.Sprintf("%d more", len(rest))
		if !math.IsNaN(rest[0].mean) {
			words += ", up to"
		}
		labels.add(ending(s.bins.mean(rest[0].series.Utilization)), words, figure(rest[0].mean), color.RGBA{0x88, 0x88, 0x88, 0xff})
	}
	s.addObjectives(p, &labels, found, 1, report.FormatPercent)
	p.Add(labels)
	return p
}

// promote moves the services that have an objective among the first n.
func promote(ranked []busy, n int, found []*topology.Objective) {
	judged := func(c busy) bool {
		return slices.ContainsFunc(found, func(o *topology.Objective) bool { return o.Service == c.name })
	}
	room := n
	for _, c := range ranked {
		if judged(c) {
			room--
		}
	}
	var named, rest []busy
	for _, c := range ranked {
		switch {
		case judged(c) && len(named) < n:
			named = append(named, c)
		case !judged(c) && room > 0:
			named = append(named, c)
			room--
		default:
			rest = append(rest, c)
		}
	}
	copy(ranked, append(named, rest...))
}

// figure of a utilization, empty where there is none.
func figure(u float64) string {
	if math.IsNaN(u) {
		return ""
	}
	return report.FormatPercent(u)
}

// busy is a service with its mean utilization in the hardest phase.
type busy struct {
	name   string
	mean   float64 // NaN if it had no slots then
	all    float64 // mean of the run
	place  int     // in the topology
	series *report.ComponentSeries
}

// busiest ranks the services that have a utilization.
func (s *subject) busiest() []busy {
	_, fault := s.result.Hardest()
	var ranked []busy
	for i, e := range s.result.Series.Components {
		c, ok := s.result.Components.Get(e.Name)
		if !ok {
			continue
		}
		mean := float64(c.Utilization)
		if math.IsNaN(mean) {
			continue
		}
		if fault != "" {
			mean = float64(c.Phases.Fault.Utilization)
		}
		ranked = append(ranked, busy{e.Name, mean, float64(c.Utilization), i, e.Value})
	}
	slices.SortStableFunc(ranked, func(a, b busy) int {
		return cmp.Or(cmp.Compare(b.mean, a.mean), cmp.Compare(b.all, a.all))
	})
	return ranked
}
