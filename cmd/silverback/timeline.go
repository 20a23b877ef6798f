package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/topology"
)

// tellTimeline tells before a run what will happen in it: the faults with what the seed
// chooses, and what follows from them without any load.
func (s *streams) tellTimeline(in *input, model *sim.Model, variants []scenarios.Variant) error {
	for _, v := range variants {
		fmt.Fprintf(s.err, "\n%s", v.Name)
		if text := strings.TrimSpace(v.Description()); text != "" {
			fmt.Fprintf(s.err, ": %s", text)
		}
		fmt.Fprintln(s.err)
		table := tabwriter.NewWriter(s.err, 0, 0, 2, ' ', 0)
		events := sim.Rehearse(model, v, in.Simulation.Seed)
		for _, e := range events {
			fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", topology.FormatDuration(e.T.Round(time.Millisecond)), e.Kind, e.Object, e.What)
		}
		if err := table.Flush(); err != nil {
			return err
		}
		if len(events) == 0 {
			fmt.Fprintln(s.err, "  nothing happens in the time of the run")
		}
	}
	_, err := fmt.Fprintln(s.err)
	return err
}
