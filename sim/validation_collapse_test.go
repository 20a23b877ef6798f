package sim_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
)

// a spike of five seconds leaves most runs collapsed; backoff with jitter
// none. Before the spike all is well.
func TestSpikeCollapsesWhatSlowsDown(t *testing.T) {
	n := 120
	if long {
		n = 400
	}
	for _, c := range []struct {
		name      string
		backoff   time.Duration
		collapsed float64
		tolerance float64
	}{
		{"without backoff", 0, 0.775, 0.15},
		{"with backoff and jitter", 20 * time.Second, 0, 0.05},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			top := load(t, "validation/r17-collapse.yaml")
			r := &top.Traffic[0].To[0].Call.Retries
			r.Initial, r.Factor, r.Cap = c.backoff, 2, 0
			collapsed, before := 0, 0.0
			for _, row := range replicate(t, top, scenarioOf(top), 1, n, func(r *trace.Run) []float64 {
				return []float64{answeredIn(r, 10, 20), answeredIn(r, 60, 80)}
			}) {
				before += row[0] / float64(n)
				if row[1] < 20 { // half of what is asked
					collapsed++
				}
			}
			i := stat.Wilson(uint64(collapsed), uint64(n), stat.Confidence)
			share := float64(collapsed) / float64(n)
			t.Logf("%s: %.1f/s before the spike, %d of %d stay collapsed, probability %.2f to %.2f", c.name, before, collapsed, n, i.Low, i.High)
			if math.Abs(before-40) > 0.02*40 {
				t.Errorf("goodput before the spike %.2f/s, want 40", before)
			}
			if math.Abs(share-c.collapsed) > c.tolerance {
				t.Errorf("%v of the runs stay collapsed, want %v", share, c.collapsed)
			}
			tell(row{
				id: "R-17", figure: c.name + ", stays collapsed", want: fmt.Sprintf("%.3g", c.collapsed),
				got: fmt.Sprintf("%.3g", share), interval: i, n: n,
			})
		})
	}
}

// answeredIn is the answers per second between two times in whole seconds.
func answeredIn(r *trace.Run, from, to int) float64 {
	w := client(r, "").Windows
	var answered float64
	for i := from; i < to; i++ {
		answered += float64(w.Answered[i])
	}
	return answered / float64(to-from)
}
