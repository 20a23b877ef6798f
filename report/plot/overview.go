package plot

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/topology"
)

// overviewRows is how many variants one overview can tell apart.
const overviewRows = 24

// Overview compares runs of several scenario variants of t, one row each; its name
// is overview.
func Overview(t *topology.Topology, results []*report.Result, seed uint64) *Page {
	o := &overview{topology: t, rows: worst(results, overviewRows)}
	words := fmt.Sprintf("%d scenario variants", len(results))
	if t.Name != "" {
		words += " of " + t.Name
	}
	if len(o.rows) < len(results) {
		words = fmt.Sprintf("the worst %d of %s", len(o.rows), words)
	}
	below := named(t, fmt.Sprintf("seed %d", seed), report.FormatTime(results[0].Time())+" simulated")
	for _, r := range o.rows {
		if len(objectives(t, r.Scenario, "availability"))+len(objectives(t, r.Scenario, "latency")) > 0 {
			below = append(below, dashed)
			break
		}
	}
	return &Page{
		Name:    "overview",
		title:   worstFinding(results),
		caption: words,
		footer:  strings.Join(below, " · "),
		panels:  [][]*plot.Plot{{o.availability(), o.capacity(), o.latency()}},
	}
}

// worstFinding names the variant in which users suffered most.
func worstFinding(results []*report.Result) string {
	r := worst(results, 1)[0]
	switch seen(r) {
	case unseen:
		return "No requests, so no availability"
	case 1:
		return "No request failed in any scenario"
	}
	return "Worst for users: " + r.Scenario + ", " + finding(r)
}

// worst picks the n results with the lowest availability, in their order.
func worst(results []*report.Result, n int) []*report.Result {
	ranked := slices.Clone(results)
	slices.SortStableFunc(ranked, func(a, b *report.Result) int { return cmp.Compare(seen(a), seen(b)) })
	ranked = ranked[:min(n, len(ranked))]
	return slices.DeleteFunc(slices.Clone(results), func(r *report.Result) bool { return !slices.Contains(ranked, r) })
}

// unseen stands for the availability of a run without requests.
const unseen = 2

// seen is the availability that users saw of a run, during its fault if it had
// one.
func seen(r *report.Result) float64 {
	a := r.Overall().Judged()
	if !a.Known() {
		return unseen
	}
	return float64(a)
}

type overview struct {
	topology *topology.Topology
	rows     []*report.Result
}

// panel is a column with a row per variant, the first at the top.
func (o *overview) panel(title, unit string) *plot.Plot {
	p := newPanel(heading{title, unit})
	n := len(o.rows)
	p.Y.Min, p.Y.Max = -0.5, float64(n)-0.5
	p.Y.Tick.Marker = plot.ConstantTicks(nil)
	p.Add(stripes{n: n})
	p.Add(verticals{})
	return p
}

// verticals mark the round values of a column.
type verticals struct{}

// Plot implements plot.Plotter.
func (verticals) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		at := x(t.Value)
		c.StrokeLine2(draw.LineStyle{Color: faint(), Width: 0.6}, at, c.Min.Y, at, c.Max.Y)
	}
}

// y of row i.
func (o *overview) y(i int) float64 { return float64(len(o.rows) - 1 - i) }

func (o *overview) availability() *plot.Plot {
	p := o.panel("Availability", "")
	var ticks []plot.Tick
	bottom := math.NaN()
	marks := &marks{}
	values := &values{}
	name := plain(o.textSize(), ink())
	for i, r := range o.rows {
		ticks = append(ticks, plot.Tick{Value: o.y(i), Label: fit(name, r.Scenario, 190)})
		all := r.Overall()
		bottom = lowest([]float64{bottom, float64(all.Availability), float64(all.During)})
		marks.add(o.y(i), float64(all.Availability), float64(all.During))
		values.add(o.y(i), report.FormatAvailability(judged(float64(all.Availability), float64(all.During))), o.textSize())
		for _, objective := range objectives(o.topology, r.Scenario, "availability") {
			bottom = lowest([]float64{bottom, objective.Value})
			marks.objectives = append(marks.objectives, mark{o.y(i), objective.Value})
		}
	}
	p.Y.Tick.Marker = plot.ConstantTicks(ticks)
	align := p.Y.Tick.Label
	p.Y.Tick.Label = name
	p.Y.Tick.Label.XAlign, p.Y.Tick.Label.YAlign = align.XAlign, align.YAlign
	if math.IsNaN(bottom) {
		bottom = 0
	}
	p.X.Min = availabilityFloor(bottom)
	p.X.Max = 1 + (1-p.X.Min)*0.03
	p.X.Tick.Marker = roundTicks{most: 3, top: 1, format: report.FormatShare}
	p.Add(marks, values)
	return p
}

