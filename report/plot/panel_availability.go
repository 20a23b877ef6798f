package plot

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
)

// namedLines is how many lines of a panel have a colour and a label.
const namedLines = hues

// availability shows the share of every client's requests that were answered.
func (s *subject) availability() *plot.Plot {
	p := s.newTimePanel(heading{"Availability", "requests answered, by the time they were made; figure: whole run"})
	p.Y.Tick.Marker = roundTicks{most: 5, top: 1, format: report.FormatShare}
	var labels endLabels
	bottom := math.NaN()
	for i, e := range s.result.Series.Clients {
		good, all := s.bins.sum(e.Value.OK), s.bins.sum(e.Value.Failed)
		for j, degraded := range s.bins.sum(e.Value.Degraded) {
			good[j] += degraded
			all[j] += good[j]
			if good[j] = good[j] / all[j]; all[j] == 0 {
				good[j] = math.NaN()
			}
		}
		bottom = lowest([]float64{bottom, lowest(good)})
		if i >= namedLines {
			p.Add(steps{s.bins, good, draw.LineStyle{Color: faintLine(), Width: 0.7}})
			continue
		}
		p.Add(steps{s.bins, good, stroke(i, 1.4)})
		figure := ""
		if c, ok := s.result.Clients.Get(e.Name); ok {
			figure = report.FormatAvailability(float64(c.Availability))
		}
		labels.add(ending(good), e.Name, figure, hue(i))
	}
	if math.IsNaN(bottom) {
		return empty(p, "no requests: no availability")
	}
	found := objectives(s.topology, s.result.Scenario, "availability")
	for _, o := range found {
		bottom = min(bottom, o.Value)
	}
	p.Y.Min = availabilityFloor(bottom)
	p.Y.Max = 1 + (1-p.Y.Min)*0.04
	s.addObjectives(p, &labels, found, 1, report.FormatShare)
	p.Add(labels)
	return p
}

// availabilityFloor is where an axis begins that has to show x and looks closer
// the better it is.
func availabilityFloor(x float64) float64 {
	for _, floor := range []float64{0.9999, 0.9995, 0.999, 0.998, 0.995, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.5} {
		if x > floor+(1-floor)*0.05 {
			return floor
		}
	}
	return 0
}
