package plot

import (
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/silverback-sim/silverback/report"
)

// parameterAxis puts the values of a parameter on an axis: as numbers if they
// are, logarithmic if they are far apart, else side by side.
type parameterAxis struct {
	title string
	texts []string
	at    []float64
	log   bool
}

func newParameterAxis(p *report.SweepParameter) parameterAxis {
	a := parameterAxis{title: shortPath(p.Path)}
	numeric := p.Unit != ""
	low, high := math.Inf(1), math.Inf(-1)
	for i, v := range p.Values {
		a.texts = append(a.texts, v.Text)
		a.at = append(a.at, float64(v.Number))
		numeric = numeric && v.Number.Known() && (i == 0 || v.Number > p.Values[i-1].Number)
		low, high = min(low, float64(v.Number)), max(high, float64(v.Number))
	}
	if !numeric {
		for i := range a.at {
			a.at[i] = float64(i)
		}
		return a
	}
	a.log = low > 0 && high/low >= wide
	return a
}

// shortPath is the end of a path that says what it is.
func shortPath(path string) string {
	parts := strings.Split(path, ".")
	return strings.Join(parts[max(len(parts)-3, 0):], ".")
}

// apply the scale, the ticks and the title to an axis.
func (a parameterAxis) apply(axis *plot.Axis) {
	axis.Min, axis.Max = a.at[0], a.at[len(a.at)-1]
	if axis.Min == axis.Max {
		axis.Min, axis.Max = axis.Min-0.5, axis.Max+0.5
	}
	if a.log {
		axis.Scale = plot.LogScale{}
	}
	axis.Tick.Marker = plot.ConstantTicks(a.ticks(axis.Min, axis.Max))
	axis.Label.Text = a.title
	align := axis.Label.TextStyle
	axis.Label.TextStyle = plain(labelSize, pale())
	axis.Label.TextStyle.XAlign, axis.Label.TextStyle.YAlign = align.XAlign, align.YAlign
	axis.Label.Padding = 2
}

// panelWidth is how wide a panel's data are, at least.
const panelWidth = 270 * vg.Length(1)

// ticks at every value, named where there is room.
func (a parameterAxis) ticks(low, high float64) []plot.Tick {
	style := plain(labelSize, pale())
	free := vg.Length(math.Inf(-1))
	var ticks []plot.Tick
	for i, text := range a.texts {
		share := (a.at[i] - low) / (high - low)
		if a.log {
			share = math.Log(a.at[i]/low) / math.Log(high/low)
		}
		middle := vg.Length(share) * panelWidth
		tick := plot.Tick{Value: a.at[i]}
		text = fit(style, text, 90)
		if half := style.Width(text) / 2; middle-half > free {
			tick.Label = text
			free = middle + half + 6
		}
		ticks = append(ticks, tick)
	}
	return ticks
}
