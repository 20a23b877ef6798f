package main

import (
	"fmt"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/sim/fleet"
)

// playSweep plays the points that are not in the store, with a progress bar and
// until ^C, and returns all that there are, in their order. The runs of several
// points are played side by side, so that points of few runs leave no core idle;
// points are kept in their order. What ^C cut short is not kept.
func (s *streams) playSweep(w *sweep, store *points) (played []*report.SweepPoint, interrupted bool, err error) {
	asked, unwatch := watchInterrupts()
	defer unwatch()
	show, describe, end := s.newProgress("sweeping")
	defer end()
	q := newSweepQueue(w, store)
	for len(q.open) > 0 && !interrupted {
		turns, jobs := q.next(fleet.Batch(0, 1))
		if len(turns) > 0 {
			describe(fmt.Sprintf("point %d of %d", turns[0].point.number, len(w.points)))
			interrupted = q.play(turns, jobs, fleet.Options{Stop: asked, Progress: show}) || asked()
		}
		if err := q.keep(store, interrupted); err != nil {
			return nil, false, err
		}
	}
	interrupted = len(q.open) > 0
	for _, p := range w.points {
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
