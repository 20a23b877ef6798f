package report

import (
	"fmt"
	"slices"
	"strings"
)

// load writes which component was loaded most, and the capacity left.
func (p *printer) load(r *Result) {
	phases, words := r.Hardest()
	if words != "" {
		words = " " + words
	}
	if most, ok := r.Bottleneck(phases...); ok {
		code := ""
		if most.Ratio() >= saturation {
			code = red
		}
		p.paragraph(code, "bottleneck", most.String()+words)
	}
	left := r.Headroom(phases...)
	switch window := FormatTime(seconds(r.Series.Window)); {
	case !left.Known():
		p.paragraph("", "capacity", "not measurable"+words)
	case left < 0:
		p.paragraph(red, "capacity", fmt.Sprintf("%s short at the tightest %s%s", magnitude(left), window, words))
	default:
		p.paragraph("", "capacity", fmt.Sprintf("%s left at the tightest %s%s", magnitude(left), window, words))
	}
}

// String says how hard the component had to work.
func (l Load) String() string {
	switch {
	case l.Down > 0:
		return fmt.Sprintf("%s: no instance in service for %s", l.Component, FormatTime(seconds(l.Down)))
	case !l.Demand.Known():
		return fmt.Sprintf("%s: %s of its slots busy", l.Component, FormatPercent(float64(l.Utilization)))
	case !l.Utilization.Known():
		return fmt.Sprintf("%s: asked for %s of its capacity", l.Component, FormatPercent(float64(l.Demand)))
	}
	return fmt.Sprintf("%s: %s of its slots busy, asked for %s of its capacity", l.Component, FormatPercent(float64(l.Utilization)), FormatPercent(float64(l.Demand)))
}

// magnitude is FormatChange without its sign.
func magnitude(x Number) string { return strings.TrimLeft(FormatChange(float64(x)), "+−") }

// largestCauses lists the n causes to which most failures go back, or else most
// degradations.
func largestCauses(r *Result, n int) []string {
	var failed, degraded Number
	for _, c := range r.Causes {
		failed += c.Failed
		degraded += c.Degraded
	}
	of, what := failed, "failures"
	weight := func(c Cause) Number { return c.Failed }
	if failed == 0 {
		of, what = degraded, "degraded answers"
		weight = func(c Cause) Number { return c.Degraded }
	}
	sorted := slices.Clone(r.Causes)
	slices.SortStableFunc(sorted, func(a, b Cause) int { return int(weight(b) - weight(a)) })
	var texts []string
	for _, c := range sorted {
		if len(texts) == n || weight(c) == 0 {
			break
		}
		text := fmt.Sprintf("%s of the %s: %s at %s", FormatShare(float64(weight(c)/of)), what, c.Reason, c.Component)
		if c.Fault != "" {
			text += " under " + c.Fault
		}
		texts = append(texts, text)
	}
	return texts
}
