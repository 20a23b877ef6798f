package report

import (
	"math"
	"testing"
)

func TestFormatFigure(t *testing.T) {
	for _, c := range []struct {
		metric string
		x      float64
		want   string
	}{
		{"availability", 0.9997, "99.970%"},
		{"strict_availability", 1, "100%"},
		{"goodput", 812.4, "812/s"},
		{"latency", 0.0412, "41.2ms"},
		{"utilization", 0.8512, "85.1%"},
		{"headroom", -0.12, "−12%"},
		{"recovers_within", 92.5, "1m32.5s"},
		{"instances", 39.96, "40"},
		{"latency", math.NaN(), none},
		{"recovers_within", math.NaN(), none},
		{"instances", math.NaN(), none},
	} {
		if got := FormatFigure(c.metric, c.x); got != c.want {
			t.Errorf("%s of %v is %q, want %q", c.metric, c.x, got, c.want)
		}
	}
}

func TestFormatDifference(t *testing.T) {
	for _, c := range []struct {
		metric string
		x      float64
		want   string
	}{
		{"availability", -0.0031, "−0.31 points"},
		{"utilization", 0.02, "+2 points"},
		{"headroom", 1e-9, "+0 points"},
		{"latency", 0.012, "+12ms"},
		{"recovers_within", -5, "−5s"},
		{"instances", math.Inf(1), none},
	} {
		if got := formatDifference(c.metric, c.x); got != c.want {
			t.Errorf("%s by %v is %q, want %q", c.metric, c.x, got, c.want)
		}
	}
}
