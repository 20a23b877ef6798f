package report

import "github.com/silverback-sim/silverback/report/trace"

// Client is what one traffic saw, over the run and by phase.
type Client struct {
	ClientFigures
	Phases ClientPhases `json:"phases"`
}

// ClientPhases are the figures of the parts of a run.
type ClientPhases struct {
	Before   ClientFigures `json:"before"`
	Fault    ClientFault   `json:"fault"`
	Recovery ClientFigures `json:"recovery"`
}

// ClientFault is the phase of the faults, with its part until the callers'
// health checks have caught up.
type ClientFault struct {
	ClientFigures
	Undetected ClientFigures `json:"undetected"`
}

// ClientFigures count logical requests: one with its retries is one. They belong
// to the moment of the first attempt, Goodput to that of the answer.
type ClientFigures struct {
	Requests           Number        `json:"requests"`
	Attempts           Number        `json:"attempts"` // sent, retries included
	OK                 Number        `json:"ok"`
	Degraded           Number        `json:"degraded"`
	Failed             Named[Number] `json:"failed"`
	InFlight           Number        `json:"in_flight"`    // at the end, outside availability
	Availability       Number        `json:"availability"` // 0..1
	StrictAvailability Number        `json:"strict_availability"`
	Goodput            Number        `json:"goodput"` // ok and degraded answers per second
	Latency            Quantiles     `json:"latency"` // s, of ok and degraded requests
}

// FailedTotal sums Failed.
func (f *ClientFigures) FailedTotal() Number {
	var n Number
	for _, e := range f.Failed {
		n += e.Value
	}
	return n
}

// summarizeClient computes the figures of c; times is the length of each phase.
func summarizeClient(c *trace.Client, times [trace.Phases]float64) *Client {
	figures := func(phases ...trace.Phase) ClientFigures {
		var sum trace.Outcomes
		var answered uint64
		var time float64
		for _, p := range phases {
			sum.Add(&c.Phases[p])
			answered += c.Answered[p]
			time += times[p]
		}
		return ClientFigures{
			Requests:           Number(sum.Requests),
			Attempts:           Number(sum.Attempts),
			OK:                 Number(sum.OK),
			Degraded:           Number(sum.Degraded),
			Failed:             failures(&sum),
			InFlight:           Number(sum.InFlight()),
			Availability:       availability(&sum),
			StrictAvailability: strictAvailability(&sum),
			Goodput:            quotient(float64(answered), time),
			Latency:            quantiles(&sum.Latency),
		}
	}
	return &Client{
		ClientFigures: figures(trace.Before, trace.Undetected, trace.Detected, trace.Recovery),
		Phases: ClientPhases{
			Before:   figures(trace.Before),
			Fault:    ClientFault{figures(trace.Undetected, trace.Detected), figures(trace.Undetected)},
			Recovery: figures(trace.Recovery),
		},
	}
}
