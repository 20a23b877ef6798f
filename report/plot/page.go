// Package plot draws the pages of a report for slides: one per scenario variant
// with its availability, capacity, latency and utilization over time, and one
// that compares the variants. It is the only package that draws.
package plot

import (
	"fmt"
	"strings"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/topology"
)

// Page is one picture: words around tiles of panels.
type Page struct {
	Name string // of what it shows

	title, caption, footer string
	panels                 [][]*plot.Plot
}

// draw puts the page on c.
func (p *Page) draw(c draw.Canvas) {
	c = draw.Crop(c, margin, -margin, margin-8, -margin+6)
	width := c.Max.X - c.Min.X
	title := bold(titleSize, ink())
	y := c.Max.Y - title.Height("Ag")
	c.FillText(title, vg.Point{X: c.Min.X, Y: y}, fit(title, p.title, width))
	caption := plain(captionSize, pale())
	y -= caption.Height("Ag") + 3
	c.FillText(caption, vg.Point{X: c.Min.X, Y: y}, fit(caption, p.caption, width))
	footer := plain(smallSize, pale())
	c.FillText(footer, c.Min, fit(footer, p.footer, width))

	c = draw.Crop(c, 0, 0, 22, y-10-c.Max.Y)
	tiles := draw.Tiles{Rows: len(p.panels), Cols: len(p.panels[0]), PadX: 26, PadY: 14}
	canvases := plot.Align(p.panels, tiles, c)
	for i, row := range p.panels {
		for j, panel := range row {
			panel.Draw(canvases[i][j])
		}
	}
}

// Variant draws one run of a scenario variant of t; its name is the scenario's.
func Variant(t *topology.Topology, r *report.Result, seed uint64) *Page {
	s := &subject{t, r, newBins(r)}
	return &Page{
		Name:    r.Scenario,
		title:   r.Scenario + ": " + finding(r),
		caption: caption(r),
		footer:  footer(t, r, seed, s.bins.per),
		panels:  [][]*plot.Plot{{s.availability(), s.capacity()}, {s.latency(), s.utilization()}},
	}
}

// finding is the one sentence that a page has to say.
func finding(r *report.Result) string {
	o := r.Overall()
	_, fault := r.Hardest()
	switch {
	case o.Requests == 0:
		return "no requests, so no availability"
	case !o.Availability.Known():
		return "no request had an outcome"
	case fault != "" && o.During.Known():
		return "availability " + report.FormatAvailability(float64(o.During)) + " " + fault
	case fault != "":
		return "no requests " + fault
	}
	return "availability " + report.FormatAvailability(float64(o.Availability))
}

// caption adds the other figures of a variant; what faults did is told in fewer
// words, or only above the data, where a line has no room for all.
func caption(r *report.Result) string {
	var text string
	var full, short []string
	for _, loss := range r.Losses() {
		full, short = append(full, loss.String()), append(short, loss.Name())
	}
	for _, strike := range r.Strikes() {
		full, short = append(full, strike.String()), append(short, strike.Name())
	}
	for _, parts := range [][]string{full, short, nil} {
		text = strings.Join(append(parts, figures(r)...), " · ")
		if plain(captionSize, pale()).Width(text) <= pageWidth-2*margin {
			break
		}
	}
	return text
}

// figures of a variant besides its availability.
func figures(r *report.Result) []string {
	o := r.Overall()
	phases, words := r.Hardest()
	var parts []string
	if o.Failed > 0 {
		parts = append(parts, report.FormatCount(float64(o.Failed))+" requests failed")
	}
	if left := r.Headroom(phases...).Left; left.Known() {
		text := "spare capacity " + report.FormatChange(float64(left))
		if faults := r.Unreckoned(); faults != "" {
			text += " without " + faults
		}
		parts = append(parts, text)
	}
	if most, ok := r.Bottleneck(phases...); ok {
		parts = append(parts, "bottleneck "+most.Component+" "+most.Short())
	}
	p99 := o.P99
	if words != "" {
		p99 = o.P99During
	}
	if p99.Known() {
		parts = append(parts, strings.TrimSpace("p99 "+report.FormatLatency(float64(p99))+" "+words))
	}
	return parts
}

// named puts the topology's name, if it has one, before the parts of a footer.
func named(t *topology.Topology, parts ...string) []string {
	if t.Name == "" {
		return parts
	}
	return append([]string{t.Name}, parts...)
}

// dashed explains the lines of objectives.
const dashed = "dashed: objectives"

func footer(t *topology.Topology, r *report.Result, seed uint64, per int) string {
	parts := named(t, fmt.Sprintf("seed %d", seed), report.FormatTime(r.Time())+" simulated")
	window := report.FormatTime(r.WindowTime())
	if per > 1 {
		step := report.FormatTime(r.WindowTime() * time.Duration(per))
		parts = append(parts, fmt.Sprintf("steps of %s: mean of windows of %s, for p99 the worst", step, window))
	} else {
		parts = append(parts, "windows of "+window)
	}
	if _, fault := r.Hardest(); fault != "" {
		parts = append(parts, "grey: fault, dark grey: not yet detected")
	}
	for _, metric := range []string{"availability", "latency", "utilization"} {
		if len(objectives(t, r.Scenario, metric)) > 0 {
			parts = append(parts, dashed)
			break
		}
	}
	return strings.Join(parts, " · ")
}
