package plot

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
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
	named := min(len(ranked), namedLines)
	for _, c := range slices.Backward(ranked[named:]) {
		p.Add(steps{s.bins, s.bins.mean(c.series.Utilization), draw.LineStyle{Color: faintLine(), Width: 0.7}})
	}
	var labels endLabels
	for i, c := range slices.Backward(ranked[:named]) {
		y := s.bins.mean(c.series.Utilization)
		p.Add(steps{s.bins, y, stroke(i, 1.1)})
		labels.add(ending(y), c.name, report.FormatPercent(c.mean), hue(i))
	}
	if rest := ranked[named:]; len(rest) > 0 {
		words := fmt.Sprintf("%d more, up to", len(rest))
		labels.add(ending(s.bins.mean(rest[0].series.Utilization)), words, report.FormatPercent(rest[0].mean), color.RGBA{0x88, 0x88, 0x88, 0xff})
	}
	s.addObjectives(p, &labels, objectives(s.topology, s.result.Scenario, "utilization"), 1, report.FormatPercent)
	p.Add(labels)
	return p
}

// busy is a service with its mean utilization in the hardest phase.
type busy struct {
	name   string
	mean   float64
	series *report.ComponentSeries
}

// busiest ranks the services that have a utilization.
func (s *subject) busiest() []busy {
	_, fault := s.result.Hardest()
	var ranked []busy
	for _, e := range s.result.Series.Components {
		c, ok := s.result.Components.Get(e.Name)
		if !ok {
			continue
		}
		mean := float64(c.Utilization)
		if u := float64(c.Phases.Fault.Utilization); fault != "" && !math.IsNaN(u) {
			mean = u
		}
		if !math.IsNaN(mean) {
			ranked = append(ranked, busy{e.Name, mean, e.Value})
		}
	}
	slices.SortStableFunc(ranked, func(a, b busy) int {
		switch {
		case a.mean > b.mean:
			return -1
		case a.mean < b.mean:
			return 1
		}
		return 0
	})
	return ranked
}
