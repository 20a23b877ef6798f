package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
)

// capacity stacks what the zones can carry, against what is asked of them.
func (s *subject) capacity() *plot.Plot {
	p := s.newTimePanel(heading{"Capacity by zone", "client requests per second, against the demand"})
	p.Y.Tick.Marker = roundTicks{most: 5, format: report.FormatRate}
	n := len(s.bins.start)
	lower := make([]float64, n)
	asked := make(report.Column, len(s.result.Series.T))
	for i := range asked {
		asked[i] = s.result.Demand(i)
	}
	demand := s.bins.mean(asked)
	var labels endLabels
	known := false
	for i, e := range s.result.Series.Zones {
		upper := make([]float64, n)
		for j, c := range s.bins.mean(e.Value.Capacity) {
			upper[j] = lower[j]
			if !math.IsNaN(c) && !math.IsInf(c, 0) {
				upper[j] += c
				known = true
			}
		}
		p.Add(band{s.bins, lower, upper, light(hue(i))})
		labels.add((ending(lower)+ending(upper))/2, e.Name, "", hue(i))
		lower = upper
	}
	p.Y.Min, p.Y.Max = 0, max(orZero(highest(lower)), orZero(highest(demand)))*1.06
	if p.Y.Max == 0 {
		if known {
			return empty(p, "no capacity and no demand")
		}
		return empty(p, "the capacity could not be measured")
	}
	if !known {
		labels = nil
		p.Add(notice("the capacity could not be measured"))
	}
	p.Add(steps{s.bins, demand, draw.LineStyle{Color: ink(), Width: 1.4}})
	labels.add(ending(demand), "demand", "", color.RGBA{0x22, 0x22, 0x22, 0xff})
	p.Add(labels)
	return p
}

func orZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}
