package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// Warning is a doubt about a result. Rule names its kind, Object the client or
// component it is about (empty for the run).
type Warning struct {
	Rule   string `json:"rule"`
	Object string `json:"object"`
	Text   string `json:"text"`
}

// The rules of the warnings.
const (
	WarnEngine          = "engine"           // said by what played the run
	WarnInterrupted     = "interrupted"      // the run is shorter than asked
	WarnNoRequests      = "no-requests"      // a client sent nothing
	WarnNoInstance      = "no-instance"      // a component never had an instance in service
	WarnSaturated       = "saturated"        // a component was asked for more than it can do
	WarnNotRecovered    = "not-recovered"    // a client was still worse off when the run ended
	WarnFewSamples      = "few-samples"      // a quantile rests on too few answers
	WarnFaultBeyondEnd  = "fault-beyond-end" // a fault would have begun after the end
	WarnCapacityUnknown = "capacity-unknown" // no request was served from which to measure it
)

// saturation is the share of busy slots, over a whole phase, from which a
// component counts as saturated.
const saturation = 0.99

// warnings lists the doubts about r, the run's own first.
func warnings(t *topology.Topology, run *trace.Run, r *Result) []Warning {
	list := []Warning{}
	for _, text := range run.Warnings {
		list = append(list, Warning{WarnEngine, "", text})
	}
	if run.Interrupted {
		list = append(list, Warning{WarnInterrupted, "", fmt.Sprintf("stopped after %s: the figures are those of a shorter run", FormatTime(run.Duration))})
	}
	list = append(list, lateFaults(t, run)...)
	for i, c := range run.Clients {
		list = append(list, clientWarnings(c)...)
		list = append(list, r.notRecovered(c.Name, r.Clients[i].Value)...)
	}
	for i, c := range run.Components {
		list = append(list, componentWarnings(c, r, &r.Components[i].Value.Phases)...)
	}
	return list
}

// lateFaults are the faults of the run's scenario that begin after its end.
func lateFaults(t *topology.Topology, run *trace.Run) []Warning {
	var list []Warning
	name, _, _ := strings.Cut(run.Scenario, "[")
	for _, s := range t.Scenarios {
		if s.Name != name {
			continue
		}
		for _, f := range s.Faults {
			if f.At >= run.Duration {
				list = append(list, Warning{WarnFaultBeyondEnd, f.Kind(), fmt.Sprintf(
					"the %s at %s never happened: the run ended at %s", f.Kind(), FormatTime(f.At), FormatTime(run.Duration))})
			}
		}
	}
	return list
}

func clientWarnings(c *trace.Client) []Warning {
	var sum trace.Outcomes
	for i := range c.Phases {
		sum.Add(&c.Phases[i])
	}
	if sum.Requests == 0 {
		return []Warning{{WarnNoRequests, c.Name, c.Name + " sent no requests: nothing can be said of its availability"}}
	}
	switch n := sum.Latency.Count; {
	case n == 0:
		return nil
	case n < 100:
		return []Warning{{WarnFewSamples, c.Name, fmt.Sprintf("only %d answers to %s: p99 and p99.9 say little", n, c.Name)}}
	case n < 1000:
		return []Warning{{WarnFewSamples, c.Name, fmt.Sprintf("only %d answers to %s: p99.9 says little", n, c.Name)}}
	}
	return nil
}

// relapse is how far below its level before the fault an availability may stay
// before the client counts as not recovered; one point.
const relapse = 0.01

// notRecovered compares the last minute with the time before the fault.
func (r *Result) notRecovered(name string, c *Client) []Warning {
	recovery := r.windows(trace.Recovery)
	series, ok := r.Series.Clients.Get(name)
	if !ok || !c.Phases.Recovery.Availability.Known() {
		return nil
	}
	var good, all float64
	for _, i := range recovery {
		if r.Series.T[i] >= float64(r.Duration)-60 {
			answered := at(series.OK, i) + at(series.Degraded, i)
			good += answered
			all += answered + at(series.Failed, i)
		}
	}
	now, before := quotient(good, all), c.Phases.Before.Availability
	if !now.Known() || !before.Known() || now >= before-relapse {
		return nil
	}
	return []Warning{{WarnNotRecovered, name, fmt.Sprintf("%s did not recover: %s available at the end of the run, %s before the fault",
		name, FormatShare(float64(now)), FormatShare(float64(before)))}}
}

func componentWarnings(c *trace.Component, r *Result, phases *ComponentPhases) []Warning {
	if c.InServiceMax == 0 {
		return []Warning{{WarnNoInstance, c.Name, c.Name + " had no instance in service in any zone"}}
	}
	var list []Warning
	for _, p := range []struct {
		words  string
		busy   Number
		phases []trace.Phase
	}{
		{"before the faults", phases.Before.Utilization, []trace.Phase{trace.Before}},
		{"during the fault", phases.Fault.Utilization, []trace.Phase{trace.Undetected, trace.Detected}},
		{"in the recovery", phases.Recovery.Utilization, []trace.Phase{trace.Recovery}},
	} {
		words := p.words
		if p.phases[0] == trace.Before && !phases.Fault.InService.Mean.Known() {
			words = "all the time"
		}
		if p.busy >= saturation {
			list = append(list, Warning{WarnSaturated, c.Name, fmt.Sprintf(
				"%s was saturated %s: %s of its slots were busy", c.Name, words, FormatShare(float64(p.busy)))})
		} else if from, to, ok := r.growingQueue(c, p.phases); ok {
			list = append(list, Warning{WarnSaturated, c.Name, fmt.Sprintf(
				"the queue of %s kept growing %s, from %s to %s requests: its figures depend on how long the run was",
				c.Name, words, FormatCount(from), FormatCount(to))})
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
func (r *Result) growingQueue(c *trace.Component, phases []trace.Phase) (from, to float64, growing bool) {
	windows := r.windows(phases...)
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
