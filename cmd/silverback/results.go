package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/plot"
	"github.com/silverback-sim/silverback/report/trace"
)

// print writes the results to standard output.
func (s *streams) print(doc *report.Document, format string) error {
	switch format {
	case formatJSON:
		return report.WriteJSON(s.out, doc)
	case formatCSV:
		return report.WriteCSV(s.out, doc)
	default:
		return report.WriteText(s.out, doc, report.Style{Width: textWidth(s.out.w), Colour: takesColour(s.out.w)})
	}
}

// textWidth is how many columns a summary takes: as many as a terminal has, but
// no more than can be read.
func textWidth(w io.Writer) int {
	const narrowest, usual, widest = 60, 80, 100
	if width := terminalWidth(w); width > 0 {
		return min(max(width, narrowest), widest)
	}
	return usual
}

// keep writes results.json, the traces and the pictures, and says where they are.
func (s *streams) keep(in *input, doc *report.Document, runs []*trace.Run, o *runOptions) error {
	if err := writeAll(in, doc, runs, o); err != nil {
		return fmt.Errorf("the results cannot be kept: %w", err)
	}
	what := "pictures, results and traces"
	if o.noPlots {
		what = "results and traces"
	}
	told := s.err
	if o.format == formatText {
		told = s.out
	}
	_, err := fmt.Fprintf(told, "\n%s are in %s\n", what, o.out)
	return err
}

func writeAll(in *input, doc *report.Document, runs []*trace.Run, o *runOptions) error {
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return err
	}
	err := writeFile(filepath.Join(o.out, "results.json"), func(w io.Writer) error { return report.WriteJSON(w, doc) })
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, run := range runs {
		path := filepath.Join(o.out, fileName(run.Scenario, taken)+".jsonl")
		if err := writeFile(path, func(w io.Writer) error { return trace.WriteLines(w, run) }); err != nil {
			return err
		}
	}
	if o.noPlots {
		return nil
	}
	_, err = plot.WritePages(o.out, in.Topology, runs)
	return err
}

// fileName is a name in letters, digits and dashes, numbered if it is taken:
// gorilla[us-east-1a] becomes gorilla-us-east-1a, as the pictures call it.
func fileName(name string, taken map[string]bool) string {
	base := strings.TrimSuffix(strings.NewReplacer("[", "-", "]", "", ",", "-").Replace(name), "-")
	unique := base
	for i := 2; taken[unique]; i++ {
		unique = fmt.Sprintf("%s-%d", base, i)
	}
	taken[unique] = true
	return unique
}
