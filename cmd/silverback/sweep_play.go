package main

import (
	"fmt"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/fleet"
)

// playSweep plays the points that are not in the store, with a progress bar and
// until ^C, and returns all that there are, in their order. A point that ^C cut
// short is not kept.
func (s *streams) playSweep(w *sweep, store *points) (played []*report.SweepPoint, interrupted bool, err error) {
	asked, unwatch := watchInterrupts()
	defer unwatch()
	show, describe, end := s.newProgress("sweeping")
	defer end()
	missing, begun := 0, 0
	for _, p := range w.points {
		if store.done[p.key] == nil {
			missing++
		}
	}
	for _, p := range w.points {
		if store.done[p.key] == nil && !interrupted {
			describe(fmt.Sprintf("point %d of %d", len(played)+1, len(w.points)))
			found := w.play(p, asked, func(share float64) { show((float64(begun) + share) / float64(missing)) })
			begun++
			if interrupted = found == nil; !interrupted {
				if err := store.keep(p.key, found); err != nil {
					return nil, false, err
				}
			}
		}
		if found := store.done[p.key]; found != nil {
			found.Values = nil
			for _, x := range p.settings {
				found.Values = append(found.Values, x.value)
			}
			played = append(played, found)
		}
	}
	return played, interrupted, nil
}

// play all replications of a point; nil if it was interrupted.
func (w *sweep) play(p point, asked func() bool, show func(float64)) *report.SweepPoint {
	in, variants, model, problem := w.load(p)
	if problem != "" {
		return &report.SweepPoint{Problem: problem}
	}
	if asked() {
		return nil
	}
	gists := make([][]report.Gist, len(variants))
	r := fleet.Replications{
		Variants: variants, Seed: in.Simulation.Seed, Most: w.replications, Progress: show, Stop: asked,
		Take: func(_, variant int, run *trace.Run) {
			gists[variant] = append(gists[variant], report.Summarize(in.Topology, run).Gist())
		},
	}
	if r.Play(model) < w.replications {
		return nil
	}
	found := &report.SweepPoint{}
	for i, v := range variants {
		found.Variants = append(found.Variants, report.NewSweepVariant(v.Name, gists[i], confidence))
	}
	return found
}
