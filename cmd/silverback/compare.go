package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/plot"
)

func compareCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "compare",
		Usage:     "play two topologies with the same luck and show the differences",
		ArgsUsage: "A.yaml B.yaml",
		Description: `Plays the scenario variants that both files have against both, with the same
luck for both in every replication, and shows what B does otherwise than A:
differences with 95% intervals, and whether the bottleneck moved.

Without --scenario it plays the scenarios of the files or, if they have none
in common, the healthy run. Duration, warm-up, window and seed are those of A.

  silverback compare main.yaml branch.yaml
  silverback compare main.yaml branch.yaml --scenario gorilla --format markdown

Exit status: 0 well, whatever the differences are; 2 bad usage or input;
3 results could not be written or the comparison was interrupted.`,
		Flags: slices.Concat([]cli.Flag{scenarioFlag(), replicationsFlag(replicated, "both")},
			overrideFlags(), outputFlags("text, json, markdown")),
		Action: func(c *cli.Context) error {
			o, err := parseOutput(c, formatText, formatJSON, formatMarkdown)
			if err != nil {
				return err
			}
			d, err := s.loadDesigns(c)
			if err != nil {
				return err
			}
			return s.compare(d, o)
		},
	}
}

// compare plays the designs and reports them: first on standard output, then in
// files.
func (s *streams) compare(d *designs, o *outputOptions) error {
	s.tellDesigns(d)
	pairs, done, interrupted := s.playPairs(d)
	if done == 0 {
		return errors.New("interrupted before both were played once: there is nothing to compare")
	}
	contrast := pairs.Contrast(confidence)
	for i, design := range []*report.Design{&contrast.A, &contrast.B} {
		*design = report.Design{File: d.inputs[i].sources[0].Name, Topology: d.inputs[i].Name}
	}
	contrast.Seed = d.inputs[0].Simulation.Seed
	contrast.OnlyA, contrast.OnlyB = nonNil(d.only[0]), nonNil(d.only[1])
	errs := []error{s.tellContrast(contrast, o)}
	if interrupted {
		errs = append(errs, errInterrupted)
	}
	return errors.Join(errs...)
}

func nonNil(names []string) []string { return append([]string{}, names...) }

func (s *streams) tellContrast(c *report.Contrast, o *outputOptions) error {
	return s.tellAll(o, []string{"results"}, []telling{
		{formatText, "", func(w io.Writer) error { return report.WriteContrastText(w, c, s.style()) }},
		{formatJSON, "compare.json", func(w io.Writer) error { return report.WriteContrastJSON(w, c) }},
		{formatMarkdown, "compare.md", func(w io.Writer) error { return report.WriteContrastMarkdown(w, c) }},
	}, func() []*plot.Page { return plot.Contrast(c) })
}

// tellDesigns says what will be played, before it is.
func (s *streams) tellDesigns(d *designs) {
	var names []string
	for _, v := range d.variants[0] {
		names = append(names, v.Name)
	}
	fmt.Fprintf(s.err, "%s and %s, seed %d: %s of each, %s\n", d.inputs[0].sources[0].Name, d.inputs[1].sources[0].Name,
		d.inputs[0].Simulation.Seed, counted(d.replications, "replication"), strings.Join(names, ", "))
	for i, only := range d.only {
		if len(only) > 0 {
			fmt.Fprintf(s.err, "  only %s has %s: not compared\n", d.inputs[i].sources[0].Name, strings.Join(only, ", "))
		}
	}
}
