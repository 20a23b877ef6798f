package report

import (
	"fmt"
	"math"

	"github.com/silverback-sim/silverback/report/trace"
)

// saturation is the share of busy slots, over a whole phase, from which a
// component counts as saturated.
const saturation = 0.99

// stretch is a part of a run in words, with its windows.
type stretch struct {
	words   string
	windows []int
	busy    func(*ComponentPhases) Number
}

// stretches are the parts of a run in which a component may be saturated.
func (r *Result) stretches() []stretch {
	before := "before the faults"
	if _, fault := r.Hardest(); fault == "" {
		before = "all the time"
	}
	return []stretch{
		{before, r.windows(trace.Before), func(p *ComponentPhases) Number { return p.Before.Utilization }},
		{"during the fault", r.windows(trace.Undetected, trace.Detected), func(p *ComponentPhases) Number { return p.Fault.Utilization }},
		{"in the recovery", r.windows(trace.Recovery), func(p *ComponentPhases) Number { return p.Recovery.Utilization }},
	}
}

func componentWarnings(c *trace.Component, phases *ComponentPhases, stretches []stretch) []Warning {
	if c.InServiceMax == 0 {
		return []Warning{{WarnNoInstance, c.Name, c.Name + " had no instance in service in any zone"}}
	}
	var list []Warning
	for _, s := range stretches {
		if busy := s.busy(phases); busy >= saturation {
			list = append(list, Warning{WarnSaturated, c.Name, fmt.Sprintf(
				"%s was saturated %s: %s of its slots were busy", c.Name, s.words, FormatPercent(float64(busy)))})
		} else if from, to, ok := growingQueue(c, s.windows); ok {
			list = append(list, Warning{WarnSaturated, c.Name, fmt.Sprintf(
				"the queue of %s kept growing %s, from %s to %s requests: its figures depend on how long the run was",
				c.Name, s.words, FormatCount(from), FormatCount(to))})
		}
	}
	if n := requests(c); n > 0 && c.Slots >= 0 && math.IsNaN(c.HoldTime) {
		list = append(list, Warning{WarnCapacityUnknown, c.Name, "the capacity of " + c.Name + " could not be measured: nothing was served there without a fault"})
	}
	return list
}

// growingQueue compares the queue's means over the thirds of a stretch of time.
// A queue that keeps growing by half, and exceeds the slots in service, is on
// its way to its limit.
func growingQueue(c *trace.Component, windows []int) (from, to float64, growing bool) {
	third := len(windows) / 3
	if third < 3 {
		return 0, 0, false
	}
	queue := Column(c.Windows.Queue)
	first, middle, last := mean(queue, windows[:third]), mean(queue, windows[third:2*third]), mean(queue, windows[2*third:])
	slots := mean(c.Windows.InService, windows) * Number(max(c.Slots, 1))
	growing = middle > 1.5*first && last > 1.5*middle && last > slots
	return float64(first), float64(last), growing
}

func requests(c *trace.Component) uint64 {
	var n uint64
	for i := range c.Phases {
		n += c.Phases[i].Requests
	}
	return n
}
