package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// marks are two dots a row, joined: a ring for the whole run and a disc for the
// fault, with ticks for the objectives.
type marks struct {
	rows       [][3]float64 // y, whole run, fault
	objectives []mark
}

type mark struct{ y, x float64 }

func (m *marks) add(y, all, during float64) { m.rows = append(m.rows, [3]float64{y, all, during}) }

// Plot implements plot.Plotter.
func (m *marks) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, o := range m.objectives {
		at := x(o.x)
		c.StrokeLine2(objectiveStyle(), at, y(o.y-0.5), at, y(o.y+0.5))
	}
	for _, row := range m.rows {
		all, during, level := row[1], row[2], y(row[0])
		if !math.IsNaN(all) && !math.IsNaN(during) {
			c.StrokeLine2(draw.LineStyle{Color: hue(0), Width: 1}, x(all), level, x(during), level)
		}
		if !math.IsNaN(all) {
			at := vg.Point{X: x(all), Y: level}
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: color.White, Radius: 4.5, Shape: draw.CircleGlyph{}}, at)
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: hue(0), Radius: 4.5, Shape: draw.RingGlyph{}}, at)
		}
		if !math.IsNaN(during) {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: hue(0), Radius: 4.5, Shape: draw.CircleGlyph{}}, vg.Point{X: x(during), Y: level})
		}
	}
	k := key{x: c.Min.X + 100, y: c.Max.Y + stripHeight + 8.5, line: hue(0)}
	k.words, k.shape = "whole run", draw.RingGlyph{}
	k.x = k.draw(c)
	k.words, k.shape = "in the fault", draw.CircleGlyph{}
	k.x = k.draw(c)
}

// bars go from 0 to a value a row, in the alarm's colour below 0.
type bars struct{ rows []mark }

func (b *bars) add(y, x float64) { b.rows = append(b.rows, mark{y, x}) }

// Plot implements plot.Plotter.
func (b *bars) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, row := range b.rows {
		if math.IsNaN(row.x) {
			continue
		}
		fill := hue(0)
		if row.x < 0 {
			fill = alarm()
		}
		half := min((y(1)-y(0))*0.3, 9)
		level, from, to := y(row.y), x(0), x(row.x)
		c.FillPolygon(fill, []vg.Point{{X: from, Y: level - half}, {X: to, Y: level - half}, {X: to, Y: level + half}, {X: from, Y: level + half}})
	}
	c.StrokeLine2(draw.LineStyle{Color: ink(), Width: 0.8}, x(0), c.Min.Y, x(0), c.Max.Y)
}
