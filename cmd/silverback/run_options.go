package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/topology"
)

// The formats of the results on standard output.
const (
	formatText = "text"
	formatJSON = "json"
	formatCSV  = "csv"
)

// runOptions are what the flags of run say. Nil pointers: as the files say.
type runOptions struct {
	scenarios []string
	seed      *uint64
	duration  *time.Duration
	warmup    *time.Duration
	format    string
	out       string
	noPlots   bool
	study     studyPlan
}

func runFlags() []cli.Flag {
	return append([]cli.Flag{
		&cli.StringSliceFlag{Name: "scenario", Usage: "play `NAME`, none (healthy) or all; may be given again"},
		&cli.StringFlag{Name: "seed", Usage: "the seed of all that is random, a whole `NUMBER`"},
		&cli.StringFlag{Name: "duration", Usage: "how much `TIME` to play: 90s, 30m, 1h30m, 7d"},
		&cli.StringFlag{Name: "warmup", Usage: "how much `TIME` to play before that, not reported"},
		&cli.StringFlag{Name: "format", Value: formatText, Usage: "print results as `FORMAT`: text, json, csv"},
		&cli.StringFlag{Name: "out", Value: "./silverback-out", Usage: "put pictures, results into `DIR`"},
		&cli.BoolFlag{Name: "no-plots", Usage: "draw no pictures", DisableDefaultText: true},
	}, studyFlags(1)...)
}

func parseRunOptions(c *cli.Context) (*runOptions, error) {
	plan, err := parseStudyPlan(c)
	if err != nil {
		return nil, err
	}
	o := &runOptions{
		study:     plan,
		scenarios: c.StringSlice("scenario"),
		format:    c.String("format"),
		out:       c.String("out"),
		noPlots:   c.Bool("no-plots"),
	}
	if formats := []string{formatText, formatJSON, formatCSV}; !slices.Contains(formats, o.format) {
		return nil, badInput("run: --format %q is unknown%s; use %s", o.format, didYouMean(o.format, formats), strings.Join(formats, ", "))
	}
	if o.out == "" {
		return nil, badInput("run: --out needs a directory")
	}
	if c.IsSet("seed") {
		seed, err := strconv.ParseUint(c.String("seed"), 10, 64)
		if err != nil {
			return nil, badInput("run: --seed %q is not a whole number from 0 to 18446744073709551615", c.String("seed"))
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
			return nil, badInput("run: --%s %q: %w", flag.name, c.String(flag.name), err)
		}
		*flag.to = &d
	}
	if o.duration != nil && *o.duration == 0 {
		return nil, badInput("run: --duration must be longer than 0")
	}
	return o, nil
}

// maxWindows bounds duration/window as the language does.
const maxWindows = 1_000_000

// override puts what the flags say in the place of what the files say.
func (o *runOptions) override(sim *topology.Simulation) error {
	if o.seed != nil {
		sim.Seed = *o.seed
	}
	if o.warmup != nil {
		sim.Warmup = *o.warmup
	}
	if o.duration != nil {
		sim.Duration = *o.duration
		sim.Window = min(sim.Window, sim.Duration)
		if sim.Duration/sim.Window > maxWindows {
			return badInput("run: --duration %s has more than a million windows of %s; write a longer `window` into the file",
				topology.FormatDuration(sim.Duration), topology.FormatDuration(sim.Window))
		}
	}
	return nil
}
