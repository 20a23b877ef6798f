package plot

import (
	"cmp"
	"image/color"
	"slices"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/trace"
)

// faultShade shades the time of the faults, darker while they are undetected.
// Above the data stand the faults with their names, in rows so that they do not
// touch: a bar for the time in which one was in force, or a tick for every moment
// at which it struck:
//
//	   latency: stock             surge: bots
//	├───────────────────┤     ├────────────────┤
//	            3 instances lost
//	          ╷   ╷           ╷
type faultShade struct {
	spans    []trace.Span
	duration time.Duration
	rows     [][]fault // from the bottom; one at least
	several  bool      // faults, so that the shade does not show when each was
}

type fault struct {
	words  string
	spells []report.Stretch // empty: as long as the shade
}

// stripHeight is the room above the data that a row takes.
const stripHeight = 13 * vg.Length(1)

// mostRows is how many rows there are at most; what does not fit is in the last.
const mostRows = 5

func newFaultShade(r *report.Result) *faultShade {
	f := &faultShade{spans: r.Spans, duration: time.Duration(float64(r.Duration) * 1e9)}
	faults := faultsOf(r)
	f.several = len(faults) > 1
	f.rows = f.pack(faults)
	slices.Reverse(f.rows)
	return f
}

// faultsOf a run in the order of their begin; those of one name are one.
func faultsOf(r *report.Result) []fault {
	var list []fault
	for _, loss := range r.Losses() {
		list = addFault(list, loss.Name(), spells(loss)...)
	}
	for _, strike := range r.Strikes() {
		list = addFault(list, strike.Name(), strike.Spans...)
	}
	if len(list) == 0 {
		return []fault{{words: "fault"}}
	}
	slices.SortStableFunc(list, func(a, b fault) int { return cmp.Compare(a.spells[0].From, b.spells[0].From) })
	return list
}

func addFault(list []fault, words string, spells ...report.Stretch) []fault {
	for i := range list {
		if list[i].words == words {
			list[i].spells = append(list[i].spells, spells...)
			return list
		}
	}
	return append(list, fault{words, spells})
}

// pack gives every fault the first row from the top in which it has room. Panels
// are at least as wide as is reckoned with here.
func (f *faultShade) pack(faults []fault) [][]fault {
	const width, gap = 255 * vg.Length(1), 7 * vg.Length(1)
	style := plain(smallSize, pale())
	var rows [][]fault
	var taken [][][2]vg.Length
	for _, one := range faults {
		from, to := f.extent(one)
		first, end := width*vg.Length(from), width*vg.Length(to)
		left := place(first, end, min(style.Width(one.words), width), 0, width)
		room := [2]vg.Length{min(first, left) - gap, max(end, left+style.Width(one.words)) + gap}
		i := slices.IndexFunc(taken, func(row [][2]vg.Length) bool {
			return !slices.ContainsFunc(row, func(r [2]vg.Length) bool { return room[0] < r[1]-gap && r[0]+gap < room[1] })
		})
		switch {
		case i >= 0:
		case len(rows) == mostRows:
			last := rows[mostRows-1]
			joined := last[0]
			for _, other := range append(last[1:], one) {
				joined.words += ", " + other.words
				joined.spells = append(joined.spells, other.spells...)
			}
			rows[mostRows-1], taken[mostRows-1] = []fault{joined}, [][2]vg.Length{{0, width}}
			continue
		default:
			i = len(rows)
			rows, taken = append(rows, nil), append(taken, nil)
		}
		rows[i], taken[i] = append(rows[i], one), append(taken[i], room)
	}
	return rows
}

// extent of a fault as shares of the run.
func (f *faultShade) extent(one fault) (from, to float64) {
	if len(one.spells) == 0 || f.duration <= 0 {
		return 0, 1
	}
	from, to = 1, 0
	for _, s := range one.spells {
		from, to = min(from, s.From.Seconds()/f.duration.Seconds()), max(to, s.To.Seconds()/f.duration.Seconds())
	}
	return from, to
}

// place is where words begin that stand above the middle of a bar, between low
// and high.
func place(first, end, width, low, high vg.Length) vg.Length {
	return max(min((first+end-width)/2, high-width), low)
}

// spells of a loss: a zone's absence, or the moments at which instances died.
func spells(l *report.Loss) []report.Stretch {
	if l.Zone != "" {
		return []report.Stretch{{From: l.From, To: l.To, ToEnd: l.ToEnd}}
	}
	var moments []report.Stretch
	for _, t := range l.Times {
		moments = append(moments, report.Stretch{From: t, To: t})
	}
	return moments
}

// Plot implements plot.Plotter.
func (f *faultShade) Plot(c draw.Canvas, p *plot.Plot) {
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
	for i, row := range f.rows {
		level := c.Max.Y + 0.6 + stripHeight*vg.Length(i)
		for _, one := range row {
			from, to := first, end
			if len(one.spells) == 0 {
				f.spell(c, first, end, level, false)
			} else {
				low, high := f.extent(one)
				from, to = x(low*f.duration.Seconds()), x(high*f.duration.Seconds())
			}
			for _, s := range one.spells {
				f.spell(c, x(s.From.Seconds()), x(s.To.Seconds()), level, s.ToEnd)
			}
			one.name(c, from, to, level+1.4)
		}
	}
}

// spell draws the bar of a time between left and right, or the tick of a moment,
// and in the data where it begins and ends if there are several faults.
func (f *faultShade) spell(c draw.Canvas, left, right, level vg.Length, toEnd bool) {
	line := draw.LineStyle{Color: color.RGBA{0x99, 0x99, 0x99, 0xff}, Width: 1.2}
	if left == right {
		c.StrokeLine2(line, left, level-1.6, left, level+2.4)
		return
	}
	c.StrokeLine2(line, left, level, right, level)
	if !f.several {
		return // the shade shows it
	}
	edge := draw.LineStyle{Color: color.RGBA{0xaa, 0xaa, 0xaa, 0xff}, Width: 0.6, Dashes: []vg.Length{1.5, 2}}
	for _, at := range []vg.Length{left, right} {
		if at == right && toEnd {
			break // it did not end
		}
		c.StrokeLine2(line, at, level-1.6, at, level+1.6)
		c.StrokeLine2(edge, at, c.Min.Y, at, c.Max.Y)
	}
}

// name writes the fault's words above its bars, inside the panel.
func (f fault) name(c draw.Canvas, first, end, level vg.Length) {
	style := plain(smallSize, pale())
	words := fit(style, f.words, c.Max.X-c.Min.X)
	left := place(first, end, style.Width(words), c.Min.X, c.Max.X)
	style.XAlign = text.XLeft
	c.FillText(style, vg.Point{X: left, Y: level}, words)
}
