package plot

import (
	"image/color"
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
)

// capacity stacks what the zones can carry, against what is asked of them: the
// load that is offered, with the attempts that retries make of it, and what of it
// is answered. Where the three fall apart for good, the system is down by its own
// doing. Attempts and goodput are drawn where they are not nearly the load.
func (s *subject) capacity() *plot.Plot {
	p := s.newTimePanel(heading{"Capacity and load", "client requests per second; capacity by zone"})
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
	attempts, goodput := s.rate(func(c *report.ClientSeries) report.Column { return c.Attempts }), s.rate(func(c *report.ClientSeries) report.Column { return c.Answered })
	p.Y.Min, p.Y.Max = 0, max(orZero(highest(lower)), orZero(highest(demand)), orZero(highest(attempts)))*1.06
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
	if differ(goodput, demand) {
		p.Add(steps{s.bins, goodput, draw.LineStyle{Color: dark(hue(2)), Width: 1.4}})
		labels.add(ending(goodput), "goodput", "", dark(hue(2)))
	}
	if differ(attempts, demand) {
		p.Add(steps{s.bins, attempts, draw.LineStyle{Color: alarm(), Width: 1.4}})
		labels.add(ending(attempts), "attempts", "", alarm())
	}
	p.Add(steps{s.bins, demand, draw.LineStyle{Color: ink(), Width: 1.4}})
	labels.add(ending(demand), "demand", "", color.RGBA{0x22, 0x22, 0x22, 0xff})
	p.Add(labels)
	return p
}

// rate of what all clients count, per second.
func (s *subject) rate(of func(*report.ClientSeries) report.Column) []float64 {
	sum := make(report.Column, len(s.result.Series.T))
	window := s.result.WindowTime()
	for i, t := range s.result.Series.T {
		length := min(window, s.result.Time()-time.Duration(t*float64(time.Second))).Seconds()
		for _, e := range s.result.Series.Clients {
			if column := of(e.Value); i < len(column) {
				sum[i] += column[i] / length
			}
		}
	}
	return s.bins.mean(sum)
}

// differ tells whether two lines can be told from one another.
func differ(a, b []float64) bool {
	const visible = 0.02
	top := max(orZero(highest(a)), orZero(highest(b)))
	for i := range a {
		if math.Abs(a[i]-b[i]) > visible*top {
			return true
		}
	}
	return false
}

func orZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}
