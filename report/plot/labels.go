package plot

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A label names a line at its right end, instead of a legend.
type label struct {
	at    float64 // on the y axis
	end   float64 // of the line, on the x axis; infinite where it goes on to the right end
	words string
	style text.Style
	line  color.Color
}

// endLabels are the labels of a panel. They keep room for themselves beside the
// data, and move apart where their lines end close together:
//
//	──────┐   edge 61%
//	──────┴── catalog 60%
//	───·····─ objective ≥ 99%
type endLabels []label

const (
	labelLead  = 12 * vg.Length(1) // from the data to a label
	labelWidth = 122 * vg.Length(1)
)

// add names the line that ends at y, with a figure that may be empty; nothing is
// added where the line has no end. A long name is cut, never the figure.
func (l *endLabels) add(y float64, name, figure string, line color.RGBA) {
	l.addEarly(y, math.Inf(1), name, figure, line)
}

// addEarly names a line that ends at x already.
func (l *endLabels) addEarly(y, x float64, name, figure string, line color.RGBA) {
	style := plain(labelSize, dark(line))
	if name != "" && figure != "" {
		figure = " " + figure
	}
	if !math.IsNaN(y) {
		words := fit(style, name, labelWidth-style.Width(figure)) + figure
		*l = append(*l, label{y, x, words, style, line})
	}
}

// GlyphBoxes implements plot.GlyphBoxer: the room at the right.
func (l endLabels) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	var width vg.Length
	for _, label := range l {
		width = max(width, labelLead+label.style.Width(label.words)+2)
	}
	return []plot.GlyphBox{{X: 1, Y: 0.5, Rectangle: vg.Rectangle{Max: vg.Point{X: width}}}}
}

// Plot implements plot.Plotter.
func (l endLabels) Plot(c draw.Canvas, p *plot.Plot) {
	if len(l) == 0 {
		return
	}
	x, y := p.Transforms(&c)
	sorted := slices.Clone(l)
	slices.SortStableFunc(sorted, func(a, b label) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return 0
	})
	wanted := make([]float64, len(sorted))
	for i, label := range sorted {
		wanted[i] = min(max(float64(y(label.at)), float64(c.Min.Y)), float64(c.Max.Y))
	}
	height := float64(sorted[0].style.Height("Ag")) + 0.5
	placed := spread(wanted, height, float64(c.Min.Y), float64(c.Max.Y))
	for i, label := range sorted {
		from := vg.Point{X: c.Max.X, Y: vg.Length(wanted[i])}
		to := vg.Point{X: c.Max.X + labelLead - 2, Y: vg.Length(placed[i])}
		bend := vg.Point{X: c.Max.X + 3, Y: from.Y}
		lead := draw.LineStyle{Color: label.line, Width: 0.7}
		c.StrokeLines(lead, []vg.Point{from, bend, to})
		if label.end < p.X.Max {
			dots := draw.LineStyle{Color: label.line, Width: 0.7, Dashes: []vg.Length{0.8, 3}}
			c.StrokeLine2(dots, x(label.end)+3, from.Y, from.X, from.Y)
		}
		centre(c, label.style, vg.Point{X: c.Max.X + labelLead, Y: to.Y}, label.words)
	}
}

// spread moves the wanted places, which must ascend, as little as possible (in
// the sum of squares) so that neighbours are at least gap apart, and keeps them
// between low and high where they fit. It merges neighbours that collide into
// blocks, each of which sits at the mean of what its members want.
func spread(wanted []float64, gap, low, high float64) []float64 {
	type block struct {
		sum   float64 // of the wanted places of the first member
		n     int
		first float64
	}
	var blocks []block
	settle := func(b block) block {
		size := gap * float64(b.n-1)
		b.first = max(min(b.sum/float64(b.n), high-size), low)
		return b
	}
	for _, w := range wanted {
		b := settle(block{sum: w, n: 1})
		for len(blocks) > 0 {
			before := blocks[len(blocks)-1]
			if before.first+gap*float64(before.n) <= b.first+1e-9 {
				break
			}
			b = settle(block{sum: before.sum + b.sum - gap*float64(before.n*b.n), n: before.n + b.n})
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	placed := make([]float64, 0, len(wanted))
	for _, b := range blocks {
		for i := range b.n {
			placed = append(placed, b.first+gap*float64(i))
		}
	}
	return placed
}
