package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// WriteContrastText writes a comparison for a person: of every variant the
// headline and a table of the figures of A and B and of their difference.
func WriteContrastText(w io.Writer, c *Contrast, style Style) error {
	if style.Width <= 0 {
		style.Width = 80
	}
	b := bufio.NewWriter(w)
	p := &printer{w: b, style: style}
	p.line(bold, fmt.Sprintf("A: %s", c.A.title()))
	p.line(bold, fmt.Sprintf("B: %s", c.B.title()))
	for _, line := range wrap(c.terms(), style.Width) {
		p.line(dim, line)
	}
	for _, v := range c.Variants {
		p.contrast(v)
	}
	if notes := c.notes(); len(notes) > 0 {
		fmt.Fprintln(p.w)
		for i, note := range notes {
			p.paragraph(dim, onlyFirst(i, "notes"), fmt.Sprintf("[%d] %s", i+1, note))
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing the comparison: %w", err)
	}
	return nil
}

func (d *Design) title() string {
	if d.Topology == "" {
		return d.File
	}
	return fmt.Sprintf("%s (%s)", d.File, d.Topology)
}

// terms say what the differences are.
func (c *Contrast) terms() string {
	var time string
	if len(c.Variants) > 0 {
		time = " of " + FormatTime(c.Variants[0].First[0].Time())
	}
	return fmt.Sprintf("%s%s with the same luck for both, seed %d; change is B − A, ± half of its %s interval",
		Counted(c.Replications, "replication"), time, c.Seed, FormatShare(c.Confidence))
}

// notes are the doubts about the comparison as a whole.
func (c *Contrast) notes() []string {
	var notes []string
	for _, only := range []struct {
		design string
		names  []string
	}{{"A", c.OnlyA}, {"B", c.OnlyB}} {
		if len(only.names) > 0 {
			notes = append(notes, fmt.Sprintf("only %s has %s: not compared", only.design, strings.Join(only.names, ", ")))
		}
	}
	if c.Replications == 1 {
		notes = append(notes, "one replication has no interval: no difference is clear; ask for --replications 10")
	}
	seen := map[string]bool{}
	for _, v := range c.Variants {
		for _, n := range v.notes() {
			if !seen[n] {
				notes = append(notes, n)
			}
			seen[n] = true
		}
	}
	return notes
}

func (v *VariantContrast) notes() []string {
	var notes []string
	if v.Collapse.happened() {
		for i, c := range []*Collapse{v.Collapse.A, v.Collapse.B} {
			if c.Replications == 0 || c.Replications == c.Of {
				continue
			}
			notes = append(notes, fmt.Sprintf("%s: %s replications of %s collapsed, the others did not: means over both describe neither",
				v.Scenario, c.share(), []string{"A", "B"}[i]))
		}
	}
	for _, only := range []struct {
		design string
		list   []UtilizationOfSide
	}{{"A", v.Lost}, {"B", v.Gained}} {
		for _, u := range only.list {
			notes = append(notes, fmt.Sprintf("only %s has the component %s", only.design, u.Component))
		}
	}
	return notes
}

func (p *printer) contrast(v *VariantContrast) {
	fmt.Fprintln(p.w)
	for _, line := range wrap(v.title(), p.style.Width) {
		p.line(bold, line)
	}
	rows := append([][]string{{"", "A", "B", "change", ""}}, v.rows()...)
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for k, row := range rows {
		line := " "
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-columns(cell))
			if i == 0 || i > 2 {
				line += " " + cell + pad + " "
			} else {
				line += " " + pad + cell + " "
			}
		}
		code := ""
		switch {
		case k == 0:
			code = dim
		case row[4] == Worse:
			code = red
		}
		p.line(code, line)
	}
	for _, line := range wrap("→ "+v.Headline, p.style.Width-2) {
		p.line("", "  "+line)
	}
}

func (v *VariantContrast) title() string {
	if v.Scenario != "none" && v.Description != "" {
		return v.Scenario + ": " + v.Description
	}
	return v.Scenario
}

// rows are label, A, B, change and verdict.
func (v *VariantContrast) rows() [][]string {
	var rows [][]string
	for _, d := range v.told() {
		rows = append(rows, []string{
			v.label(d), formatLevel(d.Figure, float64(d.A)), formatLevel(d.Figure, float64(d.B)),
			changeText(d), d.Verdict,
		})
	}
	if c := v.Collapse; c.happened() {
		rows = append(rows, []string{"collapsed", c.A.share(), c.B.share(), "", c.Verdict})
	}
	b := v.Bottleneck
	moved := Same
	if b.Moved {
		moved = "moved"
	}
	return append(rows, []string{"bottleneck", b.A.text(), b.B.text(), "", moved})
}

func changeText(d *Difference) string {
	switch d.Verdict {
	case Untold, Same:
		return ""
	}
	return formatPlusMinus(d.Unit, float64(d.Difference), float64(d.HalfWidth()))
}

func (u UtilizationOfSide) text() string {
	if u.Component == "" {
		return none
	}
	return strings.TrimSuffix(u.Component+" "+FormatPercent(float64(u.Utilization)), " "+none)
}

// mostTold is how many components a table tells.
const mostTold = 3

// told are the differences of a table: all but those of components that hardly
// changed.
func (v *VariantContrast) told() []*Difference {
	var list, components []*Difference
	for i := range v.Figures {
		d := &v.Figures[i]
		switch {
		case d.Component == "" && (d.Pairs > 0 || d.Figure != figureDuring):
			list = append(list, d)
		case d.Component != "" && d.Clear():
			components = append(components, d)
		}
	}
	slices.SortStableFunc(components, func(a, b *Difference) int {
		return cmp.Compare(math.Abs(float64(b.Difference)), math.Abs(float64(a.Difference)))
	})
	return append(list, components[:min(len(components), mostTold)]...)
}

// label of a row.
func (v *VariantContrast) label(d *Difference) string {
	fault := ""
	if d := v.Find(figureDuring); d != nil {
		fault = ", fault"
	}
	switch d.Figure {
	case figureDuring:
		return "availability" + fault
	case figureMean:
		return "mean latency" + fault
	case figureP99:
		return "p99 latency" + fault
	case figureFailed:
		return "failed requests"
	case figureSpare:
		return "spare capacity" + fault
	case figureInstances:
		return "instances in service"
	case figureUtilization:
		return "utilization of " + d.Component
	}
	return d.Figure
}
