package main

import (
	"errors"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/scenarios"
)

// errInterrupted is the end of a run that the user stopped.
var errInterrupted = errors.New("interrupted: the results are those of what was played until then")

func runCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "play scenarios and show what users saw",
		ArgsUsage: "FILE…",
		Description: `Plays scenarios against a topology, request by request, and prints what was
lost, what users saw, which component was loaded most and how much capacity
was left. Pictures, results.json and a trace of every run go to a directory.

Without --scenario it plays the scenarios of the files or, if they have none,
the healthy run. A NAME is that of a scenario of the files or of the library
(see silverback scenarios), or of one of its runs. One seed gives one result,
on any machine.

  silverback run testdata/streaming.yaml
  silverback run testdata/streaming.yaml --scenario gorilla
  silverback run system.yaml --scenario none --scenario 'gorilla[us-east-1a]'
  silverback run --duration 1h --format csv --no-plots system.yaml
  silverback run system.yaml --scenario monkey --explain
  cat system.yaml | silverback run - faults.yaml

--trace shows single requests as trees of their attempts, an example of every cause
first; --otlp FILE writes them for Jaeger and other tools that read OpenTelemetry.

  silverback run system.yaml --scenario gorilla --trace failed
  silverback run system.yaml --trace slow --traces 20 --otlp slow.json

^C stops and shows what there is, ^C again ends at once.

Exit status: 0 well, 2 bad usage or input, 3 results could not be written or
the run was interrupted.`,
		Flags: runFlags(),
		Action: func(c *cli.Context) error {
			o, err := parseRunOptions(c)
			if err != nil {
				return err
			}
			in, err := s.load("run", c.Args().Slice())
			if err != nil {
				return err
			}
			if err := o.override(in.Topology); err != nil {
				return err
			}
			variants, err := in.choose(o.scenarios)
			if err != nil {
				return err
			}
			return s.run(in, variants, o)
		},
	}
}

// run plays the variants and reports them: first on standard output, then in
// files, so that a full disk costs no more than the files.
func (s *streams) run(in *input, variants []scenarios.Variant, o *runOptions) error {
	model, err := s.prepare(in, variants, o.study)
	if err != nil {
		return err
	}
	if o.explain {
		if err := s.tellTimeline(in, model, variants); err != nil {
			return err
		}
	}
	played := s.study(model, in.Topology, variants, in.Simulation.Seed, o.study)
	doc := played.Document(in.Simulation.Seed)
	if !o.noComeback && !played.interrupted {
		s.findComebacks(model, in.Topology, variants, played, doc)
	}
	runs, _ := played.First()
	errs := []error{s.print(doc, o.format), s.printRequests(runs, o), s.keep(in, doc, played.Study, o), keepRequests(runs, &o.requests)}
	if played.interrupted {
		errs = append(errs, errInterrupted)
	}
	return errors.Join(errs...)
}
