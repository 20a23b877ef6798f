package verdict

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/silverback-sim/silverback/report"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Errors   int         `xml:"errors,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string       `xml:"name,attr"`
	Class   string       `xml:"classname,attr"`
	File    string       `xml:"file,attr,omitempty"`
	Line    int          `xml:"line,attr,omitempty"`
	Failure *junitReason `xml:"failure"`
	Skipped *junitReason `xml:"skipped"`
	Out     string       `xml:"system-out,omitempty"`
}

type junitReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes a test suite for every variant with a test for every
// objective, and one for the figures that are worse than the baseline's. An
// inconclusive verdict is a skipped test, under Strict a failed one.
func WriteJUnit(w io.Writer, s *Sheet) error {
	all := junitSuites{Name: "silverback check"}
	for _, r := range s.Document.Runs {
		suite := junitSuite{Name: r.Scenario}
		for _, v := range r.Objectives {
			suite.add(s.junitCase(&row{v, r}))
		}
		all.add(suite)
	}
	if c := s.Comparison; c != nil {
		suite := junitSuite{Name: "baseline"}
		for _, r := range c.Regressions {
			suite.add(junitCase{
				Name: r.Scenario + ": " + r.Figure, Class: "baseline", File: r.Pos.File, Line: r.Pos.Line,
				Failure: &junitReason{Message: r.Text, Type: "regression", Text: place(r.Pos)},
			})
		}
		if len(c.Regressions) == 0 {
			suite.add(junitCase{Name: fmt.Sprintf("none of %s is worse", report.Counted(c.Compared, "figure")), Class: "baseline"})
		}
		all.add(suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return fmt.Errorf("writing the verdicts: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *Sheet) junitCase(r *row) junitCase {
	o := r.Objective
	c := junitCase{Name: bound(o), Class: r.result.Scenario, File: o.Pos.File, Line: o.Pos.Line}
	reason := &junitReason{Message: r.message(), Type: o.Metric, Text: place(o.Pos) + ": " + o.Text}
	switch s.level(r.Verdict.Verdict) {
	case "error":
		c.Failure = reason
	case "warning":
		c.Skipped = &junitReason{Message: reason.Message}
	default:
		c.Out = r.figures()
	}
	return c
}

// message says what is wrong with a verdict, in numbers.
func (r *row) message() string {
	wants := bound(r.Objective)
	if r.Verdict.Verdict == report.Inconclusive {
		return fmt.Sprintf("%s: inconclusive, wanted %s", r.figures(), wants)
	}
	return fmt.Sprintf("%s, wanted %s", r.figures(), wants)
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
}

func (s *junitSuites) add(suite junitSuite) {
	if suite.Tests == 0 {
		return
	}
	s.Suites = append(s.Suites, suite)
	s.Tests += suite.Tests
	s.Failures += suite.Failures
	s.Skipped += suite.Skipped
}
