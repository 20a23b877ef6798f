package plot

import (
	"image/color"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/trace"
)

// faultShade shades the time of the faults, darker while they are undetected,
// and names them in the strip above the data.
type faultShade struct {
	spans    []trace.Span
	duration time.Duration
	words    string
}

// stripHeight is the room above the data in which faults are named.
const stripHeight = 13 * vg.Length(1)

func newFaultShade(r *report.Result, words string) faultShade {
	return faultShade{r.Spans, time.Duration(float64(r.Duration) * 1e9), words}
}

// Plot implements plot.Plotter.
func (f faultShade) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	var first, end vg.Length
	shaded := false
	for i, span := range f.spans {
		to := f.duration
		if i+1 < len(f.spans) {
			to = f.spans[i+1].Start
		}
		var fill color.Color
		switch span.Phase {
		case trace.Undetected:
			fill = color.RGBA{0xd2, 0xd2, 0xd2, 0xff}
		case trace.Detected:
			fill = color.RGBA{0xee, 0xee, 0xee, 0xff}
		default:
			continue
		}
		left, right := x(span.Start.Seconds()), x(to.Seconds())
		c.FillPolygon(fill, []vg.Point{{X: left, Y: c.Min.Y}, {X: right, Y: c.Min.Y}, {X: right, Y: c.Max.Y}, {X: left, Y: c.Max.Y}})
		if !shaded {
			first, shaded = left, true
		}
		end = right
	}
	if !shaded {
		return
	}
	c.StrokeLine2(draw.LineStyle{Color: color.RGBA{0x99, 0x99, 0x99, 0xff}, Width: 1.2}, first, c.Max.Y+0.6, end, c.Max.Y+0.6)
	f.name(c, first, end)
}

// name writes the fault's name above its shade, inside the panel.
func (f faultShade) name(c draw.Canvas, first, end vg.Length) {
	style := plain(smallSize, pale())
	words := fit(style, f.words, c.Max.X-c.Min.X)
	width := style.Width(words)
	left := max(min((first+end-width)/2, c.Max.X-width), c.Min.X)
	style.XAlign = text.XLeft
	c.FillText(style, vg.Point{X: left, Y: c.Max.Y + 2}, words)
}
