package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
)

// heatPage shows one variant over two parameters: the first across, the second
// upwards.
func heatPage(s *report.Sweep, scenario string) *Page {
	c := &curves{Sweep: s}
	figure := func(of func(v *report.SweepVariant) report.Number) [][]float64 { return grid2(s, scenario, of) }
	collapse := figure(func(v *report.SweepVariant) report.Number {
		if v.Collapse == nil {
			return report.Number(math.NaN())
		}
		return v.Collapse.Probability
	})
	only := *s
	only.Points = nil
	for _, p := range s.Points {
		if v := p.Find(scenario); v != nil {
			only.Points = append(only.Points, &report.SweepPoint{Values: p.Values, Variants: []*report.SweepVariant{v}})
		}
	}
	c.Sweep = &only
	return &Page{
		Name:    "sweep-" + scenario,
		title:   c.finding(),
		caption: sweepCaption(s),
		footer:  sweepFooter(s, ""),
		panels: [][]*plot.Plot{
			{
				heatPanel(s, "Availability", figure(func(v *report.SweepVariant) report.Number { return v.Judged().Mean }), 1, report.FormatAvailability),
				heatPanel(s, "Collapse probability", collapse, -1, report.FormatPercent),
			},
			{
				heatPanel(s, "p99 latency", figure(func(v *report.SweepVariant) report.Number { return v.LatencyP99.Mean }), -1, report.FormatLatency),
				heatPanel(s, "Spare capacity", figure(func(v *report.SweepVariant) report.Number { return v.Spare.Mean }), 1, report.FormatChange),
			},
		},
	}
}

// grid2 is a figure by the second and the first parameter; NaN where there is
// none.
func grid2(s *report.Sweep, scenario string, of func(v *report.SweepVariant) report.Number) [][]float64 {
	cells := make([][]float64, len(s.Parameters[1].Values))
	place := [2]map[string]int{{}, {}}
	for k := range place {
		for i, v := range s.Parameters[k].Values {
			place[k][v.Text] = i
		}
	}
	for y := range cells {
		cells[y] = make([]float64, len(s.Parameters[0].Values))
		for x := range cells[y] {
			cells[y][x] = math.NaN()
		}
	}
	for _, p := range s.Points {
		if v := p.Find(scenario); v != nil {
			cells[place[1][p.Values[1]]][place[0][p.Values[0]]] = float64(of(v))
		}
	}
	return cells
}

// heatPanel is a map of cells, redder where they are worse. More is better if
// good is 1, worse if it is −1.
func heatPanel(s *report.Sweep, title string, cells [][]float64, good float64, format func(float64) string) *plot.Plot {
	h := &heat{cells: cells, good: good, format: format, best: math.NaN(), worst: math.NaN()}
	for _, row := range cells {
		for _, v := range row {
			if !math.IsNaN(v) && !(v*good <= h.best*good) {
				h.best = v
			}
			if !math.IsNaN(v) && !(v*good >= h.worst*good) {
				h.worst = v
			}
		}
	}
	unit := ""
	if !math.IsNaN(h.best) && h.best != h.worst {
		unit = "white: " + format(h.best) + ", darkest: " + format(h.worst)
	}
	p := newPanel(heading{title, unit})
	for k, axis := range []*plot.Axis{&p.X, &p.Y} {
		values := parameterAxis{title: shortPath(s.Parameters[k].Path)}
		for i, v := range s.Parameters[k].Values {
			values.texts = append(values.texts, v.Text)
			values.at = append(values.at, float64(i))
		}
		width, tick := axis.Width, axis.Tick.Width
		values.apply(axis)
		axis.Min, axis.Max = -0.5, float64(len(values.at))-0.5
		axis.Tick.Marker = plot.ConstantTicks(values.ticks(axis.Min, axis.Max))
		if k == 1 {
			axis.Tick.Marker = plot.ConstantTicks(values.upTicks())
			axis.Label.Text = ""
			p.Add(upwards(values.title))
		}
		axis.Width, axis.Tick.Width = width, tick
	}
	if math.IsNaN(h.best) {
		p.Add(notice("the runs cannot tell"))
		return p
	}
	p.Add(h)
	return p
}

// upwards names the upward axis in the strip above the data, where it can be read
// without turning one's head.
type upwards string

// Plot implements plot.Plotter.
func (u upwards) Plot(c draw.Canvas, _ *plot.Plot) {
	style := plain(smallSize, pale())
	c.FillText(style, vg.Point{X: c.Min.X, Y: c.Max.Y + 3}, fit(style, "upwards: "+string(u), c.Max.X-c.Min.X))
}

// upTicks name the values of an upward axis, as many as have room.
func (a parameterAxis) upTicks() []plot.Tick {
	const most = 10
	every := (len(a.texts) + most - 1) / most
	var ticks []plot.Tick
	for i, words := range a.texts {
		tick := plot.Tick{Value: a.at[i]}
		if i%every == 0 {
			tick.Label = fit(plain(labelSize, pale()), words, 70)
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

// heat is the map itself.
type heat struct {
	cells       [][]float64
	good        float64
	best, worst float64
	format      func(float64) string
}

// Plot implements plot.Plotter.
func (h *heat) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := plain(labelSize, ink())
	style.XAlign = text.XCenter
	room := x(1) - x(0) - 4
	fits := y(1)-y(0) >= 12
	for _, row := range h.cells {
		for _, v := range row {
			fits = fits && style.Width(h.format(v)) <= room
		}
	}
	for j, row := range h.cells {
		for i, v := range row {
			left, right := x(float64(i)-0.5)+0.5, x(float64(i)+0.5)-0.5
			low, high := y(float64(j)-0.5)+0.5, y(float64(j)+0.5)-0.5
			c.FillPolygon(h.colour(v), []vg.Point{{X: left, Y: low}, {X: right, Y: low}, {X: right, Y: high}, {X: left, Y: high}})
			if fits {
				centre(c, style, vg.Point{X: (left + right) / 2, Y: (low + high) / 2}, h.format(v))
			}
		}
	}
}

// colour goes from nearly white at the best to the alarm's at the worst.
func (h *heat) colour(v float64) color.Color {
	if math.IsNaN(v) {
		return faint()
	}
	bad := 0.0
	if h.best != h.worst {
		bad = (h.best - v) / (h.best - h.worst)
	}
	if h.best > 0 && h.worst/h.best >= wide { // far apart, such as latencies
		bad = math.Log(v/h.best) / math.Log(h.worst/h.best)
	}
	return mix(alarm(), color.RGBA{0xff, 0xff, 0xff, 0xff}, 0.06+0.74*bad)
}
