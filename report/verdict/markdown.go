package verdict

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/silverback-sim/silverback/report"
)

// marker lets a bot find its own comment again.
const marker = "<!-- silverback check -->"

// WriteMarkdown writes a comment for a pull request: what does not pass in a
// table, what passes folded away.
func WriteMarkdown(w io.Writer, s *Sheet) error {
	b := bufio.NewWriter(w)
	state := "passed"
	switch {
	case s.Interrupted:
		state = "interrupted"
	case s.Failed():
		state = "failed"
	case s.Count().Inconclusive > 0:
		state = "passed, with doubts"
	}
	fmt.Fprintf(b, "%s\n### silverback check %s\n\n", marker, state)
	if s.Document.Topology != "" {
		fmt.Fprintf(b, "%s, seed %d. ", report.EscapeMarkdown(s.Document.Topology), s.Document.Seed)
	}
	fmt.Fprintf(b, "%s.\n", s.summary())
	var open, passed []row
	for _, g := range s.groups() {
		for _, r := range g.rows {
			if r.Verdict.Verdict == report.Pass {
				passed = append(passed, r)
			} else {
				open = append(open, r)
			}
		}
	}
	if len(open) > 0 {
		fmt.Fprintln(b)
		markdownTable(b, open)
	}
	markdownComparison(b, s)
	if len(passed) > 0 {
		fmt.Fprintf(b, "\n<details><summary>%d passed</summary>\n\n", len(passed))
		markdownTable(b, passed)
		fmt.Fprint(b, "\n</details>\n")
	}
	for i, text := range doubts(s) {
		if i == 0 {
			fmt.Fprintln(b)
		}
		fmt.Fprintf(b, "- %s\n", report.EscapeMarkdown(text))
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing the verdicts: %w", err)
	}
	return nil
}

func markdownTable(w io.Writer, rows []row) {
	fmt.Fprint(w, "| verdict | variant | objective | value | 95% interval | n |\n|---|---|---|---:|---|---:|\n")
	for _, r := range rows {
		verdict := r.Verdict.Verdict
		if verdict == report.Fail {
			verdict = "**fail**"
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %d |\n", verdict, report.EscapeMarkdown(r.result.Scenario), report.EscapeMarkdown(bound(r.Objective)), r.value(), r.interval(), r.result.Replications)
	}
}

func markdownComparison(w io.Writer, s *Sheet) {
	if s.Comparison == nil {
		return
	}
	if len(s.Comparison.Regressions) > 0 {
		fmt.Fprint(w, "\n| worse than the baseline | variant | |\n|---|---|---|\n")
	}
	for _, r := range s.Comparison.Regressions {
		fmt.Fprintf(w, "| %s | %s | %s |\n", report.EscapeMarkdown(r.Figure), report.EscapeMarkdown(r.Scenario), report.EscapeMarkdown(r.Text))
	}
	for _, list := range s.aside() {
		fmt.Fprintf(w, "\n%s: %s.\n", list.label, report.EscapeMarkdown(strings.Join(list.names, "; ")))
	}
}
