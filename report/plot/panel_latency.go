package plot

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
)

// wide is from which ratio of its greatest to its least value an axis is
// logarithmic.
const wide = 12

// latency shows the clients' p99 as lines, and their p50 as thinner ones.
func (s *subject) latency() *plot.Plot {
	p := s.newTimePanel(heading{"Latency", "of answered requests, by the time of the answer"})
	var labels endLabels
	low, high := math.NaN(), math.NaN()
	put := func(y []float64, i int, name, quantile string, width vg.Length) {
		low, high = lowest([]float64{low, lowest(y)}), highest([]float64{high, highest(y)})
		style := draw.LineStyle{Color: faintLine(), Width: width / 2}
		if i < namedLines {
			style = stroke(i, width)
			labels.add(ending(y), name, quantile, hue(i))
		}
		p.Add(steps{s.bins, y, style})
	}
	for i, e := range s.result.Series.Clients {
		name := e.Name
		if len(s.result.Series.Clients) == 1 {
			name = ""
		}
		put(s.bins.max(e.Value.P99), i, name, "p99", 1.4)
		if len(s.result.Series.Clients) <= namedLines/2+1 {
			put(s.bins.mean(e.Value.P50), i, name, "p50", 0.7)
		}
	}
	if math.IsNaN(high) {
		return empty(p, "nothing was answered: no latency")
	}
	found := objectives(s.topology, s.result.Scenario, "latency")
	for _, o := range found {
		low, high = min(low, o.Value), max(high, o.Value)
	}
	scaleLatency(&p.Y, low, high, 5)
	s.addObjectives(p, &labels, found, 1, report.FormatLatency)
	p.Add(labels)
	return p
}

// scaleLatency gives an axis that shows low to high seconds: from 0, or
// logarithmic if they are far apart.
func scaleLatency(axis *plot.Axis, low, high float64, most int) {
	if low > 0 && high/low >= wide {
		axis.Scale = plot.LogScale{}
		axis.Min, axis.Max = low/1.25, high*1.25
		axis.Tick.Marker = logTicks{most: most + 1, format: report.FormatLatency}
		return
	}
	axis.Min, axis.Max = 0, high*1.08
	if high == 0 {
		axis.Max = 1e-3
	}
	axis.Tick.Marker = roundTicks{most: most, format: report.FormatLatency}
}
