package plot

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
)

// Sweep draws a sweep: curves over one parameter on one page, named sweep, or heat
// maps over two, a page per scenario variant.
func Sweep(s *report.Sweep) []*Page {
	if len(s.Scenarios()) == 0 {
		return nil
	}
	if len(s.Parameters) == 1 {
		return []*Page{curvesPage(s)}
	}
	var pages []*Page
	for _, scenario := range s.Scenarios() {
		pages = append(pages, heatPage(s, scenario))
	}
	return pages
}

// curves are the figures of a sweep over its one parameter.
type curves struct {
	*report.Sweep
	axis parameterAxis
}

func curvesPage(s *report.Sweep) *Page {
	c := &curves{s, newParameterAxis(&s.Parameters[0])}
	return &Page{
		Name:    "sweep",
		title:   c.finding(),
		caption: sweepCaption(s),
		footer:  sweepFooter(s, "bands: %s intervals, of the collapse after Wilson"),
		panels:  [][]*plot.Plot{{c.availability(), c.collapse()}, {c.latency(), c.spare()}},
	}
}

// finding tells how far availability goes in the variant that it goes farthest
// in.
func (c *curves) finding() string {
	best, text := -1.0, "No availability at any point"
	for _, scenario := range c.Scenarios() {
		low, high := math.Inf(1), math.Inf(-1)
		for _, point := range c.Points {
			if v := point.Find(scenario); v != nil && v.Judged().Mean.Known() {
				low, high = min(low, float64(v.Judged().Mean)), max(high, float64(v.Judged().Mean))
			}
		}
		if high-low > best {
			best = high - low
			text = fmt.Sprintf("%s: availability from %s to %s", scenario, report.FormatAvailability(low), report.FormatAvailability(high))
			if low == high {
				text = fmt.Sprintf("%s: availability %s everywhere", scenario, report.FormatAvailability(low))
			}
		}
	}
	return text
}

func sweepCaption(s *report.Sweep) string {
	var parts []string
	for _, p := range s.Parameters {
		parts = append(parts, fmt.Sprintf("%s from %s to %s", p.Path, p.Values[0].Text, p.Values[len(p.Values)-1].Text))
	}
	return strings.Join(parts, " · ")
}

func sweepFooter(s *report.Sweep, bands string) string {
	parts := []string{fmt.Sprintf("seed %d", s.Seed), fmt.Sprintf("%d replications of every point, the same luck for all", s.Replications)}
	if s.Topology != "" {
		parts = append([]string{s.Topology}, parts...)
	}
	if bands != "" && s.Replications > 1 {
		parts = append(parts, fmt.Sprintf(bands, report.FormatShare(s.Confidence)))
	}
	parts = append(parts, "figures of the fault or, without one, of the whole run")
	return strings.Join(parts, " · ")
}

// line is one figure of one variant over the parameter.
type line struct {
	scenario        string
	mean, low, high []float64
}

// lines of all variants; of is nil-safe.
func (c *curves) lines(of func(v *report.SweepVariant) report.Estimate) []line {
	var list []line
	for _, scenario := range c.Scenarios() {
		l := line{scenario: scenario}
		for _, text := range c.axis.texts {
			e := report.Estimate{Mean: report.Number(math.NaN()), Low: report.Number(math.NaN()), High: report.Number(math.NaN())}
			for _, point := range c.Points {
				if v := point.Find(scenario); v != nil && point.Values[0] == text {
					e = of(v)
				}
			}
			l.mean = append(l.mean, float64(e.Mean))
			l.low, l.high = append(l.low, float64(e.Low)), append(l.high, float64(e.High))
		}
		list = append(list, l)
	}
	return list
}

