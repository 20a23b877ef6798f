package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// steps draws a value per bin as a level line, with a gap where it is NaN.
type steps struct {
	bins
	y     []float64
	style draw.LineStyle
}

// Plot implements plot.Plotter.
func (s steps) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var line []vg.Point
	flush := func() {
		if len(line) > 0 {
			c.StrokeLines(s.style, line)
		}
		line = nil
	}
	for i, v := range s.y {
		if math.IsNaN(v) {
			flush()
			continue
		}
		from, to := s.edges(i)
		level := min(max(y(v), c.Min.Y), c.Max.Y)
		if n := len(line); n > 1 && line[n-1].Y == level {
			line[n-1].X = x(to)
			continue
		}
		line = append(line, vg.Point{X: x(from), Y: level}, vg.Point{X: x(to), Y: level})
	}
	flush()
}

// edges of bin i in seconds.
func (b bins) edges(i int) (from, to float64) {
	if i+1 < len(b.start) {
		return b.start[i], b.start[i+1]
	}
	return b.start[i], b.end
}

// band fills the area between two values per bin.
type band struct {
	bins
	lower, upper []float64
	fill         color.Color
}

// Plot implements plot.Plotter.
func (b band) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	clamp := func(v float64) vg.Length { return min(max(y(v), c.Min.Y), c.Max.Y) }
	var up, down []vg.Point
	for i := range b.upper {
		from, to := b.edges(i)
		up = append(up, vg.Point{X: x(from), Y: clamp(b.upper[i])}, vg.Point{X: x(to), Y: clamp(b.upper[i])})
		down = append(down, vg.Point{X: x(from), Y: clamp(b.lower[i])}, vg.Point{X: x(to), Y: clamp(b.lower[i])})
	}
	for i := len(down) - 1; i >= 0; i-- {
		up = append(up, down[i])
	}
	if len(up) > 0 {
		c.FillPolygon(b.fill, up)
		c.StrokeLines(draw.LineStyle{Color: color.White, Width: 0.6}, up[:len(down)])
	}
}

// rule is a level line over part of the time, such as an objective.
type rule struct {
	y, from, to float64
	style       draw.LineStyle
}

// Plot implements plot.Plotter.
func (r rule) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	if level := y(r.y); level >= c.Min.Y-0.5 && level <= c.Max.Y+0.5 {
		c.StrokeLine2(r.style, x(r.from), level, x(r.to), level)
	}
}

// heading is a panel's title, with what its axis shows beside it.
type heading struct{ title, unit string }

// raised is a heading above so many rows in which faults are named.
type raised struct {
	heading
	rows int
}

const headingHeight = 20 * vg.Length(1)

func (h raised) strip() vg.Length { return stripHeight * vg.Length(h.rows) }

// GlyphBoxes implements plot.GlyphBoxer: the room above the data.
func (h raised) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	return []plot.GlyphBox{{X: 0.5, Y: 1, Rectangle: vg.Rectangle{Max: vg.Point{Y: h.strip() + headingHeight}}}}
}

// Plot implements plot.Plotter.
func (h raised) Plot(c draw.Canvas, _ *plot.Plot) {
	at := vg.Point{X: c.Min.X, Y: c.Max.Y + h.strip() + 4}
	title := bold(headingSize, ink())
	c.FillText(title, at, h.title)
	at.X += title.Width(h.title) + 8
	unit := plain(labelSize, pale())
	c.FillText(unit, at, fit(unit, h.unit, c.Max.X+labelWidth-at.X))
}

// notice stands where a panel has nothing to show.
type notice string

// Plot implements plot.Plotter.
func (n notice) Plot(c draw.Canvas, _ *plot.Plot) {
	style := plain(captionSize, pale())
	style.XAlign, style.YAlign = text.XCenter, text.YCenter
	c.FillText(style, c.Center(), string(n))
}
