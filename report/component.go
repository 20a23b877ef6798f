package report

import "github.com/silverback-sim/silverback/report/trace"

// Component is what happened at one service, over the run and by phase.
type Component struct {
	ComponentFigures
	Phases ComponentPhases `json:"phases"`
}

// ComponentPhases are the figures of the parts of a run.
type ComponentPhases struct {
	Before   ComponentFigures `json:"before"`
	Fault    ComponentFault   `json:"fault"`
	Recovery ComponentFigures `json:"recovery"`
}

// ComponentFault is the phase of the faults, with its part until the callers'
// health checks have caught up.
type ComponentFault struct {
	ComponentFigures
	Undetected ComponentFigures `json:"undetected"`
}

// ComponentFigures count the attempts sent to a component, refused ones
// included. Extremes and the wait are measured over a whole run only, so they
// are unknown within a phase.
type ComponentFigures struct {
	Requests     Number        `json:"requests"`
	OK           Number        `json:"ok"`
	Degraded     Number        `json:"degraded"`
	Failed       Named[Number] `json:"failed"`
	Availability Number        `json:"availability"` // 0..1
	Utilization  Number        `json:"utilization"`  // busy slots (or cores) over those in service, 0..1
	InService    Extent        `json:"in_service"`   // living, started instances
	Queue        Peak          `json:"queue"`        // waiting requests: mean of all instances, most at one
	Wait         Quantiles     `json:"wait"`         // s in the queue
	Latency      Quantiles     `json:"latency"`      // s from arrival at the instance to the reply
	HitRatio     Number        `json:"hit_ratio"`    // of caches: hits over lookups, 0..1
	Fetches      Number        `json:"fetches"`      // of caches: calls to what is behind
	StaleServed  Number        `json:"stale_served"` // of caches: answers with what had expired
	StaleReads   Number        `json:"stale_reads"`  // of stores
	LostWrites   Number        `json:"lost_writes"`  // of stores
}

// Extent is a figure over time with its extremes.
type Extent struct {
	Mean Number `json:"mean"`
	Min  Number `json:"min"`
	Max  Number `json:"max"`
}

// Peak is a figure over time with its highest value.
type Peak struct {
	Mean Number `json:"mean"`
	Max  Number `json:"max"`
}

// FailedTotal sums Failed.
func (f *ComponentFigures) FailedTotal() Number {
	var n Number
	for _, e := range f.Failed {
		n += e.Value
	}
	return n
}

// summarizeComponent computes the figures of c.
func summarizeComponent(c *trace.Component) *Component {
	figures := func(phases ...trace.Phase) ComponentFigures {
		var sum trace.Outcomes
		var use trace.Use
		var looked trace.Lookups
		for _, p := range phases {
			sum.Add(&c.Phases[p])
			use.Add(c.Use[p])
			looked.Add(c.Lookups[p])
		}
		f := ComponentFigures{
			Requests:     Number(sum.Requests),
			OK:           Number(sum.OK),
			Degraded:     Number(sum.Degraded),
			Failed:       failures(&sum),
			Availability: availability(&sum),
			Utilization:  quotient(use.Busy, use.Slots),
			InService:    Extent{Mean: quotient(use.InService, use.Time), Min: unknown(), Max: unknown()},
			Queue:        Peak{Mean: quotient(use.Queue, use.Time), Max: unknown()},
			Wait:         noQuantiles(),
			Latency:      quantiles(&sum.Latency),
			HitRatio:     unknown(),
			Fetches:      unknown(),
			StaleServed:  unknown(),
		}
		if c.Windows.Hits != nil { // a cache
			f.HitRatio = quotient(float64(looked.Hits), float64(looked.Hits+looked.Misses))
			f.Fetches, f.StaleServed, f.StaleReads = Number(looked.Fetches), Number(looked.StaleServed), Number(looked.StaleReads)
		}
		return f
	}
	total := figures(trace.Before, trace.Undetected, trace.Detected, trace.Recovery)
	total.Wait = quantiles(&c.Wait)
	if total.InService.Mean.Known() {
		total.InService.Min = Number(c.InServiceMin)
		total.InService.Max = Number(c.InServiceMax)
		total.Queue.Max = Number(c.QueueMax)
	}
	return &Component{
		ComponentFigures: total,
		Phases: ComponentPhases{
			Before:   figures(trace.Before),
			Fault:    ComponentFault{figures(trace.Undetected, trace.Detected), figures(trace.Undetected)},
			Recovery: figures(trace.Recovery),
		},
	}
}