// panel draws the lines, the first few in colour and by name.
func (c *curves) panel(h heading, lines []line, format func(float64) string) (p *plot.Plot, low, high float64) {
	p = newPanel(h)
	c.axis.apply(&p.X)
	p.Add(grid())
	low, high = math.NaN(), math.NaN()
	var labels endLabels
	for i, l := range lines[:min(len(lines), namedLines)] {
		p.Add(ribbon{c.axis.at, l.low, l.high, sheer(hue(i))})
	}
	for i, l := range slices.Backward(lines) { // the first on top
		low = lowest(append([]float64{low, lowest(l.low)}, l.mean...))
		high = highest(append([]float64{high, highest(l.high)}, l.mean...))
		style := draw.LineStyle{Color: faintLine(), Width: 0.7}
		if i < namedLines {
			style = stroke(i, 1.5)
			end := ""
			if last := lastKnown(l.mean); !math.IsNaN(last) {
				end = format(last)
			}
			name := l.scenario
			if len(lines) == 1 {
				name = ""
			}
			labels.addEarly(lastKnown(l.mean), c.endOf(l), name, end, hue(i))
		}
		p.Add(polyline{c.axis.at, l.mean, style})
	}
	p.Add(labels)
	return p, low, high
}

// endOf is where on the x axis a line ends.
func (c *curves) endOf(l line) float64 {
	for i := len(l.mean) - 1; i >= 0; i-- {
		if !math.IsNaN(l.mean[i]) {
			return c.axis.at[i]
		}
	}
	return math.NaN()
}

func lastKnown(xs []float64) float64 {
	for i := len(xs) - 1; i >= 0; i-- {
		if !math.IsNaN(xs[i]) {
			return xs[i]
		}
	}
	return math.NaN()
}

func (c *curves) availability() *plot.Plot {
	lines := c.lines((*report.SweepVariant).Judged)
	p, low, _ := c.panel(heading{"Availability", "share of requests answered"}, lines, report.FormatAvailability)
	if math.IsNaN(low) {
		return empty(p, "no requests: no availability")
	}
	p.Y.Min = availabilityFloor(low)
	p.Y.Max = 1 + (1-p.Y.Min)*0.04
	p.Y.Tick.Marker = roundTicks{most: 5, top: 1, format: report.FormatShare}
	return p
}

func (c *curves) collapse() *plot.Plot {
	lines := c.lines(func(v *report.SweepVariant) report.Estimate {
		if v.Collapse == nil {
			unknown := report.Number(math.NaN())
			return report.Estimate{Mean: unknown, Low: unknown, High: unknown}
		}
		return report.Estimate{Mean: v.Collapse.Probability, Low: v.Collapse.ProbabilityCI[0], High: v.Collapse.ProbabilityCI[1]}
	})
	p, low, _ := c.panel(heading{"Collapse", "probability that the system stays down after the fault"}, lines, report.FormatPercent)
	if math.IsNaN(low) {
		return empty(p, "the runs end too early to tell")
	}
	p.Y.Min, p.Y.Max = 0, 1.04
	p.Y.Tick.Marker = roundTicks{most: 5, top: 1, format: report.FormatPercent}
	return p
}

func (c *curves) latency() *plot.Plot {
	lines := c.lines(func(v *report.SweepVariant) report.Estimate { return v.LatencyP99 })
	p, low, high := c.panel(heading{"p99 latency", "of the slowest client"}, lines, report.FormatLatency)
	if math.IsNaN(high) {
		return empty(p, "nothing was answered: no latency")
	}
	// An interval may reach down to 0, where a logarithmic axis has no end.
	least := math.NaN()
	for _, l := range lines {
		least = lowest([]float64{least, lowest(l.mean)})
	}
	scaleLatency(&p.Y, max(low, least/4), high, 5)
	return p
}

func (c *curves) spare() *plot.Plot {
	lines := c.lines(func(v *report.SweepVariant) report.Estimate { return v.Spare })
	p, low, high := c.panel(heading{"Spare capacity", "over the demand, at the tightest window"}, lines, report.FormatChange)
	if math.IsNaN(low) {
		return empty(p, "no capacity was measured")
	}
	p.Y.Min, p.Y.Max = min(low, 0), max(high, 0)
	room := max(p.Y.Max-p.Y.Min, 0.1) * 0.05
	p.Y.Min, p.Y.Max = p.Y.Min-room, p.Y.Max+room
	p.Y.Tick.Marker = roundTicks{most: 5, format: report.FormatChange}
	p.Add(zeroLine{})
	return p
}
