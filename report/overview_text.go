package report

import (
	"fmt"
	"strings"
)

// busiestColumn is where the table names a component.
const busiestColumn = 5

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
	excess := 2*(len(widths)-1) - p.style.Width
	for _, w := range widths {
		excess += w
	}
	for _, shrink := range [][2]int{{busiestColumn, 14}, {0, 20}, {busiestColumn, 10}, {0, 8}} {
		w := &widths[shrink[0]]
		cut := max(min(excess, *w-shrink[1]), 0)
		*w -= cut
		excess -= cut
	}
	fmt.Fprintln(p.w)
	for i, row := range rows {
		var b strings.Builder
		for j, cell := range row {
			if name, figure, ok := strings.Cut(cell, " "); ok && j == busiestColumn {
				// The name is cut, not the figure.
				cell = shorten(name, widths[j]-1-columns(figure)) + " " + figure
			}
			cell = shorten(cell, widths[j])
			pad := strings.Repeat(" ", widths[j]-columns(cell))
			switch j {
			case 0:
				b.WriteString(cell + pad)
			case busiestColumn:
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
