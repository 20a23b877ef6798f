package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/verdict"
	"github.com/silverback-sim/silverback/scenarios"
)

func checkCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "judge the objectives of topologies",
		ArgsUsage: "FILE…",
		Description: `Plays every scenario of the files, and those of the library that objectives
name, 10 times each, and judges every objective in every variant. A verdict
looks at the bound of the interval: pass, fail or inconclusive. A system that
answers nothing passes nothing.

With --baseline the figures are also compared with those of a committed file:
what is significantly worse, beyond a tolerance, fails the check.

  silverback check testdata/streaming.yaml
  silverback check system.yaml --format junit > objectives.xml
  silverback check system.yaml --report junit=check.xml --report sarif=check.sarif
  silverback check system.yaml --baseline system.baseline.json --update-baseline
  silverback check system.yaml --baseline system.baseline.json

Exit status: 0 all objectives pass (or are inconclusive, without --strict), 1
an objective failed or a figure is worse than the baseline's, 2 bad usage or
input, 3 results could not be written or the check was interrupted.`,
		Flags: checkFlags(),
		Action: func(c *cli.Context) error {
			o, err := parseCheckOptions(c)
			if err != nil {
				return err
			}
			in, err := s.load("check", c.Args().Slice())
			if err != nil {
				return err
			}
			baseline, err := o.settle(in)
			if err != nil {
				return err
			}
			variants, err := in.judged()
			if err != nil {
				return err
			}
			return s.check(in, variants, o, baseline)
		},
	}
}

// check plays the variants, tells the verdicts and keeps the baseline if asked
// to. The baseline is nil if there is none to compare with.
func (s *streams) check(in *input, variants []scenarios.Variant, o *checkOptions, baseline *report.Baseline) error {
	model, err := s.prepare(in, variants, o.study)
	if err != nil {
		return err
	}
	if baseline != nil && baseline.Topology != in.Name {
		fmt.Fprintf(s.err, "%s %s is of %q, and this is %q\n", s.yellow("warning:"), o.baseline, baseline.Topology, in.Name)
	}
	var names []string
	for _, v := range variants {
		names = append(names, v.Name)
	}
	watch := report.NewWatch(in.Topology, names)
	o.study.each = watch.Take
	played := s.study(model, in.Topology, variants, in.Simulation.Seed, o.study)
	sheet := &verdict.Sheet{
		Document: played.Document(in.Simulation.Seed), Objectives: in.Objectives,
		Strict: o.strict, Interrupted: played.interrupted,
	}
	if baseline != nil && !o.update && !played.interrupted {
		sheet.Baseline, sheet.Comparison = o.baseline, baseline.Compare(watch, in.Simulation.Seed, o.tolerance)
		if sheet.Comparison.Compared == 0 {
			return badInput("check: %s has no figure in common with what was played: write it anew with --update-baseline", o.baseline)
		}
	}
	errs := []error{s.tellVerdicts(sheet, o.format), keepReports(sheet, o.reports)}
	switch {
	case played.interrupted:
		errs = append(errs, errInterrupted)
	case o.update:
		errs = append(errs, s.keepBaseline(o, report.NewBaseline(watch, in.Simulation, played.done, o.tolerance, confidence)))
	}
	if sheet.Failed() {
		errs = append(errs, errObjective)
	}
	return errors.Join(errs...)
}

// tellVerdicts writes the verdicts to standard output.
func (s *streams) tellVerdicts(sheet *verdict.Sheet, format string) error {
	return writeVerdicts(s.out, sheet, format, s.style())
}

// judged lists the variants that a check plays: the healthy run if an objective
// judges it, the files' own scenarios, and those of the library that objectives
// name. An objective that would judge none of them is an error, as is none at
// all: a check that checks nothing must not pass.
func (in *input) judged() ([]scenarios.Variant, error) {
	if len(in.Objectives) == 0 {
		return nil, badInput("check: the files have no `objectives`, so there is nothing to check; write for example\n" +
			"  objectives:\n    - {scenario: gorilla, availability: \">= 99.9%%\", during: fault}")
	}
	variants := []scenarios.Variant{scenarios.Healthy()}
	for _, sc := range in.Scenarios {
		variants = append(variants, scenarios.Variants(in.Topology, sc)...)
	}
	for _, sc := range in.Library {
		for _, o := range in.Objectives {
			if o.Scenario == sc.Name {
				variants = append(variants, scenarios.Variants(in.Topology, sc)...)
				break
			}
		}
	}
	healthy := false
	var idle []error
	for _, o := range in.Objectives {
		judges := false
		for _, v := range variants {
			judges = judges || report.Concerns(o, v.Name)
		}
		if !judges {
			idle = append(idle, fmt.Errorf("%s:%d:%d: the objective `%s` judges nothing: the files have no scenario of their own; name one, such as gorilla", o.Pos.File, o.Pos.Line, o.Pos.Col, o.Text))
		}
		healthy = healthy || report.Concerns(o, scenarios.None)
	}
	if len(idle) > 0 {
		return nil, inputError{errors.Join(idle...)}
	}
	if !healthy {
		variants = variants[1:]
	}
	return variants, nil
}
