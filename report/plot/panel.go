package plot

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/topology"
)

// subject is what a page's panels are about.
type subject struct {
	topology *topology.Topology
	result   *report.Result
	bins     bins
}

// newPanel is an empty plot in the pages' style.
func newPanel(h heading) *plot.Plot { return newRaisedPanel(raised{h, 1}) }

func newRaisedPanel(h raised) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Padding = 0
		axis.LineStyle = draw.LineStyle{Color: pale(), Width: 0.7}
		axis.Tick.LineStyle = draw.LineStyle{Color: pale(), Width: 0.7}
		axis.Tick.Length = 3
		align := axis.Tick.Label
		axis.Tick.Label = plain(labelSize, pale())
		axis.Tick.Label.XAlign, axis.Tick.Label.YAlign = align.XAlign, align.YAlign
	}
	p.Y.Width, p.Y.Tick.Width = 0, 0
	p.Y.Padding = 5
	p.Add(h)
	return p
}

// newTimePanel is a panel over the time of the run, with its faults shaded.
func (s *subject) newTimePanel(h heading) *plot.Plot {
	shade := newFaultShade(s.result)
	p := newRaisedPanel(raised{h, len(shade.rows)})
	p.X.Min, p.X.Max = 0, max(float64(s.result.Duration), 1e-9)
	p.X.Tick.Marker = timeTicks{most: 6}
	p.Add(shade, grid())
	return p
}

func grid() *plotter.Grid {
	return &plotter.Grid{Horizontal: draw.LineStyle{Color: faint(), Width: 0.6}}
}

func objectiveStyle() draw.LineStyle {
	return draw.LineStyle{Color: alarm(), Width: 1.1, Dashes: []vg.Length{4, 2.5}}
}

// empty makes p say why it shows nothing.
func empty(p *plot.Plot, why string) *plot.Plot {
	p.Y.Min, p.Y.Max = 0, 1
	p.Y.Tick.Marker = plot.ConstantTicks(nil)
	p.Add(notice(why))
	return p
}

// key explains one mark of an overview, beside its heading.
type key struct {
	x, y  vg.Length
	words string
	shape draw.GlyphDrawer
	line  color.RGBA
}

func (k key) draw(c draw.Canvas) vg.Length {
	style := plain(labelSize, pale())
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: k.line, Radius: 3.2, Shape: k.shape}, vg.Point{X: k.x, Y: k.y})
	centre(c, style, vg.Point{X: k.x + 7, Y: k.y}, k.words)
	return k.x + 7 + style.Width(k.words) + 12
}
