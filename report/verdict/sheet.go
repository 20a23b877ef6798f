// Package verdict tells what became of objectives: to a person in a terminal, in
// a comment of a pull request, as annotations of a workflow, and to programs that
// read test results or findings.
//
// What it follows:
//   - JUnit's XML, in the dialect that continuous integration servers read: the
//     elements and attributes of Apache Ant's junit report task.
//   - SARIF 2.1.0, OASIS Standard, 27 March 2020.
//   - workflow commands, GitHub Docs, "Workflow commands for GitHub Actions".
//
// Left out: judging (package report) and exit statuses (the command).
package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/topology"
)

// Sheet is what there is to tell.
type Sheet struct {
	Document   *report.Document
	Objectives []*topology.Objective // in their order in the files
	Comparison *report.Comparison    // nil without a baseline
	Baseline   string                // its file
	// Strict counts an inconclusive verdict as a failure.
	Strict bool
	// Interrupted: what was played is less than was asked.
	Interrupted bool
}

// row is the verdict on one objective in one variant.
type row struct {
	report.Verdict
	result *report.Result
}

// Counts of verdicts.
type Counts struct {
	Pass, Fail, Inconclusive int
}

// Count the verdicts.
func (s *Sheet) Count() Counts {
	var c Counts
	for _, r := range s.rows() {
		switch r.Verdict.Verdict {
		case report.Pass:
			c.Pass++
		case report.Fail:
			c.Fail++
		default:
			c.Inconclusive++
		}
	}
	return c
}

// Regressions beside the baseline.
func (s *Sheet) Regressions() []report.Regression {
	if s.Comparison == nil {
		return nil
	}
	return s.Comparison.Regressions
}

// Failed tells whether something must be mended: an objective that fails, or is
// inconclusive under Strict, or a figure that got worse than the baseline's.
func (s *Sheet) Failed() bool {
	c := s.Count()
	return c.Fail > 0 || s.Strict && c.Inconclusive > 0 || len(s.Regressions()) > 0
}

// labelled is a list of variants and figures.
type labelled struct {
	label string
	names []string
}

// aside are the variants and figures that were not compared with the baseline.
func (s *Sheet) aside() []labelled {
	c := s.Comparison
	return slices.DeleteFunc([]labelled{
		{"new since the baseline", c.New},
		{"gone since the baseline", c.Gone},
		{"known in too few replications to compare", c.Undecided},
	}, func(l labelled) bool { return len(l.names) == 0 })
}

// rows in the order of the variants.
func (s *Sheet) rows() []row {
	var rows []row
	for _, r := range s.Document.Runs {
		for _, v := range r.Objectives {
			rows = append(rows, row{v, r})
		}
	}
	return rows
}

// group is an objective with its verdicts, the worst first.
type group struct {
	objective *topology.Objective
	rows      []row
}

// groups by objective: those with the worst verdicts first, else in the order of
// the files.
func (s *Sheet) groups() []group {
	var groups []group
	for _, o := range s.Objectives {
		g := group{objective: o}
		for _, r := range s.rows() {
			if r.Objective == o {
				g.rows = append(g.rows, r)
			}
		}
		if len(g.rows) == 0 {
			continue
		}
		slices.SortStableFunc(g.rows, func(a, b row) int {
			return cmp.Or(cmp.Compare(a.severity(), b.severity()), cmp.Compare(a.margin(), b.margin()))
		})
		groups = append(groups, g)
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		return cmp.Compare(a.rows[0].severity(), b.rows[0].severity())
	})
	return groups
}

// severity sorts verdicts: 0 is the worst.
func (r *row) severity() int {
	switch r.Verdict.Verdict {
	case report.Fail:
		return 0
	case report.Pass:
		return 2
	}
	return 1
}

// margin is by how much the figure keeps its bound; negative if it does not.
func (r *row) margin() float64 {
	if !r.Value.Known() {
		return 0
	}
	if strings.HasPrefix(r.Objective.Op, "<") {
		return r.Objective.Value - float64(r.Value)
	}
	return float64(r.Value) - r.Objective.Value
}

// value in words.
func (r *row) value() string {
	switch {
	case r.Value.Known():
		return report.FormatFigure(r.Objective.Metric, float64(r.Value))
	case r.Objective.Metric == "recovers_within" && r.Verdict.Verdict == report.Fail:
		return "not always back"
	case r.Objective.Metric == "recovers_within":
		return strings.TrimSuffix("cannot be told: "+r.result.NoRecovery(), ": ")
	case r.Verdict.Verdict == report.Fail:
		return "nothing to measure"
	}
	return "not measured yet"
}

// interval in words; empty if there is none.
func (r *row) interval() string {
	if !r.Low.Known() || !r.High.Known() {
		return ""
	}
	return report.FormatFigure(r.Objective.Metric, float64(r.Low)) + " to " + report.FormatFigure(r.Objective.Metric, float64(r.High))
}

// figures are value, interval and how many replications they rest on.
func (r *row) figures() string {
	text := r.value()
	if i := r.interval(); i != "" {
		return fmt.Sprintf("%s (%s, n=%d)", text, i, r.result.Replications)
	}
	return fmt.Sprintf("%s (n=%d)", text, r.result.Replications)
}

// bound is the objective without its scenario: `availability >= 99% during fault`.
func bound(o *topology.Objective) string {
	_, text, _ := strings.Cut(o.Text, ": ")
	return text
}

// summary is one line over all.
func (s *Sheet) summary() string {
	c := s.Count()
	variants, objectives := map[string]bool{}, map[*topology.Objective]bool{}
	for _, r := range s.rows() {
		variants[r.result.Scenario], objectives[r.Objective] = true, true
	}
	text := fmt.Sprintf("%s over %s: %d pass, %d fail, %d inconclusive",
		report.Counted(len(objectives), "objective"), report.Counted(len(variants), "variant"), c.Pass, c.Fail, c.Inconclusive)
	if s.Comparison != nil {
		text += fmt.Sprintf("; %s compared with the baseline, %d worse", report.Counted(s.Comparison.Compared, "figure"), len(s.Comparison.Regressions))
	}
	return text
}

// place is file:line:col.
func place(pos topology.Pos) string { return fmt.Sprintf("%s:%d:%d", pos.File, pos.Line, pos.Col) }

// level at which a verdict is told: "error", "warning" or, if all is well, "".
func (s *Sheet) level(verdict string) string {
	switch {
	case verdict == report.Fail || verdict == report.Inconclusive && s.Strict:
		return "error"
	case verdict == report.Inconclusive:
		return "warning"
	}
	return ""
}
