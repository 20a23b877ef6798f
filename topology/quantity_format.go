package topology

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// FormatDuration writes a duration in the language's notation, exactly:
// `250us`, `5ms`, `1.5s`, `1h30m`, `7d`, `0s`. Callers that want fewer digits
// round first.
func FormatDuration(d time.Duration) string {
	switch {
	case d == 0:
		return "0s"
	case d == math.MinInt64:
		return "-" + FormatDuration(math.MaxInt64)
	case d < 0:
		return "-" + FormatDuration(-d)
	case d < time.Millisecond:
		return decimalOf(d, time.Microsecond) + "us"
	case d < time.Second:
		return decimalOf(d, time.Millisecond) + "ms"
	}
	var b strings.Builder
	for _, unit := range unitsOfTime() {
		if unit.size < time.Minute {
			break
		}
		if n := d / unit.size; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10) + unit.name)
			d -= n * unit.size
		}
	}
	if d > 0 {
		b.WriteString(decimalOf(d, time.Second) + "s")
	}
	return b.String()
}

// decimalOf writes d/unit without trailing zeros; unit is a power of ten.
func decimalOf(d, unit time.Duration) string {
	whole := strconv.FormatInt(int64(d/unit), 10)
	rest := d % unit
	if rest == 0 {
		return whole
	}
	fraction := strconv.FormatInt(int64(unit+rest), 10)[1:]
	return whole + "." + strings.TrimRight(fraction, "0")
}

// FormatRate writes a number per second in the language's notation: `40/s`,
// `2k/s`, `30/min`.
func FormatRate(perSecond float64) string {
	size := math.Abs(perSecond)
	switch {
	case size >= 1e9:
		return formatNumber(perSecond/1e9) + "G/s"
	case size >= 1e6:
		return formatNumber(perSecond/1e6) + "M/s"
	case size >= 1e4:
		return formatNumber(perSecond/1e3) + "k/s"
	case size >= 1 || size == 0:
		return formatNumber(perSecond) + "/s"
	case size*60 >= 1:
		return formatNumber(perSecond*60) + "/min"
	case size*3600 >= 1:
		return formatNumber(perSecond*3600) + "/h"
	default:
		return formatNumber(perSecond*86400) + "/d"
	}
}

// FormatShare writes 0.999 as `99.9%`, exactly. Callers that want fewer digits
// round first.
func FormatShare(share float64) string {
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return formatNumber(share)
	}
	text := strconv.FormatFloat(share, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	power, _ := strconv.Atoi(exponent)
	// Shifting the point in the text avoids 0.07*100 = 7.000000000000001.
	value, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(power+2), 64)
	return formatNumber(value) + "%"
}

// formatNumber writes a number with as few digits as keep it.
func formatNumber(v float64) string {
	return strconv.FormatFloat(v, 'f', -1, 64)
}
