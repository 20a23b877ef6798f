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
	all := r.Overall()
	fault := none
	phases, during := r.Hardest()
	if during != "" {
		fault = FormatShare(float64(all.During))
	}
	busiest := none
	if most, ok := r.Bottleneck(phases...); ok {
		busiest = most.Component + " " + most.Short()
		if most.Ratio() >= saturation {
			code = red
		}
	}
	left := r.Headroom(phases...)
	if left < 0 {
		code = red
	}
	return []string{
		r.Scenario, FormatShare(float64(all.Availability)), fault, FormatCount(float64(all.Failed)),
		FormatLatency(float64(all.P99)), busiest, FormatChange(float64(left)),
	}, code
}
