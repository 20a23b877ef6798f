package report

import (
	"math"
	"strconv"
)

// formatPlusMinus writes a difference with the half-width of its interval, both
// to the digits that the half-width has: −0.31 points ±0.06, +12.4ms ±0.8ms.
// Without an interval the half-width is left away.
func formatPlusMinus(unit string, x, half float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return none
	}
	scale, suffix, name := scaleOf(unit, max(math.Abs(x), orNothing(half)))
	decimals := decimalsOf(x*scale, half*scale)
	text := signed(x*scale, decimals) + suffix + name
	if math.IsNaN(half) || math.IsInf(half, 0) {
		return text
	}
	return text + " ±" + fixed(half*scale, decimals) + suffix
}

func orNothing(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}

// scaleOf is the factor and the unit in which a difference of this size is told.
func scaleOf(unit string, size float64) (scale float64, suffix, name string) {
	switch unit {
	case unitShare:
		return 100, "", " points"
	case unitSeconds:
		switch {
		case size >= 1:
			return 1, "s", ""
		case size >= 1e-3 || size == 0:
			return 1e3, "ms", ""
		}
		return 1e6, "us", ""
	}
	return 1, "", ""
}

// decimalsOf keeps one digit of the half-width, two if the first is a 1 or if x is
// so near to it that one would not tell whether 0 is inside; three of x if there
// is none.
func decimalsOf(x, half float64) int {
	digits, of := 1, half
	if !(half > 0) || math.IsInf(half, 0) {
		digits, of = 3, math.Abs(x)
	}
	if of == 0 || math.IsNaN(of) || digits == 3 && of == math.Trunc(of) {
		return 0
	}
	e := math.Floor(math.Log10(of))
	if digits == 1 && (of/math.Pow(10, e) < 1.95 || math.Abs(x) < 2*half) {
		digits = 2
	}
	return int(min(max(float64(digits)-1-e, 0), 6))
}

func signed(x float64, decimals int) string {
	text := fixed(math.Abs(x), decimals)
	switch {
	case x == 0:
		return "0"
	case x < 0:
		return "−" + text
	}
	return "+" + text
}

// fixed writes so many decimals, with the thousands of whole numbers set apart.
func fixed(x float64, decimals int) string {
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	if decimals == 0 {
		return grouped(text)
	}
	if x == 0 {
		return "0"
	}
	return text
}

// formatLevel writes the mean of a figure.
func formatLevel(figure string, x float64) string {
	switch figure {
	case figureAvailability, figureDuring:
		return FormatAvailability(x)
	case figureMean, figureP99:
		return FormatLatency(x)
	case figureSpare:
		return FormatChange(x)
	case figureUtilization:
		return FormatPercent(x)
	}
	if math.IsNaN(x) {
		return none
	}
	if math.Abs(x) >= 100 || x == math.Trunc(x) {
		return FormatCount(x)
	}
	return significant(x)
}
