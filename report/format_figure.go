package report

import (
	"math"
	"time"
)

// FormatFigure writes a measured figure of an objective's metric, in the
// metric's unit, with as many digits as tell something.
func FormatFigure(metric string, x float64) string {
	switch metric {
	case "availability", "strict_availability":
		return FormatAvailability(x)
	case "goodput":
		return FormatRate(x)
	case "latency":
		return FormatLatency(x)
	case "utilization":
		return FormatPercent(x)
	case "headroom":
		return FormatChange(x)
	case "recovers_within":
		if math.IsNaN(x) {
			return none
		}
		return FormatTime(time.Duration(x * 1e9).Round(100 * time.Millisecond))
	}
	if math.IsNaN(x) {
		return none
	}
	return significant(x)
}

// formatDifference writes how far a figure moved, with its sign.
func formatDifference(metric string, x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return none
	}
	sign := "+"
	if x < 0 {
		sign = "−"
	}
	size := math.Abs(x)
	switch metric {
	case "availability", "strict_availability", "utilization", "headroom":
		return sign + formatPoints(size)
	}
	return sign + FormatFigure(metric, size)
}

// formatPoints writes a difference of shares: 0.0005 is 0.05 points.
func formatPoints(x float64) string {
	if math.Abs(x) < 1e-7 {
		return "0 points"
	}
	return significant(x*100) + " points"
}
