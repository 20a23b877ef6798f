package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/plot"
)

func sweepCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "sweep",
		Usage:     "play a topology with one or two parameters changed step by step",
		ArgsUsage: "FILE…",
		Description: `Changes what the files say at one or two paths through a list or a range of
values and plays every combination, all with the same luck. Shows availability,
latency, the bottleneck, the capacity left and how often the system collapsed.

A path is the keys from the top of the file, joined by dots, with the number of
an entry, from 0, where there is a list. Values are written as in the file:

  2,4,8             a list
  2..8              2, 3, … 8; 2..8/2 by steps of 2
  100/s..10k/s*5    five values, each the same multiple of the one before

  silverback sweep system.yaml --set services.api.instances.per_zone=2..8
  silverback sweep system.yaml --set traffic.users.rate=100/s..10k/s*9 \
      --set services.api.calls.0.retries.max=0,3 --scenario none

Every point is kept in DIR/sweep.jsonl once it is played. ^C stops, and the same
command goes on where it was.

Exit status: 0 well; 2 bad usage or input, or no point can be played; 3 results
could not be written or the sweep was interrupted.`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringSliceFlag{Name: "set", Usage: "change `PATH=VALUES`; may be given twice"},
			scenarioFlag(),
			replicationsFlag(replicated, "every point"),
		}, overrideFlags(), outputFlags("text, json, csv")),
		Action: func(c *cli.Context) error {
			o, err := parseOutput(c, formatText, formatJSON, formatCSV)
			if err != nil {
				return err
			}
			w, err := s.loadSweep(c)
			if err != nil {
				return err
			}
			return s.sweep(w, o)
		},
	}
}

// sweep plays what is missing and reports all: first on standard output, then in
// files.
func (s *streams) sweep(w *sweep, o *outputOptions) error {
	if err := makeDirectory(o.out); err != nil {
		return fmt.Errorf("the points cannot be kept: %w", err)
	}
	store, err := openPoints(filepath.Join(o.out, "sweep.jsonl"))
	if err != nil {
		return fmt.Errorf("the points cannot be kept: %w", err)
	}
	defer store.close()
	s.tellSweep(w, store)
	played, interrupted, err := s.playSweep(w, store)
	if err != nil {
		return fmt.Errorf("the points cannot be kept: %w", err)
	}
	result := w.report(played)
	errs := []error{s.tellPoints(result, o)}
	switch {
	case interrupted:
		errs = append(errs, fmt.Errorf("interrupted: %d of %s are played and kept; the same command goes on", len(played), counted(len(w.points), "point")))
	case !slices.ContainsFunc(played, func(p *report.SweepPoint) bool { return p.Problem == "" }):
		errs = append(errs, badInput("sweep: no point can be played"))
	}
	return errors.Join(errs...)
}

func (s *streams) tellPoints(r *report.Sweep, o *outputOptions) error {
	return s.tellAll(o, []string{"points", "results"}, []telling{
		{formatText, "", func(w io.Writer) error { return report.WriteSweepText(w, r, s.style()) }},
		{formatJSON, "sweep.json", func(w io.Writer) error { return report.WriteSweepJSON(w, r) }},
		{formatCSV, "sweep.csv", func(w io.Writer) error { return report.WriteSweepCSV(w, r) }},
	}, func() []*plot.Page { return plot.Sweep(r) })
}

// tellSweep says what will be played, before it is.
func (s *streams) tellSweep(w *sweep, store *points) {
	there := 0
	for _, p := range w.points {
		if store.done[p.key] != nil {
			there++
		}
	}
	var sizes []string
	for _, p := range w.parameters {
		sizes = append(sizes, fmt.Sprintf("%s of %s", counted(len(p.values), "value"), p.path))
	}
	fmt.Fprintf(s.err, "%s: %s, seed %d, %s of each\n", strings.Join(sizes, " × "), counted(len(w.points), "point"),
		w.base.Simulation.Seed, counted(w.replications, "replication"))
	if there > 0 {
		fmt.Fprintf(s.err, "  %s from before\n", counted(there, "point"))
	}
}
