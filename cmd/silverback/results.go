package main

import (
	"fmt"
	"io"
	"path/filepath"

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
		return report.WriteText(s.out, doc, s.style())
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
func (s *streams) keep(in *input, doc *report.Document, st *report.Study, o *runOptions) error {
	if err := writeAll(in, doc, st, o); err != nil {
		return fmt.Errorf("the results cannot be kept: %w", err)
	}
	what := "pictures, results and traces"
	if o.noPlots {
		what = "results and traces"
	}
	return s.tellKept(what, &o.outputOptions)
}

// writeAll gives a run's trace and its pictures one name.
func writeAll(in *input, doc *report.Document, st *report.Study, o *runOptions) error {
	if err := makeDirectory(o.out); err != nil {
		return err
	}
	err := writeFile(filepath.Join(o.out, "results.json"), func(w io.Writer) error { return report.WriteJSON(w, doc) })
	if err != nil {
		return err
	}
	runs, results := st.First()
	var pages []*plot.Page
	if len(results) > 1 && !o.noPlots {
		pages = append(pages, plot.Overview(in.Topology, results, doc.Seed))
	}
	taken := map[string]bool{}
	if err := writePages(o.out, pages, taken); err != nil {
		return err
	}
	taken["overview"] = true // also where there is none, or the names would depend on it
	for i, run := range runs {
		name := filepath.Join(o.out, fileName(run.Scenario, taken))
		if err := writeFile(name+".jsonl", func(w io.Writer) error { return trace.WriteLines(w, run) }); err != nil {
			return err
		}
		if o.noPlots {
			continue
		}
		if err := writePage(name, plot.Variant(in.Topology, results[i], doc.Seed)); err != nil {
			return err
		}
	}
	return nil
}

// writePages writes pages into a directory under the names of what they show.
func writePages(dir string, pages []*plot.Page, taken map[string]bool) error {
	for _, p := range pages {
		if err := writePage(filepath.Join(dir, fileName(p.Name, taken)), p); err != nil {
			return err
		}
	}
	return nil
}

// writePage writes a page in every format; name lacks only its extension.
func writePage(name string, p *plot.Page) error {
	if err := writeFile(name+".svg", p.WriteSVG); err != nil {
		return err
	}
	return writeFile(name+".png", p.WritePNG)
}
