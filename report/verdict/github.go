package verdict

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/topology"
)

// WriteGitHub writes workflow commands: an annotation at the line of every
// objective that fails or is inconclusive, with its worst variants, and one for
// every figure that is worse than the baseline's; then a line that sums up.
func WriteGitHub(w io.Writer, s *Sheet) error {
	b := bufio.NewWriter(w)
	for _, g := range s.groups() {
		worst := &g.rows[0]
		level := s.level(worst.Verdict.Verdict)
		if level == "" {
			continue
		}
		annotate(b, level, g.objective.Pos, worst.Verdict.Verdict+": "+g.objective.Text, g.tell())
	}
	for _, r := range s.Regressions() {
		annotate(b, "error", r.Pos, "worse than the baseline: "+r.Figure, r.Scenario+": "+r.Text)
	}
	fmt.Fprintln(b, s.summary())
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing the verdicts: %w", err)
	}
	return nil
}

// tell the variants that do not pass, one a line.
func (g *group) tell() string {
	const most = 5
	var lines []string
	for i, r := range g.rows {
		if r.Verdict.Verdict == report.Pass {
			break
		}
		if i == most {
			lines = append(lines, "…")
			break
		}
		lines = append(lines, fmt.Sprintf("%s: %s: %s", r.result.Scenario, r.Verdict.Verdict, r.figures()))
	}
	return strings.Join(lines, "\n")
}

// annotate writes one workflow command; data and properties escape what would
// end them.
func annotate(w io.Writer, level string, pos topology.Pos, title, text string) {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	fmt.Fprintf(w, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", level, property.Replace(pos.File), pos.Line, pos.Col, property.Replace(title), data.Replace(text))
}
