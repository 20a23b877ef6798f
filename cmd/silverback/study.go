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
	most      int // replications, with a precision
	// each, if set, gets the result of every run.
	each func(variant int, r *report.Result)
}

// fewest replications before a precision is believed.
const fewest = 5

// studyFlags ask for replications; the default is what is played without them.
func studyFlags(replications int) []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "replications", Value: replications, Usage: "play `N` times with independent luck"},
		&cli.StringFlag{Name: "precision", Usage: "play until the intervals of the shares that objectives judge are `SHARE` wide to either side, such as 0.1%"},
		&cli.IntFlag{Name: "max-replications", Value: 1000, Usage: "but at most `N` times"},
	}
}

func parseStudyPlan(c *cli.Context) (studyPlan, error) {
	p := studyPlan{replications: c.Int("replications"), most: c.Int("max-replications")}
	if p.replications < 1 {
		return p, badInput("%s: --replications %d: at least 1", c.Command.Name, p.replications)
	}
	if p.most < fewest {
		return p, badInput("%s: --max-replications %d: at least %d", c.Command.Name, p.most, fewest)
	}
	if !c.IsSet("precision") {
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

// studied is what a study left behind.
type studied struct {
	*report.Study
	done        int // whole replications
	interrupted bool
}

// study plays the plan with a progress bar and until ^C.
func (s *streams) study(model *sim.Model, t *topology.Topology, variants []scenarios.Variant, seed uint64, plan studyPlan) studied {
	asked, unwatch := watchInterrupts()
	defer unwatch()
	show, describe, end := s.newProgress("simulating")
	defer end()
	st := report.NewStudy(t, len(variants), stat.Confidence)
	r := fleet.Replications{
		Variants: variants, Seed: seed, Most: plan.replications,
		Take: func(_, variant int, run *trace.Run) {
			if !run.Interrupted || run.Duration > 0 {
				r := st.Take(variant, run)
				if plan.each != nil {
					plan.each(variant, r)
				}
			}
		},
		Progress: show, Stop: asked,
	}
	enough := false
	if plan.precision > 0 {
		r.Most = plan.most
		r.Enough = func(done int) bool {
			widest := st.Widest()
			if !math.IsInf(widest, 0) {
				describe(fmt.Sprintf("simulating ±%s", report.FormatShare(widest)))
			}
			enough = done >= fewest && widest <= plan.precision
			return enough
		}
	}
	done := r.Play(model)
	return studied{Study: st, done: done, interrupted: done < r.Most && !enough}
}
