package report

import "github.com/silverback-sim/silverback/report/trace"

// Gist is what designs are compared by: one run in a few figures. What says
// "judged" is of the fault or, in a run without one, of the whole run.
type Gist struct {
	Availability Number        // of the whole run, 0..1
	During       Number        // of the fault, 0..1; unknown without one
	Mean         Number        // latency, s, of all clients; judged
	P99          Number        // latency, s, of the slowest client; judged
	Failed       Number        // requests
	Instances    Number        // in service, of all components, mean
	Spare        Number        // capacity left over the demand, at the tightest window; judged
	Utilization  Named[Number] // of the components, 0..1; judged
	Bottleneck   string        // component that was loaded most; judged; "" if unknown
	Down         bool          // it stayed down after the fault (see Collapsed)
	Told         bool          // whether Down can be said
}

// Gist of one run.
func (r *Result) Gist() Gist {
	all := r.Overall()
	phases, words := r.Hardest()
	fault := words != ""
	g := Gist{
		Availability: all.Availability, During: all.During, Mean: r.meanLatency(fault), P99: all.P99,
		Failed: all.Failed, Spare: r.Headroom(phases...).Left,
	}
	if fault {
		g.P99 = all.P99During
	}
	for _, e := range r.Components {
		c := &e.Value.ComponentFigures
		if c.InService.Mean.Known() {
			g.Instances += c.InService.Mean
		}
		if fault {
			c = &e.Value.Phases.Fault.ComponentFigures
		}
		g.Utilization = append(g.Utilization, Entry[Number]{e.Name, c.Utilization})
	}
	if most, ok := r.Bottleneck(phases...); ok {
		g.Bottleneck = most.Component
	}
	g.Down, g.Told = r.Collapsed()
	return g
}

// Judged is the availability by which a run is judged.
func (g *Gist) Judged() Number {
	if g.During.Known() {
		return g.During
	}
	return g.Availability
}

// meanLatency of the answers to all clients.
func (r *Result) meanLatency(fault bool) Number {
	var sum, n float64
	for _, e := range r.Clients {
		f := &e.Value.ClientFigures
		if fault {
			f = &e.Value.Phases.Fault.ClientFigures
		}
		if f.Latency.Mean.Known() {
			answered := float64(f.OK + f.Degraded)
			sum += float64(f.Latency.Mean) * answered
			n += answered
		}
	}
	return quotient(sum, n)
}

// hasFault tells whether a run has a fault by which it is judged.
func hasFault(spans []trace.Span) bool {
	for _, s := range spans {
		if s.Phase == trace.Undetected || s.Phase == trace.Detected {
			return true
		}
	}
	return false
}

// mostNamed is the bottleneck of most of the runs, the first of several.
func mostNamed(gists []Gist) string {
	votes := map[string]int{}
	best := ""
	for _, g := range gists {
		if g.Bottleneck != "" {
			votes[g.Bottleneck]++
		}
	}
	for _, g := range gists {
		if votes[g.Bottleneck] > votes[best] {
			best = g.Bottleneck
		}
	}
	return best
}
