package plot

import (
	"math"
	"time"

	"gonum.org/v1/plot"

	"github.com/silverback-sim/silverback/report"
)

// timeTicks mark an axis of seconds by round times.
type timeTicks struct{ most int }

// Ticks implements plot.Ticker.
func (t timeTicks) Ticks(from, to float64) []plot.Tick {
	step := float64(7 * 86400)
	for _, s := range []float64{
		0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
		3600, 7200, 3 * 3600, 4 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400,
	} {
		if (to-from)/s <= float64(t.most) {
			step = s
			break
		}
	}
	for (to-from)/step > float64(t.most) {
		step *= 2
	}
	var ticks []plot.Tick
	for i := math.Ceil(from / step); i*step <= to+step*1e-9; i++ {
		at := time.Duration(math.Round(i * step * 1e9))
		ticks = append(ticks, plot.Tick{Value: i * step, Label: report.FormatTime(at)})
	}
	return ticks
}

// roundTicks mark an axis at multiples of 1, 2 or 5 times a power of ten.
type roundTicks struct {
	most   int
	top    float64 // no tick beyond it, if not 0
	format func(x float64) string
}

// Ticks implements plot.Ticker.
func (t roundTicks) Ticks(from, to float64) []plot.Tick {
	if t.top != 0 {
		to = min(to, t.top)
	}
	if !(to > from) {
		return []plot.Tick{{Value: from, Label: t.format(from)}}
	}
	step := math.Pow(10, math.Floor(math.Log10((to-from)/float64(t.most))))
	for _, m := range []float64{1, 2, 5, 10} {
		if (to-from)/(step*m) <= float64(t.most)*(1+1e-9) {
			step *= m
			break
		}
	}
	var ticks []plot.Tick
	for i := math.Ceil(from/step - 1e-9); i*step <= to+step*1e-9; i++ {
		// The sum with 0 takes the sign off −0.
		ticks = append(ticks, plot.Tick{Value: i*step + 0, Label: t.format(i*step + 0)})
	}
	return ticks
}

// logTicks mark a logarithmic axis at 1, 2 and 5 of every power of ten, or at
// the powers only where those are many.
type logTicks struct {
	most   int
	format func(x float64) string
}

// Ticks implements plot.Ticker.
func (t logTicks) Ticks(from, to float64) []plot.Tick {
	for _, digits := range [][]float64{{1, 2, 5}, {1, 3}, {1}} {
		var ticks []plot.Tick
		for e := math.Floor(math.Log10(from)); e <= math.Log10(to); e++ {
			for _, m := range digits {
				if x := m * math.Pow(10, e); x >= from*(1-1e-9) && x <= to*(1+1e-9) {
					ticks = append(ticks, plot.Tick{Value: x, Label: t.format(x)})
				}
			}
		}
		if len(ticks) <= t.most || len(digits) == 1 {
			return ticks
		}
	}
	return nil
}
