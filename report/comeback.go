package report

import (
	"fmt"
	"time"

	"github.com/silverback-sim/silverback/topology"
)

// Comeback is the load at which a system that stayed down after its faults would
// have come back: the most of those that were tried, from the end of the last fault
// on. Such a state, which outlives its trigger and needs the load to fall far below
// what was fine before, is metastable (Bronson et al., "Metastable failures in
// distributed systems", HotOS 2021).
type Comeback struct {
	Share Number `json:"share"` // of the load; 0 = it did not come back at any that was tried
	Rate  Number `json:"rate"`  // client requests/s
	Runs  int    `json:"runs"`  // that it took to find out
	Least Number `json:"least"` // share of the load that was tried
}

// CameBack tells whether, in its last minute, a run answered its clients nearly as
// well as before its faults.
func (r *Result) CameBack() bool {
	now, before := r.atTheEnd(), r.level(&topology.Objective{})
	return now.Known() && before.Known() && now >= before-relapse
}

// FaultsOver is when the last fault of a run was over; ok is false if there was
// none, or not until the end.
func (r *Result) FaultsOver() (at time.Duration, ok bool) { return r.faultsOver, r.faultsOver > 0 }

// atTheEnd is the availability of the last minute.
func (r *Result) atTheEnd() Number {
	var good, asked float64
	for i, t := range r.Series.T {
		if seconds(Number(t)) < r.Time()-collapseTail {
			continue
		}
		for _, c := range r.Series.Clients {
			answered := at(c.Value.OK, i) + at(c.Value.Degraded, i)
			good += answered
			asked += answered + at(c.Value.Failed, i)
		}
	}
	return quotient(good, asked)
}

// Worst lists of every scenario the variant in which users suffered most.
func Worst(runs []*Result) []*Result {
	var worst []*Result
	for _, t := range worstOfEach(runs) {
		worst = append(worst, t.worst)
	}
	return worst
}

// staysDown says in a sentence that the system outlived its trigger and did not
// come back, and what would have brought it back; empty if it did.
func (r *Result) staysDown() string {
	end, over := r.FaultsOver()
	text := ""
	switch down, ok := r.Collapsed(); {
	case r.Collapse != nil && r.Collapse.Replications > 0:
		c := r.Collapse
		text = fmt.Sprintf("%d of %d replications stayed down after the fault: %s (%s to %s)", c.Replications, c.Of,
			FormatPercent(float64(c.Probability)), FormatPercent(float64(c.ProbabilityCI[0])), FormatPercent(float64(c.ProbabilityCI[1])))
	case r.Replications == 1 && down && ok && over:
		text = fmt.Sprintf("the last fault ended at %s, but the system stays down: %s of the last minute's requests are answered, %s were before",
			FormatTime(end), FormatShare(float64(r.atTheEnd())), FormatShare(float64(r.level(&topology.Objective{}))))
	default:
		return ""
	}
	switch c := r.Comeback; {
	case c == nil:
	case c.Share == 0:
		text += fmt.Sprintf("; not even at %s of the load does it come back", FormatPercent(float64(c.Least)))
	default:
		text += fmt.Sprintf("; it comes back if the load falls to %s of itself, %s", FormatPercent(float64(c.Share)), FormatRate(float64(c.Rate)))
	}
	return text
}
