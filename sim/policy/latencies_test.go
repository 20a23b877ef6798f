package policy

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestLatenciesTwin sorts the last 200 anew each time.
func TestLatenciesTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		spread := rapid.Int64Range(1, 10_000_000).Draw(t, "spread")
		percent := rapid.IntRange(1, 99).Draw(t, "percent")
		var l Latencies
		var all []int64
		for range rapid.IntRange(0, 700).Draw(t, "n") {
			latency := r.Int64N(spread) * 1000
			l.Add(latency)
			all = append(all, latency)
			last := slices.Sorted(slices.Values(all[max(0, len(all)-200):]))
			got, known := l.Percentile(percent)
			if beyond := len(last) - (len(last)*percent+99)/100; known != (len(last) >= 20 && beyond >= 1) {
				t.Fatalf("p%d known %v of %d", percent, known, len(last))
			}
			if !known {
				continue
			}
			// By nearest rank: at least that share is not above it, and with one less it would not be.
			notAbove, _ := slices.BinarySearch(last, got+1)
			below, _ := slices.BinarySearch(last, got)
			if notAbove*100 < percent*len(last) || below*100 >= percent*len(last) {
				t.Fatalf("p%d of %d is %d: %d below, %d not above", percent, len(last), got, below, notAbove)
			}
		}
	})
}

// TestLatenciesFollow: a backend that becomes ten times as slow is known to be
// after one answer in twenty, and one that recovers after all have passed.
func TestLatenciesFollow(t *testing.T) {
	var l Latencies
	add := func(n int, latency int64) {
		for range n {
			l.Add(latency)
		}
	}
	expect := func(want int64) {
		t.Helper()
		if got, known := l.Percentile(95); !known || got != want*millisecond {
			t.Errorf("p95 is %d ns (known %v), want %d ms", got, known, want)
		}
	}
	add(19, 10*millisecond)
	if _, known := l.Percentile(95); known {
		t.Error("p95 known from 19 answers")
	}
	add(1000, 10*millisecond)
	expect(10)
	add(10, 100*millisecond)
	expect(10)
	add(1, 100*millisecond)
	expect(100)
	add(189, 10*millisecond)
	expect(100)
	add(1, 10*millisecond)
	expect(10)
	l.Add(1 << 62)
	if l.sorted[199] != 1<<32-1 {
		t.Error("a latency beyond the scale is not the longest")
	}
}
