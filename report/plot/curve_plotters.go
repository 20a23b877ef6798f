package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// fewPoints is how many points of a line are marked; more would hide it.
const fewPoints = 25

// polyline joins points that are neighbours, with a gap where y is NaN.
type polyline struct {
	x, y  []float64
	style draw.LineStyle
}

// Plot implements plot.Plotter.
func (l polyline) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var points []vg.Point
	flush := func() {
		if len(points) > 1 {
			c.StrokeLines(l.style, points)
		}
		if len(points) == 1 && len(l.y) > fewPoints {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: l.style.Color, Radius: 1.5, Shape: draw.CircleGlyph{}}, points[0])
		}
		points = nil
	}
	for i, v := range l.y {
		if math.IsNaN(v) {
			flush()
			continue
		}
		at := vg.Point{X: x(l.x[i]), Y: min(max(y(v), c.Min.Y), c.Max.Y)}
		points = append(points, at)
		if len(l.y) > fewPoints {
			continue
		}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: l.style.Color, Radius: 2.4, Shape: draw.CircleGlyph{}}, at)
	}
	flush()
}

// sheer is c as an area that others show through.
func sheer(c color.RGBA) color.Color { return color.NRGBA{c.R, c.G, c.B, 0x48} }

// ribbon fills between two lines, with gaps where either is NaN.
type ribbon struct {
	x, low, high []float64
	fill         color.Color
}

// Plot implements plot.Plotter.
func (r ribbon) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	clamp := func(v float64) vg.Length {
		if p.Y.Min > 0 && v <= 0 { // a logarithmic axis has no place for it
			return c.Min.Y
		}
		return min(max(y(v), c.Min.Y), c.Max.Y)
	}
	var up, down []vg.Point
	flush := func() {
		for i := len(down) - 1; i >= 0; i-- {
			up = append(up, down[i])
		}
		if len(up) > 2 {
			c.FillPolygon(r.fill, up)
		}
		up, down = nil, nil
	}
	for i := range r.x {
		if math.IsNaN(r.low[i]) || math.IsNaN(r.high[i]) {
			flush()
			continue
		}
		up = append(up, vg.Point{X: x(r.x[i]), Y: clamp(r.high[i])})
		down = append(down, vg.Point{X: x(r.x[i]), Y: clamp(r.low[i])})
	}
	flush()
}

// zeroLine marks 0.
type zeroLine struct{}

// Plot implements plot.Plotter.
func (zeroLine) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	c.StrokeLine2(draw.LineStyle{Color: ink(), Width: 0.8}, x(p.X.Min), y(0), x(p.X.Max), y(0))
}
