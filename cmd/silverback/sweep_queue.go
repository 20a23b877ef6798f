package main

import (
	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/sim/fleet"
)

// sweepQueue hands out the runs of the points that are missing, point after point.
type sweepQueue struct {
	sweep  *sweep
	open   []*openPoint // not kept yet, in their order
	turn   int          // of open, whose runs are handed out
	run    int          // of that point, the next to be handed out
	of     int          // points in all
	closed float64      // points' worth of runs that were played
}

// openPoint is a point that is not played to its end.
type openPoint struct {
	point
	number   int // among all points, from 1
	in       *input
	variants []scenarios.Variant
	model    *sim.Model
	gists    [][]report.Gist // by variant
	taken    int             // runs
	found    *report.SweepPoint
}

// sweepTurn is one run of a point.
type sweepTurn struct {
	point   *openPoint
	variant int
}

func newSweepQueue(w *sweep, store *points) *sweepQueue {
	q := &sweepQueue{sweep: w}
	for i, p := range w.points {
		if store.done[p.key] == nil {
			q.open = append(q.open, &openPoint{point: p, number: i + 1})
		}
	}
	q.of = len(q.open)
	return q
}

// next hands out so many runs, fewer only at the end. A point is loaded when its
// first run is; one that cannot be has none.
func (q *sweepQueue) next(most int) (turns []sweepTurn, jobs []fleet.Job) {
	for len(turns) < most && q.turn < len(q.open) {
		p := q.open[q.turn]
		if q.run == 0 && !p.load(q.sweep) {
			q.turn++
			continue
		}
		replication, variant := q.run/len(p.variants), q.run%len(p.variants)
		turns = append(turns, sweepTurn{p, variant})
		jobs = append(jobs, fleet.Job{
			Model: p.model, Variant: p.variants[variant], Seed: fleet.SeedOf(p.in.Simulation.Seed, replication),
		})
		if q.run++; q.run == p.runs(q.sweep) {
			q.turn, q.run = q.turn+1, 0
		}
	}
	return turns, jobs
}

// play the runs that were handed out; true if they were cut short.
func (q *sweepQueue) play(turns []sweepTurn, jobs []fleet.Job, o fleet.Options) (interrupted bool) {
	worth := 0.0
	for _, t := range turns {
		worth += 1 / float64(t.point.runs(q.sweep))
	}
	show := o.Progress
	o.Progress = func(share float64) { show((q.closed + share*worth) / float64(q.of)) }
	for i, run := range fleet.Play(jobs, o) {
		if run.Interrupted {
			interrupted = true // its point never has all its runs
			continue
		}
		turns[i].point.take(q.sweep, turns[i].variant, run)
	}
	q.closed += worth
	return interrupted
}

// keep the points that are played, in their order: none before those ahead of it,
// unless nothing more is played.
func (q *sweepQueue) keep(store *points, last bool) error {
	var open []*openPoint
	for _, p := range q.open {
		if p.found == nil || len(open) > 0 && !last {
			open = append(open, p)
			continue
		}
		if err := store.keep(p.key, p.found); err != nil {
			return err
		}
		q.turn-- // only points that were handed out are found
	}
	q.open = open
	return nil
}

// load the system of a point; false if it cannot be played.
func (p *openPoint) load(w *sweep) bool {
	var problem string
	if p.in, p.variants, p.model, problem = w.load(p.point); problem != "" {
		p.found = &report.SweepPoint{Problem: problem}
		return false
	}
	p.gists = make([][]report.Gist, len(p.variants))
	return true
}

// runs of the point in all.
func (p *openPoint) runs(w *sweep) int { return w.replications * len(p.variants) }

// take a run. The replications of a variant are taken in order.
func (p *openPoint) take(w *sweep, variant int, run *trace.Run) {
	p.gists[variant] = append(p.gists[variant], report.Summarize(p.in.Topology, run).Gist())
	if p.taken++; p.taken < p.runs(w) {
		return
	}
	p.found = &report.SweepPoint{}
	for i, v := range p.variants {
		p.found.Variants = append(p.found.Variants, report.NewSweepVariant(v.Name, p.gists[i], confidence))
	}
	p.in, p.model, p.gists = nil, nil, nil // they are large, and points are many
}
