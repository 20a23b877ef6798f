package main

import (
	"slices"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/fleet"
)

// playPairs plays both designs with a progress bar and until ^C, some
// replications of A and the same of B in turn, so that what was played can be
// compared whenever it ends. What ^C cut short is thrown away.
func (s *streams) playPairs(d *designs) (pairs *report.Pairs, done int, interrupted bool) {
	asked, unwatch := watchInterrupts()
	defer unwatch()
	show, _, end := s.newProgress("simulating")
	defer end()
	var names []string
	for _, v := range d.variants[0] {
		names = append(names, v.Name)
	}
	pairs = report.NewPairs(names)
	per := len(names)
	batch := fleet.Batch(0, 2*per)
	for done < d.replications {
		n := min(batch, d.replications-done)
		runs := fleet.Play(slices.Concat(d.jobs(0, done, n), d.jobs(1, done, n)), fleet.Options{
			Stop:     asked,
			Progress: func(share float64) { show((float64(done) + share*float64(n)) / float64(d.replications)) },
		})
		if slices.ContainsFunc(runs, func(r *trace.Run) bool { return r.Interrupted }) {
			return pairs, done, true
		}
		for k, run := range runs {
			design := k / (n * per)
			pairs.Take(design, k%per, report.Summarize(d.inputs[design].Topology, run))
		}
		done += n
	}
	return pairs, done, false
}

// jobs of n replications from one on.
func (d *designs) jobs(design, from, n int) []fleet.Job {
	var jobs []fleet.Job
	for r := from; r < from+n; r++ {
		for _, v := range d.variants[design] {
			jobs = append(jobs, fleet.Job{Model: d.models[design], Variant: v, Seed: fleet.SeedOf(d.inputs[0].Simulation.Seed, r)})
		}
	}
	return jobs
}
