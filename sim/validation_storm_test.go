package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
)

// of four triggers one leaves the system down for good, and each single
// step back from it (a bit weaker, a bit shorter, less load) lets it recover.
func TestRetryStormOutlivesItsTrigger(t *testing.T) {
	n := 10
	if long {
		n = replications
	}
	for _, c := range []struct {
		name    string
		percent int // of the CPU taken away
		last    time.Duration
		load    float64
		down    bool
	}{
		{"a: 78% for 10s", 78, 10 * time.Second, 1, false},
		{"b: 80% for 10s", 80, 10 * time.Second, 1, true},
		{"c: 80% for 9s", 80, 9 * time.Second, 1, false},
		{"d: 80% for 10s, 30% less load", 80, 10 * time.Second, 0.7, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			top := load(t, "validation/r25-retry-storm.yaml")
			top.Scenarios[0].Faults[0].Kill.Count = c.percent
			top.Services[1].Startup.Mean = c.last
			top.Traffic[0].Rate *= c.load
			down := 0
			for _, row := range replicate(t, top, scenarioOf(top), 1, n, func(r *trace.Run) []float64 { return []float64{answeredAtTheEnd(r)} }) {
				if row[0] < 0.5 {
					down++
				}
			}
			i := stat.Wilson(uint64(down), uint64(n), stat.Confidence)
			t.Logf("%d of %d stay down, probability %.2f to %.2f", down, n, i.Low, i.High)
			if c.down != (down > n/2) || min(down, n-down) > n/10 {
				t.Errorf("%d of %d stay down, want down: %v", down, n, c.down)
			}
			want := map[bool]string{true: "metastable", false: "recovers"}[c.down]
			tell(row{id: "R-25", figure: c.name + ", stays down", want: want, got: fmt.Sprintf("%d of %d", down, n), interval: i, n: n})
		})
	}
}

// answeredAtTheEnd is the share of requests of the last ten seconds but five (what
// is asked then has no outcome yet) that were answered.
func answeredAtTheEnd(r *trace.Run) float64 {
	w := client(r, "").Windows
	var good, asked float64
	for i := r.Windows() - 10; i < r.Windows()-5; i++ {
		good += float64(w.OK[i] + w.Degraded[i])
		asked += float64(w.Requests[i])
	}
	return good / asked
}
