package plot

import (
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"pgregory.net/rapid"

	"github.com/silverback-sim/silverback/report"
)

func words(ticks []plot.Tick) string {
	var labels []string
	for _, t := range ticks {
		labels = append(labels, t.Label)
	}
	return strings.Join(labels, " ")
}

func TestTicks(t *testing.T) {
	for _, test := range []struct {
		ticker   plot.Ticker
		from, to float64
		want     string
	}{
		{timeTicks{6}, 0, 1800, "0s 5m 10m 15m 20m 25m 30m"},
		{timeTicks{6}, 0, 86400, "0s 4h 8h 12h 16h 20h 1d"},
		{timeTicks{6}, 0, 5, "0s 1s 2s 3s 4s 5s"},
		{timeTicks{6}, 0, 90 * 86400, "0s 28d 56d 84d"},
		{roundTicks{5, 1, report.FormatShare}, 0.99, 1.01, "99% 99.2% 99.4% 99.6% 99.8% 100%"},
		{roundTicks{5, 0, report.FormatRate}, 0, 1450, "0/s 500/s 1,000/s"},
		{roundTicks{5, 0, report.FormatChange}, -1, 0.5, "−100% −50% 0% +50%"},
		{logTicks{6, report.FormatLatency}, 0.03, 2.5, "50ms 100ms 200ms 500ms 1s 2s"},
		{logTicks{6, report.FormatLatency}, 0.001, 10, "1ms 10ms 100ms 1s 10s"},
	} {
		if got := words(test.ticker.Ticks(test.from, test.to)); got != test.want {
			t.Errorf("%v from %v to %v: %s, want %s", test.ticker, test.from, test.to, got, test.want)
		}
	}
}

func TestTicksAreFewAndInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.Float64Range(-1e6, 1e6).Draw(t, "from")
		to := from + rapid.Float64Range(1e-3, 1e9).Draw(t, "length")
		for _, ticker := range []plot.Ticker{timeTicks{6}, roundTicks{5, 0, report.FormatRate}} {
			ticks := ticker.Ticks(from, to)
			if len(ticks) > 7 {
				t.Fatalf("%d ticks", len(ticks))
			}
			for _, tick := range ticks {
				if slack := (to - from) * 1e-6; tick.Value < from-slack || tick.Value > to+slack {
					t.Fatalf("tick %v outside %v to %v", tick.Value, from, to)
				}
			}
		}
	})
}
