package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/silverback-sim/silverback/topology"
)

// none stands for a figure that cannot be said.
const none = "–"

// FormatShare writes 0..1 as percent with enough digits that neither 100% nor 0% is
// said of what only comes near it: 0.99982 is 99.982%, 0.9997 is 99.97%.
func FormatShare(x float64) string { return shareText(x, trimZeros) }

// FormatAvailability writes a measured share as FormatShare does, but with a zero
// that was measured: 0.9997 is 99.970%.
func FormatAvailability(x float64) string {
	return shareText(x, func(digits string) string { return digits })
}

func shareText(x float64, finish func(digits string) string) string {
	switch {
	case math.IsNaN(x):
		return none
	case x <= 0 || x >= 1:
		return strconv.FormatFloat(math.Round(x*1000)/10, 'f', -1, 64) + "%"
	}
	// Two digits of the distance to the nearer end.
	edge := min(x, 1-x) * 100
	decimals := min(max(1, 1-int(math.Floor(math.Log10(edge)))), 9)
	text := strconv.FormatFloat(x*100, 'f', decimals, 64)
	switch trimZeros(text) {
	case "100":
		return "99.999999999%"
	case "0":
		return "0.000000001%"
	}
	return finish(text) + "%"
}

// FormatPercent writes a share with three digits, beyond 100% too, and down to
// 0.1%.
func FormatPercent(x float64) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return none
	case x > 0 && x < 0.001:
		return "<0.1%"
	}
	return significant(x*100) + "%"
}

// FormatChange writes a relative difference with its sign: +62%, −3.1%.
func FormatChange(x float64) string {
	switch {
	case math.IsNaN(x):
		return none
	case math.IsInf(x, 0):
		return "unlimited"
	}
	decimals := 0
	if math.Abs(x) < 0.0995 {
		decimals = 1
	}
	text := trimZeros(strconv.FormatFloat(math.Abs(x)*100, 'f', decimals, 64)) + "%"
	switch {
	case text == "0%":
		return text
	case x < 0:
		return "−" + text
	}
	return "+" + text
}

// significant rounds to three digits, without an exponent.
func significant(x float64) string {
	if x == 0 {
		return "0"
	}
	decimals := 2 - int(math.Floor(math.Log10(math.Abs(x))))
	if decimals < 0 {
		scale := math.Pow(10, float64(-decimals))
		return grouped(strconv.FormatFloat(math.Round(x/scale)*scale, 'f', 0, 64))
	}
	return trimZeros(strconv.FormatFloat(x, 'f', decimals, 64))
}

// trimZeros drops the zeros that end a fraction.
func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// FormatLatency writes seconds with three digits: 480us, 41.2ms, 1.53s.
func FormatLatency(seconds float64) string {
	switch {
	case math.IsNaN(seconds):
		return none
	case seconds == 0:
		return "0s"
	case seconds < 0.9995e-6:
		return significant(seconds*1e9) + "ns"
	case seconds < 0.9995e-3:
		return significant(seconds*1e6) + "us"
	case seconds < 0.9995:
		return significant(seconds*1e3) + "ms"
	}
	return significant(seconds) + "s"
}

// FormatRate writes a number per second.
func FormatRate(x float64) string {
	if math.IsNaN(x) {
		return none
	}
	return significant(x) + "/s"
}

// FormatCount writes a whole number with its thousands set apart; means of counts
// (over replications) are rounded.
func FormatCount(x float64) string {
	if math.IsNaN(x) {
		return none
	}
	return grouped(strconv.FormatFloat(math.Round(x), 'f', 0, 64))
}

func grouped(s string) string {
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// FormatTime writes a time of a run to the millisecond: 5m, 1h30m, 12.5s.
func FormatTime(d time.Duration) string {
	return topology.FormatDuration(d.Round(time.Millisecond))
}

// Counted is "1 run", "2 runs".
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
