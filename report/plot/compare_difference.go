package plot

import (
	"cmp"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
)

// difference is a row of a dot plot.
type difference struct {
	*report.Difference
	label string
}

// differenceRows is how many rows a panel of a variant's page has room for.
const differenceRows = 8

// availabilityRows are the availabilities of a variant.
func availabilityRows(v *report.VariantContrast) []difference {
	var rows []difference
	for _, row := range []struct{ figure, label string }{
		{"availability", "whole run"},
		{"availability_fault", "during the fault"},
	} {
		if d := v.Find(row.figure); d != nil {
			rows = append(rows, difference{d, row.label})
		}
	}
	return rows
}

// componentRows are the components whose utilization changed most.
func componentRows(v *report.VariantContrast) []difference {
	var rows []difference
	for i := range v.Figures {
		if d := &v.Figures[i]; d.Component != "" {
			rows = append(rows, difference{d, d.Component})
		}
	}
	slices.SortStableFunc(rows, func(a, b difference) int {
		return cmp.Compare(math.Abs(float64(b.Difference.Difference)), math.Abs(float64(a.Difference.Difference)))
	})
	return rows[:min(len(rows), differenceRows)]
}

// differences shows B − A, a dot a row with the bar of its interval:
//
//	during the fault  ├──●──┤   │      −0.31 points ±0.06
//	whole run              ├●┤  │      −0.11 points ±0.02
//	                            0
func differences(title string, rows []difference) *plot.Plot {
	unit := "B − A"
	if len(rows) > 0 && rows[0].Unit == "share" {
		unit += ", percentage points"
	}
	p := newPanel(heading{title, unit})
	n := len(rows)
	p.Y.Min, p.Y.Max = -0.5, float64(max(n, 1))-0.5
	p.Y.Tick.Marker = plot.ConstantTicks(nil)
	if n == 0 {
		p.X.Min, p.X.Max = 0, 1
		p.X.Tick.Marker = plot.ConstantTicks(nil)
		p.Add(notice("nothing to compare"))
		return p
	}
	p.Add(stripes{n: n}, verticals{})
	size := float64(labelSize)
	name := plain(size, ink())
	var ticks []plot.Tick
	dots := &dots{}
	values := &values{}
	low, high := 0.0, 0.0
	for i, row := range rows {
		y := float64(n - 1 - i)
		ticks = append(ticks, plot.Tick{Value: y, Label: fit(name, row.label, 150)})
		dots.rows = append(dots.rows, dot{y, row.Difference})
		values.add(y, row.Text(), size)
		for _, x := range []report.Number{row.Difference.Difference, row.CI[0], row.CI[1]} {
			if x.Known() {
				low, high = min(low, float64(x)), max(high, float64(x))
			}
		}
	}
	if rows[0].label != "" {
		p.Y.Tick.Marker = plot.ConstantTicks(ticks)
		align := p.Y.Tick.Label
		p.Y.Tick.Label = name
		p.Y.Tick.Label.XAlign, p.Y.Tick.Label.YAlign = align.XAlign, align.YAlign
	}
	scaleDifference(p, rows[0].Unit, low, high)
	p.Add(dots, values)
	return p
}

// scaleDifference gives the axis room to both sides of the data.
func scaleDifference(p *plot.Plot, unit string, low, high float64) {
	room := (high - low) * 0.08
	p.X.Min, p.X.Max = low-room, high+room
	format := signedLatency
	if unit == "share" {
		format = signedPoints
	}
	p.X.Tick.Marker = roundTicks{most: 3, format: format}
	if room == 0 {
		p.X.Min, p.X.Max = -1, 1
		p.X.Tick.Marker = plot.ConstantTicks{{Value: 0, Label: format(0)}}
	}
}

func signedLatency(x float64) string {
	if x < 0 {
		return "−" + report.FormatLatency(-x)
	}
	return report.FormatLatency(x)
}

// signedPoints is a difference of shares in percentage points.
func signedPoints(x float64) string {
	text := report.FormatPercent(math.Abs(x))
	text = text[:len(text)-1]
	if x != 0 && math.Abs(x) < 0.001 {
		text = report.FormatShare(math.Abs(x))
		text = text[:len(text)-1]
	}
	if x < 0 {
		text = "−" + text
	}
	return text
}

// dots are differences with their intervals, in the colour of their verdict.
type dots struct{ rows []dot }

type dot struct {
	y float64
	d *report.Difference
}

func verdictColour(verdict string) color.RGBA {
	switch verdict {
	case report.Better:
		return hue(2)
	case report.Worse:
		return alarm()
	case report.Higher, report.Lower:
		return hue(0)
	}
	return color.RGBA{0x88, 0x88, 0x88, 0xff}
}

// Plot implements plot.Plotter.
func (l *dots) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	c.StrokeLine2(draw.LineStyle{Color: ink(), Width: 0.8}, x(0), c.Min.Y, x(0), c.Max.Y)
	for _, row := range l.rows {
		if !row.d.Difference.Known() {
			continue
		}
		paint, level := verdictColour(row.d.Verdict), y(row.y)
		style := draw.LineStyle{Color: paint, Width: 1.6}
		if row.d.CI[0].Known() && row.d.CI[1].Known() {
			from, to := x(float64(row.d.CI[0])), x(float64(row.d.CI[1]))
			c.StrokeLine2(style, from, level, to, level)
			for _, end := range []vg.Length{from, to} {
				c.StrokeLine2(style, end, level-4, end, level+4)
			}
		}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: paint, Radius: 4.2, Shape: draw.CircleGlyph{}}, vg.Point{X: x(float64(row.d.Difference)), Y: level})
	}
}
