package trace

import (
	"testing"

	"pgregory.net/rapid"
)

// As many values as the quantile's order says are within it, but for rounding,
// and counting more of them never makes fewer.
func TestWithinUndoesQuantile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h Histogram
		if n := h.Within(1); n != 0 {
			t.Fatalf("an empty histogram holds %v", n)
		}
		for _, ns := range rapid.SliceOfN(rapid.Int64Range(128, 1<<40), 1, 50).Draw(t, "ns") {
			h.Record(ns)
		}
		last := 0.
		for k := range 21 {
			q := float64(k) / 20
			n, want := h.Within(h.Quantile(q)), q*float64(h.Count)
			if n < last || n < want-1e-6 || n > float64(h.Count) {
				t.Fatalf("%v values are within the quantile of order %v of %d", n, q, h.Count)
			}
			// Only in the bucket of the largest, which ends at it, there may be more.
			if h.Quantile(q) < float64(h.Max)/1e9*0.98 && n > want+1e-6 && q > 0 {
				t.Fatalf("%v values are within the quantile of order %v of %d", n, q, h.Count)
			}
			last = n
		}
	})
}
