package policy

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// gradientSecond gives a limit a second of a hundred answers of one latency, with
// all places in use, or so many.
func gradientSecond(g *Gradient, rule *GradientRule, now, latency int64, inFlight int) int64 {
	for range 100 {
		now += second / 100
		g.Done(rule, now, latency, inFlight)
	}
	return now
}

// TestGradientTwin writes the algorithm down once more, window by window.
func TestGradientTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := &GradientRule{
			Initial: rapid.IntRange(1, 50).Draw(t, "initial"), Min: rapid.IntRange(1, 20).Draw(t, "min"), Max: rapid.IntRange(50, 300).Draw(t, "max"),
		}
		busiest := rapid.Int64Range(1, 100).Draw(t, "busiest")
		var g Gradient
		limit := float64(rule.Initial)
		var means []float64
		var long float64
		var now, begin int64
		var sum, n, most int64
		for i := range rapid.IntRange(1, 400).Draw(t, "answers") {
			now += rapid.Int64Range(0, 300).Draw(t, "gap") * millisecond
			latency := rapid.Int64Range(1, 10).Draw(t, "latency") * rapid.SampledFrom([]int64{millisecond, second}).Draw(t, "unit")
			inFlight := rapid.Int64Range(1, busiest).Draw(t, "in flight")
			g.Done(rule, now, latency, int(inFlight))
			if i == 0 {
				begin = now
			}
			sum, n, most = sum+latency, n+1, max(most, inFlight)
			if now >= begin+second && n > 10 {
				mean := float64(sum) / float64(n)
				means = append(means, mean)
				if len(means) <= 10 {
					long = long + (mean-long)/float64(len(means))
				} else {
					long = long*(1-2.0/601) + mean*2/601
				}
				was := long
				if long/mean > 2 {
					long *= 0.95
				}
				if float64(most) >= limit/2 {
					gradient := math.Max(0.5, math.Min(1, 1.5*was/mean))
					limit = limit*0.8 + 0.2*(limit*gradient+4)
					limit = math.Max(float64(rule.Min), math.Min(float64(rule.Max), limit))
				}
				begin, sum, n, most = now, 0, 0, 0
			}
			if d := g.Limit(rule) - int(limit); d < -1 || d > 1 || math.Abs(g.limit-limit) > 1e-6*limit {
				t.Fatalf("limit %v, twin %v", g.limit, limit)
			}
		}
	})
}

// TestGradientFollows: it grows in use while latency stands, does not while it is
// idle, shrinks when latency rises, and comes back.
func TestGradientFollows(t *testing.T) {
	rule := &GradientRule{Initial: 20, Min: 4, Max: 60}
	var g Gradient
	now := int64(0)
	for range 20 {
		now = gradientSecond(&g, rule, now, 10*millisecond, 5)
	}
	if g.Limit(rule) != 20 {
		t.Errorf("idle, it went to %d", g.Limit(rule))
	}
	for range 11 {
		now = gradientSecond(&g, rule, now, 14*millisecond, g.Limit(rule))
	}
	if got := g.Limit(rule); got != 28 {
		t.Errorf("after 11 s in use at %d, want 20 + 11 × 0.8", got)
	}
	for range 60 {
		now = gradientSecond(&g, rule, now, 10*millisecond, g.Limit(rule))
	}
	if got := g.Limit(rule); got != 60 {
		t.Errorf("in use for long, it is at %d, want Max", got)
	}
	for range 20 {
		now = gradientSecond(&g, rule, now, 100*millisecond, g.Limit(rule))
	}
	// The fixed point at gradient 1/2 is twice the queue.
	if got := g.Limit(rule); got < 8 || got > 16 {
		t.Errorf("at ten times the latency it is at %d", got)
	}
	for range 75 {
		now = gradientSecond(&g, rule, now, 10*millisecond, g.Limit(rule))
	}
	if got := g.Limit(rule); got != 60 {
		t.Errorf("after the recovery it is at %d, want Max", got)
	}
}
