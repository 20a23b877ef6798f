package main

import (
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/topology"
)

// overrides are what flags say in the place of the files' `simulation`. Nil: as
// the files say.
type overrides struct {
	command  string
	seed     *uint64
	duration *time.Duration
	warmup   *time.Duration
}

func overrideFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "seed", Usage: "the seed of all that is random, a whole `NUMBER`"},
		&cli.StringFlag{Name: "duration", Usage: "how much `TIME` to play: 90s, 30m, 1h30m, 7d"},
		&cli.StringFlag{Name: "warmup", Usage: "how much `TIME` to play before that, not reported"},
	}
}

func parseOverrides(c *cli.Context) (overrides, error) {
	o := overrides{command: c.Command.Name}
	if c.IsSet("seed") {
		seed, err := strconv.ParseUint(c.String("seed"), 10, 64)
		if err != nil {
			return o, badInput("%s: --seed %q is not a whole number from 0 to 18446744073709551615", o.command, c.String("seed"))
		}
		o.seed = &seed
	}
	for _, flag := range []struct {
		name string
		to   **time.Duration
	}{{"duration", &o.duration}, {"warmup", &o.warmup}} {
		if !c.IsSet(flag.name) {
			continue
		}
		d, err := topology.ParseDuration(c.String(flag.name))
		if err != nil {
			return o, badInput("%s: --%s %q: %w", o.command, flag.name, c.String(flag.name), err)
		}
		*flag.to = &d
	}
	if o.duration != nil && *o.duration == 0 {
		return o, badInput("%s: --duration must be longer than 0", o.command)
	}
	return o, nil
}

// override puts what the flags say in the place of what the files say.
func (o *overrides) override(t *topology.Topology) error {
	sim := &t.Simulation
	if o.seed != nil {
		sim.Seed = *o.seed
	}
	if o.warmup != nil {
		sim.Warmup, sim.WarmupWritten = *o.warmup, true
	}
	if o.duration != nil {
		sim.Duration = *o.duration
		sim.Window = min(sim.Window, sim.Duration)
		if sim.TooManyWindows() {
			return badInput("%s: --duration %s has more than a million windows of %s; write a longer `window` into the file",
				o.command, topology.FormatDuration(sim.Duration), topology.FormatDuration(sim.Window))
		}
		if t.TooManyFigures() {
			return badInput("%s: with --duration %s the series would have too many figures: windows times services, traffics and zones; write a longer `window` into the file",
				o.command, topology.FormatDuration(sim.Duration))
		}
	}
	return nil
}
