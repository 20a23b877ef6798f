package report

import (
	"time"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/topology"
)

// Collapse is how often a system stayed down after everything that attacked it
// had ended. Such outcomes are of two kinds, up or down, and their mean is a
// world that never happens; so their share is told, with Wilson's interval.
type Collapse struct {
	Replications  int       `json:"replications"` // that collapsed
	Of            int       `json:"of"`
	Probability   Number    `json:"probability"`
	ProbabilityCI [2]Number `json:"probability_ci"`
}

// collapseTail is the end of a run that tells, and collapsed the availability in
// it that counts as down, as a share of the level before the fault.
const (
	collapseTail = time.Minute
	collapsed    = 0.5
)

// Collapsed tells whether a run ended down: in its last minute, at least a
// minute after the last fault, less than half of the requests were answered that
// would have been without it, or of all if the system was down before it, too.
// ok is false where the run cannot tell: its faults lasted to the end, or it
// asked nothing.
func (r *Result) Collapsed() (down, ok bool) {
	from := r.Time() - collapseTail
	if end := r.faultEnd(); from < 0 || end < 0 && len(r.Spans) > 1 || end > from {
		return false, false
	}
	all := &topology.Objective{}
	level := Number(1)
	if before := r.level(all); before >= collapsed && r.faultEnd() >= 0 {
		level = before // of a system that was down already it says nothing
	}
	now := r.atTheEnd()
	return now.Known() && now < collapsed*level, now.Known()
}

// newCollapse of n replications; nil if no run could tell.
func newCollapse(down, n int, confidence float64) *Collapse {
	if n == 0 {
		return nil
	}
	i := stat.Wilson(uint64(down), uint64(n), confidence)
	return &Collapse{down, n, Number(float64(down) / float64(n)), [2]Number{Number(i.Low), Number(i.High)}}
}
