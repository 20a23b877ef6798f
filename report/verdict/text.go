package verdict

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/silverback-sim/silverback/report"
)

// WriteText writes the verdicts for a person: the objectives, each with its
// variants, the worst first, then what the baseline says, the doubts and a line
// that sums up.
func WriteText(w io.Writer, s *Sheet, style report.Style) error {
	p := &printer{bufio.NewWriter(w), style.Colour}
	p.heading(s)
	for _, g := range s.groups() {
		p.group(&g)
	}
	if s.Comparison != nil {
		p.comparison(s)
	}
	p.notes(s)
	fmt.Fprintf(p.w, "\n%s\n", p.paint("1", s.summary()))
	if err := p.w.Flush(); err != nil {
		return fmt.Errorf("writing the verdicts: %w", err)
	}
	return nil
}

type printer struct {
	w      *bufio.Writer
	colour bool
}

// paint text in one of the terminal's styles.
func (p *printer) paint(code, text string) string {
	if !p.colour || code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func codeOf(verdict string) string {
	switch verdict {
	case report.Fail:
		return "31"
	case report.Inconclusive:
		return "33"
	}
	return "32"
}

func (p *printer) heading(s *Sheet) {
	text := fmt.Sprintf("%s, seed %d", s.Document.Topology, s.Document.Seed)
	if len(s.Document.Runs) > 0 {
		r := s.Document.Runs[0]
		text += fmt.Sprintf(": %s of %s", report.Counted(r.Replications, "replication"), report.FormatTime(time.Duration(float64(r.Duration)*1e9)))
		if r.Replications > 1 {
			text += ", intervals at 95%"
		}
	}
	fmt.Fprintln(p.w, p.paint("1", strings.TrimPrefix(text, ", ")))
}

// group writes an objective and, below it, a line for each variant.
func (p *printer) group(g *group) {
	fmt.Fprintf(p.w, "\n%s  %s\n", p.paint("1", g.objective.Text), p.paint("2", place(g.objective.Pos)))
	var table [][]string
	for _, r := range g.rows {
		table = append(table, []string{r.Verdict.Verdict, r.result.Scenario, r.value(), r.interval(), fmt.Sprintf("n=%d", r.result.Replications)})
	}
	widths := make([]int, len(table[0]))
	for _, cells := range table {
		for i, cell := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	widths[0] = len(report.Inconclusive)
	for _, cells := range table {
		var b strings.Builder
		for i, cell := range cells {
			if widths[i] == 0 {
				continue
			}
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				cell = p.paint(codeOf(cell), cell)
			}
			b.WriteString("  " + cell + pad)
		}
		fmt.Fprintln(p.w, strings.TrimRight(b.String(), " "))
	}
}

// comparison writes what became worse since the baseline.
func (p *printer) comparison(s *Sheet) {
	c := s.Comparison
	how := fmt.Sprintf("seed %d against %d", s.Document.Seed, c.Seed)
	if c.Paired {
		how = fmt.Sprintf("in pairs, both with seed %d", c.Seed)
	}
	fmt.Fprintf(p.w, "\n%s  %s\n", p.paint("1", fmt.Sprintf("baseline %s: %s compared %s", s.Baseline, report.Counted(c.Compared, "figure"), how)),
		p.paint("2", "any false alarm: at most "+report.FormatShare(c.Significance)))
	for _, r := range c.Regressions {
		fmt.Fprintf(p.w, "  %s  %s: %s\n         %s\n", p.paint("31", "worse"), r.Scenario, r.Figure, r.Text)
	}
	if len(c.Regressions) == 0 {
		fmt.Fprintln(p.w, "  none is worse")
	}
	for _, list := range s.aside() {
		fmt.Fprintf(p.w, "  %s: %s\n", list.label, strings.Join(list.names, "; "))
	}
}

// notes writes the doubts that touch verdicts, each once.
func (p *printer) notes(s *Sheet) {
	doubts := doubts(s)
	if len(doubts) > 0 {
		fmt.Fprintln(p.w)
	}
	for _, text := range doubts {
		fmt.Fprintf(p.w, "  %s\n", p.paint("2", "note: "+text))
	}
}

// doubts lists the warnings on results that verdicts rest on.
func doubts(s *Sheet) []string {
	var texts []string
	for _, r := range s.Document.Runs {
		for _, w := range r.Warnings {
			if text := r.Scenario + ": " + w.Text; touches(&w, r.Objectives) && !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// touches tells whether a warning is a doubt about one of the verdicts.
func touches(w *report.Warning, verdicts []report.Verdict) bool {
	switch w.Rule {
	case report.WarnInterrupted, report.WarnTwoWorlds, report.WarnNoRequests, report.WarnFaultBeyondEnd:
		return len(verdicts) > 0
	case report.WarnCapacityUnknown:
		return slices.ContainsFunc(verdicts, func(v report.Verdict) bool { return v.Objective.Metric == "headroom" })
	case report.WarnFewSamples: // names the quantiles
		return slices.ContainsFunc(verdicts, func(v report.Verdict) bool {
			o := v.Objective
			return o.Quantile != "" && (o.Of == "" || o.Of == w.Object) && strings.Contains(w.Text+" ", o.Quantile+" ")
		})
	}
	return false
}
