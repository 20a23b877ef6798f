package report

import (
	"fmt"

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
	WarnNoInterval      = "no-interval"      // one run does not say how sure its figures are
	WarnTwoWorlds       = "two-worlds"       // some replications collapsed and some did not
)

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
	stretches := r.stretches()
	for i, c := range run.Components {
		list = append(list, componentWarnings(c, &r.Components[i].Value.Phases, stretches)...)
	}
	return list
}

// lateFaults are the faults of the run's scenario that begin after its end.
func lateFaults(t *topology.Topology, run *trace.Run) []Warning {
	var list []Warning
	for _, f := range faultsOf(t, run) {
		if f.At >= run.Duration {
			list = append(list, Warning{WarnFaultBeyondEnd, f.Kind(), fmt.Sprintf(
				"the %s at %s never happened: the run ended at %s", f.Kind(), FormatTime(f.At), FormatTime(run.Duration))})
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
