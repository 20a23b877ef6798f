package sim

import (
	"fmt"

	"github.com/silverback-sim/silverback/sim/policy"
)

// breakerLog is what the event log is told of the breakers of one edge: when the
// first of them opens, and when all are closed again.
type breakerLog struct {
	open   int // breakers that are not closed
	opened int // openings since all were closed
	told   int // times that it was told
}

// breakersTold is how often at most one edge's breakers are told of in a run.
const breakersTold = 10

// noteBreaker: a breaker of an edge has changed its state.
func (w *World) noteBreaker(m *guardModel, was, is policy.BreakerState) {
	l := &w.breakers[m.index]
	if is == policy.Open {
		l.opened++
	}
	if was == policy.Closed {
		if l.open++; l.open == 1 && l.told < breakersTold {
			w.log("breaker", m.name, "the first breaker opens")
		}
	}
	if is != policy.Closed {
		return
	}
	if l.open--; l.open == 0 {
		if l.told++; l.told <= breakersTold {
			what := "no breaker is open any more, opened " + times(l.opened)
			if l.told == breakersTold {
				what += "; further openings are not told"
			}
			w.log("breaker", m.name, what)
		}
		l.opened = 0
	}
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
