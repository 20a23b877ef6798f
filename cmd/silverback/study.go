package main

import (
	"fmt"
	"math"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/sim/fleet"
	"github.com/silverback-sim/silverback/topology"
)

// studyPlan says how often the variants are played.
type studyPlan struct {
	replications int
	// precision is the half-width of the shares that objectives judge at which it
	// is enough (0..1); 0 = play the replications, whatever comes out.
	precision float64
	most      int            // replications, with a precision
	requests  trace.Sampling // of the first replication
	// each, if set, gets the result of every run.
	each func(variant int, r *report.Result)
}

// fewest replications before a precision is believed.
const fewest = 5

// studyFlags ask for replications; the default is what is played without them.
func studyFlags(replications int) []cli.Flag {
	return []cli.Flag{
		replicationsFlag(replications, ""),
		&cli.StringFlag{Name: "precision", Usage: "play until the intervals of the shares that objectives judge are `SHARE` wide to either side, such as 0.1%"},
		&cli.IntFlag{Name: "max-replications", Value: 1000, Usage: "but at most `N` times"},
	}
}

// replicationsFlag asks how often what is played; empty: all.
func replicationsFlag(replications int, what string) cli.Flag {
	usage := "play `N` times with independent luck"
	if what != "" {
		usage = "play " + what + " `N` times with independent luck"
	}
	return &cli.IntFlag{Name: "replications", Value: replications, Usage: usage}
}

func parseReplications(c *cli.Context) (int, error) {
	n := c.Int("replications")
	if n < 1 {
		return 0, badInput("%s: --replications %d: at least 1", c.Command.Name, n)
	}
	return n, nil
}

func parseStudyPlan(c *cli.Context) (studyPlan, error) {
	n, err := parseReplications(c)
	p := studyPlan{replications: n, most: c.Int("max-replications")}
	if err != nil {
		return p, err
	}
	if p.most < fewest {
		return p, badInput("%s: --max-replications %d: at least %d", c.Command.Name, p.most, fewest)
	}
	if !c.IsSet("precision") {
		if c.IsSet("max-replications") {
			return p, badInput("%s: --max-replications bounds what --precision plays: add --precision, or use --replications", c.Command.Name)
		}
		return p, nil
	}
	if c.IsSet("replications") {
		return p, badInput("%s: --precision finds out how many replications it takes: leave out --replications", c.Command.Name)
	}
	share, err := topology.ParseShare(c.String("precision"))
	if err != nil {
		return p, badInput("%s: --precision %q: %w", c.Command.Name, c.String("precision"), err)
	}
	if share <= 0 {
		return p, badInput("%s: --precision must be more than 0", c.Command.Name)
	}
	p.precision = share
	return p, nil
}

// aims refuses a precision that no objective of the variants needs.
func (p studyPlan) aims(in *input, variants []scenarios.Variant) error {
	if p.precision == 0 {
		return nil
	}
	for _, v := range variants {
		for _, o := range in.Objectives {
			if report.Concerns(o, v.Name) && report.JudgesShare(o) {
				return nil
			}
		}
	}
	return badInput("%s: --precision: no objective of what is played bounds an availability or a utilization; use --replications", in.command)
}

// prepare what is to be played, and say what it is.
func (s *streams) prepare(in *input, variants []scenarios.Variant, plan studyPlan) (*sim.Model, error) {
	if err := plan.aims(in, variants); err != nil {
		return nil, err
	}
	if err := s.settle(in.Topology); err != nil {
		return nil, err
	}
	model, err := sim.Compile(in.Topology)
	if err != nil {
		return nil, inputError{err}
	}
	s.tellPlan(in, variants)
	return model, nil
}

// studied is what a study left behind.
type studied struct {
	*report.Study
	done        int            // whole replications
	down        map[int]uint64 // by variant, the seed of the first run that collapsed
	interrupted bool
}

// study plays the plan with a progress bar and until ^C.
func (s *streams) study(model *sim.Model, t *topology.Topology, variants []scenarios.Variant, seed uint64, plan studyPlan) studied {
	asked, unwatch := watchInterrupts()
	defer unwatch()
	show, describe, end := s.newProgress("simulating")
	defer end()
	st := report.NewStudy(t, len(variants), stat.Confidence)
	down := map[int]uint64{}
	r := fleet.Replications{
		Variants: variants, Seed: seed, Most: plan.replications, Requests: plan.requests,
		Take: func(_, variant int, run *trace.Run) {
			if !run.Interrupted || run.Duration > 0 {
				r := st.Take(variant, run)
				if _, known := down[variant]; !known {
					if collapsed, ok := r.Collapsed(); collapsed && ok {
						down[variant] = run.Seed
					}
				}
				if plan.each != nil {
					plan.each(variant, r)
				}
			}
		},
		Progress: show, Stop: asked,
	}
	enough := false
	widest := math.Inf(1)
	if plan.precision > 0 {
		r.Most = plan.most
		r.Enough = func(done int) bool {
			widest = st.Widest()
			if !math.IsInf(widest, 0) {
				describe(fmt.Sprintf("simulating ±%s", report.FormatShare(widest)))
			}
			enough = done >= fewest && widest <= plan.precision
			return enough
		}
	}
	done := r.Play(model)
	if plan.precision > 0 && !enough && done == r.Most {
		fmt.Fprintf(s.err, "%s after %s the intervals are still ±%s wide, not ±%s\n", s.yellow("warning:"),
			counted(done, "replication"), report.FormatShare(widest), report.FormatShare(plan.precision))
	}
	return studied{Study: st, done: done, down: down, interrupted: done < r.Most && !enough}
}
