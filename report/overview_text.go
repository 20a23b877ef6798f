package report

import (
	"fmt"
	"strings"
)

// overview writes the table of the variants, aligned.
func (p *printer) overview(doc *Document) {
	rows := [][]string{
		{"", "available", "available", "requests", "", "busiest", "capacity"},
		{"scenario", "overall", "in fault", "failed", "p99", "component", "left"},
	}
	codes := []string{dim, dim}
	for _, r := range doc.Runs {
		row, code := overviewRow(r)
		rows, codes = append(rows, row), append(codes, code)
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	total := 2 * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	if excess := total - p.style.Width; excess > 0 {
		widths[0] = max(widths[0]-excess, 12)
	}
	fmt.Fprintln(p.w)
	for i, row := range rows {
		var b strings.Builder
		for j, cell := range row {
			pad := strings.Repeat(" ", max(widths[j]-columns(cell), 0))
			switch {
			case j == 0:
				cell = shorten(cell, widths[0])
				b.WriteString(cell + pad)
			case rows[1][j] == "component":
				b.WriteString("  " + cell + pad)
			default:
				b.WriteString("  " + pad + cell)
			}
		}
		p.line(codes[i], b.String())
	}
}

// overviewRow is one variant over all its clients.
func overviewRow(r *Result) (row []string, code string) {
	all := r.overall()
	fault := none
	phases, during := hardTimes(r)
	if during != "" {
		fault = share(float64(all.fault))
	}
	busiest := none
	if most, ok := r.Bottleneck(phases...); ok {
		busiest = most.Component + " " + percent(Number(most.Ratio()))
		if most.Ratio() >= saturation {
			code = red
		}
	}
	left := r.Headroom(phases...)
	if left < 0 {
		code = red
	}
	return []string{
		r.Scenario, share(float64(all.total)), fault, count(float64(all.failed)),
		latency(float64(all.p99)), busiest, change(float64(left)),
	}, code
}

// overall sums up the clients of a run.
type overall struct {
	total, fault Number // availability
	failed       Number
	p99          Number // s, of the slowest client
}

func (r *Result) overall() overall {
	var good, bad, faultGood, faultBad, failed float64
	p99 := unknown()
	for _, e := range r.Clients {
		c := e.Value
		good += float64(c.OK + c.Degraded)
		bad += float64(c.FailedTotal())
		f := &c.Phases.Fault
		faultGood += float64(f.OK + f.Degraded)
		faultBad += float64(f.FailedTotal())
		failed += float64(c.FailedTotal())
		if !p99.Known() || c.Latency.P99 > p99 {
			p99 = c.Latency.P99
		}
	}
	return overall{quotient(good, good+bad), quotient(faultGood, faultGood+faultBad), Number(failed), p99}
}
