package main

import (
	"fmt"

	"github.com/silverback-sim/silverback/sim/fleet"
	"github.com/silverback-sim/silverback/topology"
)

// settle finds out the warm-up that neither the files nor the flags say, and
// tells what it is and why. Designs that are to be compared need the same one, or
// they do not meet the same luck: settle the first, and give its warm-up to the
// others.
func (s *streams) settle(t *topology.Topology) error {
	if t.Simulation.WarmupWritten {
		return nil
	}
	warmup, decided, err := fleet.Warmup(t, t.Simulation.Seed)
	if err != nil {
		return inputError{err}
	}
	t.Simulation.Warmup = warmup
	pilot := topology.FormatDuration(fleet.PilotTime(t))
	if decided {
		fmt.Fprintf(s.err, "warm-up of %s: a pilot run of %s has settled by then (MSER-5)\n", topology.FormatDuration(warmup), pilot)
		return nil
	}
	fmt.Fprintf(s.err, "warm-up of %s, the default: a pilot run of %s has not settled; write `warmup` under `simulation`\n",
		topology.FormatDuration(warmup), pilot)
	return nil
}