func (o *overview) latency() *plot.Plot {
	p := o.panel("p99 latency", "")
	low, high := math.NaN(), math.NaN()
	marks := &marks{}
	values := &values{}
	for i, r := range o.rows {
		all := r.Overall()
		x := []float64{float64(all.P99), float64(all.P99During), low, high}
		low, high = lowest(x), highest(x)
		marks.add(o.y(i), float64(all.P99), float64(all.P99During))
		values.add(o.y(i), report.FormatLatency(judged(float64(all.P99), float64(all.P99During))), o.textSize())
		for _, objective := range objectives(o.topology, r.Scenario, "latency") {
			if objective.Quantile == "p99" {
				marks.objectives = append(marks.objectives, mark{o.y(i), objective.Value})
				low, high = lowest([]float64{low, objective.Value}), highest([]float64{high, objective.Value})
			}
		}
	}
	scaleLatency(&p.X, orZero(low), orZero(high), 3)
	p.Add(marks, values)
	return p
}

func (o *overview) capacity() *plot.Plot {
	p := o.panel("Spare capacity", "at the tightest window")
	values := &values{}
	bars := &bars{}
	for i, r := range o.rows {
		phases, _ := r.Hardest()
		left := float64(r.Headroom(phases...).Left)
		bars.add(o.y(i), left)
		values.add(o.y(i), report.FormatChange(left), o.textSize())
		p.X.Min, p.X.Max = min(p.X.Min, orZero(left)), max(p.X.Max, orZero(left))
	}
	p.X.Min, p.X.Max = min(p.X.Min*1.05, 0), max(p.X.Max*1.05, 0.1)
	p.X.Tick.Marker = roundTicks{most: 4, format: report.FormatChange}
	p.Add(bars, values)
	return p
}

// judged is the figure of the fault, or of the run if there was none.
func judged(all, during float64) float64 {
	if math.IsNaN(during) {
		return all
	}
	return during
}

// textSize lets the names of many rows fit above each other.
func (o *overview) textSize() float64 {
	if len(o.rows) > 16 {
		return smallSize
	}
	return captionSize
}

// stripes shade every other row.
type stripes struct{ n int }

// Plot implements plot.Plotter.
func (s stripes) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	for i := 1; i < s.n; i += 2 {
		low, high := y(float64(s.n-1-i)-0.5), y(float64(s.n-1-i)+0.5)
		c.FillPolygon(color.RGBA{0xf5, 0xf5, 0xf5, 0xff}, []vg.Point{{X: c.Min.X, Y: low}, {X: c.Max.X, Y: low}, {X: c.Max.X, Y: high}, {X: c.Min.X, Y: high}})
	}
}

// values are the figures themselves, beside the rows.
type values struct{ list []value }

type value struct {
	y     float64
	words string
	style text.Style
}

func (v *values) add(y float64, words string, size float64) {
	style := plain(size, ink())
	v.list = append(v.list, value{y, words, style})
}

// GlyphBoxes implements plot.GlyphBoxer: the room at the right.
func (v *values) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	var width vg.Length
	for _, value := range v.list {
		width = max(width, value.style.Width(value.words)+8)
	}
	return []plot.GlyphBox{{X: 1, Y: 0.5, Rectangle: vg.Rectangle{Max: vg.Point{X: width}}}}
}

// Plot implements plot.Plotter.
func (v *values) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	for _, value := range v.list {
		centre(c, value.style, vg.Point{X: c.Max.X + 6, Y: y(value.y)}, value.words)
	}
}
