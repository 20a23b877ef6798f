package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteSweepText writes a sweep for a person: a table per scenario variant, a
// line per point.
func WriteSweepText(w io.Writer, s *Sweep, style Style) error {
	if style.Width <= 0 {
		style.Width = 80
	}
	b := bufio.NewWriter(w)
	p := &printer{w: b, style: style}
	var paths []string
	for _, parameter := range s.Parameters {
		paths = append(paths, parameter.Path)
	}
	p.line(bold, strings.Join(paths, " × "))
	for _, line := range wrap(s.terms(), style.Width) {
		p.line(dim, line)
	}
	for _, scenario := range s.Scenarios() {
		fmt.Fprintln(p.w)
		p.line(bold, scenario)
		p.sweep(s, scenario)
	}
	p.sweepNotes(s)
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing the sweep: %w", err)
	}
	return nil
}

// terms say what the figures are.
func (s *Sweep) terms() string {
	name := ""
	if s.Topology != "" {
		name = s.Topology + ", "
	}
	return fmt.Sprintf("%sseed %d, %s of every point, with the same luck; ± is half of the %s interval; figures are of the fault or, without one, of the whole run",
		name, s.Seed, Counted(s.Replications, "replication"), FormatShare(s.Confidence))
}

func (p *printer) sweep(s *Sweep, scenario string) {
	head := []string{}
	for _, parameter := range s.Parameters {
		head = append(head, shortPath(parameter.Path))
	}
	rows := [][]string{append(head, "available", "p99", "bottleneck", "spare", "collapsed")}
	codes := []string{dim}
	for _, point := range s.Points {
		v := point.Find(scenario)
		if v == nil {
			continue
		}
		rows = append(rows, append(append([]string{}, point.Values...), v.cells()...))
		code := ""
		if v.Judged().Mean < poor || v.Spare.Mean < 0 {
			code = red
		}
		codes = append(codes, code)
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	bottleneck := len(s.Parameters) + 2
	for k, row := range rows {
		line := " "
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-columns(cell))
			if i == bottleneck {
				line += " " + cell + pad + " "
			} else {
				line += " " + pad + cell + " "
			}
		}
		p.line(codes[k], line)
	}
}

// shortPath is the end of a path that says what it is: instances.per_zone.
func shortPath(path string) string {
	parts := strings.Split(path, ".")
	return strings.Join(parts[max(len(parts)-2, 0):], ".")
}

// cells of the table after those of the parameters.
func (v *SweepVariant) cells() []string {
	judged := v.Judged()
	bottleneck := none
	if b := v.Bottleneck; b.Utilization.Mean.Known() {
		bottleneck = b.Component + " " + plusMinus(unitShare, FormatPercent(float64(b.Utilization.Mean)), b.Utilization)
	} else if b.Component != "" {
		bottleneck = b.Component
	}
	collapsed := none
	if c := v.Collapse; c != nil {
		collapsed = c.text()
	}
	return []string{
		plusMinus(unitShare, FormatAvailability(float64(judged.Mean)), judged),
		plusMinus(unitSeconds, FormatLatency(float64(v.LatencyP99.Mean)), v.LatencyP99),
		bottleneck,
		plusMinus(unitShare, FormatChange(float64(v.Spare.Mean)), v.Spare),
		collapsed,
	}
}

// text is "3 of 10 (11–61%)".
func (c *Collapse) text() string {
	return fmt.Sprintf("%d of %d (%.0f–%.0f%%)", c.Replications, c.Of, 100*float64(c.ProbabilityCI[0]), 100*float64(c.ProbabilityCI[1]))
}

// plusMinus adds the half-width of the interval to a figure.
func plusMinus(unit, text string, e Estimate) string {
	half := float64(e.HalfWidth())
	if !e.HalfWidth().Known() {
		return text
	}
	if unit == unitSeconds {
		return text + " ±" + FormatLatency(twoDigits(half))
	}
	return text + " ±" + fixed(half*100, decimalsOf(0, half*100))
}

// twoDigits rounds to two significant digits.
func twoDigits(x float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 2, 64), 64)
	if err != nil {
		return x
	}
	return short
}

// sweepNotes tells the points that could not be played, the first few in full.
func (p *printer) sweepNotes(s *Sweep) {
	const most = 5
	var notes []string
	bad := 0
	for _, point := range s.Points {
		if point.Problem == "" {
			continue
		}
		if bad++; bad <= most {
			notes = append(notes, fmt.Sprintf("%s cannot be played: %s", s.settings(point), point.Problem))
		}
	}
	if bad > most {
		notes = append(notes, fmt.Sprintf("%d more points cannot be played", bad-most))
	}
	if s.Missing > 0 {
		notes = append(notes, fmt.Sprintf("%s of %d not played yet: the same command goes on", Counted(s.Missing, "point"), s.Missing+len(s.Points)))
	}
	if s.Replications == 1 {
		notes = append(notes, "one replication has no intervals; ask for --replications 10")
	}
	for i, note := range notes {
		if i == 0 {
			fmt.Fprintln(p.w)
		}
		p.paragraph(dim, onlyFirst(i, "notes"), fmt.Sprintf("[%d] %s", i+1, note))
	}
}

// settings of a point: services.api.instances=3.
func (s *Sweep) settings(point *SweepPoint) string {
	var parts []string
	for i, parameter := range s.Parameters {
		parts = append(parts, parameter.Path+"="+point.Values[i])
	}
	return strings.Join(parts, ", ")
}
