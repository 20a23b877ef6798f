package report

import (
	"fmt"
	"slices"
	"strings"
)

// load writes which component was loaded most, and the capacity to spare.
func (p *printer) load(r *Result) {
	phases, words := r.Hardest()
	if words != "" {
		words = " " + words
	}
	most, ok := r.Bottleneck(phases...)
	if ok {
		code := ""
		if most.Ratio() >= saturation {
			code = red
		}
		p.paragraph(code, "bottleneck", most.String()+words)
	}
	if busier, more := r.Busier(most, phases...); ok && more {
		p.paragraph("", "", busier.Component+", which no request needs, is busier: "+busier.words())
	}
	h := r.Headroom(phases...)
	if !h.Left.Known() {
		p.paragraph("", "capacity", "not measurable"+words)
		return
	}
	code, left := "", "to spare"
	if h.Left < 0 {
		code, left = red, "short"
	}
	p.paragraph(code, "capacity", fmt.Sprintf("%s %s: %s can be carried, %s is asked (tightest %s%s)", magnitude(h.Left), left,
		FormatRate(float64(h.Capacity)), FormatRate(float64(h.Demand)), FormatTime(seconds(r.Series.Window)), words))
	if faults := r.Unreckoned(); faults != "" {
		p.paragraph("", "", "as measured without faults: what "+faults+" cost is not in it")
	}
}

// String says how hard the component had to work.
func (l Load) String() string { return l.Component + ": " + l.words() }

func (l Load) words() string {
	switch {
	case l.Down > 0:
		return fmt.Sprintf("no instance in service for %s", FormatTime(seconds(l.Down)))
	case !l.Demand.Known():
		return fmt.Sprintf("%s of its slots busy", FormatPercent(float64(l.Utilization)))
	case !l.Utilization.Known():
		return fmt.Sprintf("asked for %s of its capacity", FormatPercent(float64(l.Demand)))
	case l.agrees():
		return fmt.Sprintf("%s of its slots busy", l.Short())
	}
	return fmt.Sprintf("%s of its slots busy, asked for %s of its capacity", FormatPercent(float64(l.Utilization)), FormatPercent(float64(l.Demand)))
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
		switch _, fault := r.Hardest(); {
		case c.Fault != "":
			text += " under " + c.Fault
		case fault != "":
			text += " with no fault active"
		}
		texts = append(texts, text)
	}
	return texts
}
