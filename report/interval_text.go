package report

import (
	"fmt"
	"strings"
)

// within formats a figure given by its path in the results, with what its interval
// reaches to the farther side, if it has one: "99.984% ±0.003%".
func (r *Result) within(value Number, format func(float64) string, path ...string) string {
	text := format(float64(value))
	i, ok := r.Around(path...)
	if !ok || !value.Known() {
		return text
	}
	return text + " ±" + r.halfText(max(float64(value)-i.Low, i.High-float64(value)), format)
}

// halfText formats a half-width like its figure; shares as points of a percent
// with two digits, because nothing near 0% needs many nines.
func (r *Result) halfText(half float64, format func(float64) string) string {
	if strings.HasSuffix(format(0.5), "%") {
		return significantTwo(half*100) + "%"
	}
	return format(half)
}

func significantTwo(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x < 0.0001:
		return "<0.0001"
	case x < 1:
		return trimZeros(fmt.Sprintf("%.*f", decimalsFor(x), x))
	}
	return fmt.Sprintf("%.1f", x)
}

// decimalsFor shows two digits of a number below 1.
func decimalsFor(x float64) int {
	n := 2
	for ; x < 0.1 && n < 6; x *= 10 {
		n++
	}
	return n
}

// verdicts writes what became of the objectives.
func (p *printer) verdicts(r *Result) {
	for i, v := range r.Objectives {
		code, value := "", "cannot be said"
		if v.Verdict == Fail {
			code = red
		}
		if o := v.Objective; o != nil && o.Metric == "recovers_within" && v.Verdict == Fail && !v.Value.Known() {
			value = "never"
		}
		if o := v.Objective; o != nil && v.Value.Known() {
			value = o.FormatValue(roundTo(float64(v.Value)))
			if v.Low.Known() {
				value += fmt.Sprintf(" (%s to %s)", o.FormatValue(roundTo(float64(v.Low))), o.FormatValue(roundTo(float64(v.High))))
			}
			if v.Basis == ByValue {
				value += ", by value"
			}
		}
		p.paragraph(code, onlyFirst(i, "objectives"), fmt.Sprintf("%s: %s, measured %s", v.Verdict, v.Text, value))
	}
}

// roundTo keeps six significant digits, more than a figure of a study supports.
func roundTo(x float64) float64 {
	var y float64
	if _, err := fmt.Sscanf(fmt.Sprintf("%.6g", x), "%g", &y); err != nil {
		return x
	}
	return y
}

// collapse says that the system stayed down, if it did.
func (p *printer) collapse(r *Result) {
	if text := r.staysDown(); text != "" {
		p.paragraph(red, "collapse", text)
	}
}
