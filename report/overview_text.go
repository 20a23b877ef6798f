package report

import (
	"fmt"
	"strings"
)

// The columns of the table. Those from firstJudged on are of the fault or, for a
// run without one, of the whole run.
const (
	firstJudged      = 3
	bottleneckColumn = 5
)

// overview writes the table of the variants, aligned.
func (p *printer) overview(doc *Document) {
	rows := [][]string{{"scenario", "available", "failed", "available", "p99", "bottleneck", "spare"}}
	codes := []string{dim}
	judged := "during the fault"
	for _, r := range doc.Runs {
		row, code := overviewRow(r)
		rows, codes = append(rows, row), append(codes, code)
		if _, fault := r.Hardest(); fault == "" {
			judged = "during the fault, else whole run"
		}
	}
	widths := p.columnWidths(rows)
	fmt.Fprintln(p.w)
	p.line(dim, strings.Repeat(" ", widths[0]+2)+span("whole run", widths[1:firstJudged])+"  "+span(judged, widths[firstJudged:]))
	for i, row := range rows {
		p.line(codes[i], overviewLine(row, widths))
	}
}

// columnWidths are as wide as the cells need, or less where the line has no room
// for them.
func (p *printer) columnWidths(rows [][]string) []int {
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
	for _, shrink := range [][2]int{{bottleneckColumn, 16}, {0, 20}, {bottleneckColumn, 10}, {0, 8}} {
		w := &widths[shrink[0]]
		cut := max(min(excess, *w-shrink[1]), 0)
		*w -= cut
		excess -= cut
	}
	return widths
}

// span writes words over columns, with a line to both sides.
func span(words string, widths []int) string {
	total := 2 * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	words = shorten(words, total)
	rest := total - columns(words)
	if rest < 4 {
		return words + strings.Repeat(" ", rest)
	}
	left := rest / 2
	return strings.Repeat("─", left-1) + " " + words + " " + strings.Repeat("─", rest-left-1)
}

func overviewLine(row []string, widths []int) string {
	var b strings.Builder
	for j, cell := range row {
		if name, figure, ok := strings.Cut(cell, " "); ok && j == bottleneckColumn {
			// The name is cut, not the figure.
			cell = shorten(name, widths[j]-1-columns(figure)) + " " + figure
		}
		cell = shorten(cell, widths[j])
		pad := strings.Repeat(" ", widths[j]-columns(cell))
		switch j {
		case 0:
			b.WriteString(cell + pad)
		case bottleneckColumn:
			b.WriteString("  " + cell + pad)
		default:
			b.WriteString("  " + pad + cell)
		}
	}
	return b.String()
}

// overviewRow is one variant over all its clients.
func overviewRow(r *Result) (row []string, code string) {
	all := r.Overall()
	during, p99 := none, all.P99
	phases, fault := r.Hardest()
	if fault != "" {
		during, p99 = FormatAvailability(float64(all.During)), all.P99During
	}
	bottleneck := none
	if most, ok := r.Bottleneck(phases...); ok {
		bottleneck = most.Component + " " + most.Short()
		if most.Ratio() >= saturation {
			code = red
		}
	}
	spare := r.Headroom(phases...).Left
	if spare < 0 {
		code = red
	}
	return []string{
		r.Scenario, FormatAvailability(float64(all.Availability)), FormatCount(float64(all.Failed)), during,
		FormatLatency(float64(p99)), bottleneck, FormatChange(float64(spare)),
	}, code
}
