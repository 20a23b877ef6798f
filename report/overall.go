package report

import "github.com/silverback-sim/silverback/report/trace"

// Overall sums up the clients of a run.
type Overall struct {
	Requests     Number
	Failed       Number
	Availability Number // 0..1
	During       Number // availability of the fault phase
	P99          Number // s, of the slowest client
	P99During    Number // s, of the slowest client in the fault phase
}

// Overall sums up the clients of r; percentiles, which do not add up, are those
// of the slowest client.
func (r *Result) Overall() Overall {
	o := Overall{P99: unknown(), P99During: unknown()}
	var good, faultGood, faultBad float64
	for _, e := range r.Clients {
		c, f := e.Value, &e.Value.Phases.Fault
		o.Requests += c.Requests
		o.Failed += c.FailedTotal()
		good += float64(c.OK + c.Degraded)
		faultGood += float64(f.OK + f.Degraded)
		faultBad += float64(f.FailedTotal())
		o.P99 = greater(o.P99, c.Latency.P99)
		o.P99During = greater(o.P99During, f.Latency.P99)
	}
	o.Availability = quotient(good, good+float64(o.Failed))
	o.During = quotient(faultGood, faultGood+faultBad)
	return o
}

// Judged is the availability by which a run is judged: of its fault or, without
// one, of the whole.
func (o Overall) Judged() Number {
	if o.During.Known() {
		return o.During
	}
	return o.Availability
}

// greater of two figures, of which one may be unknown.
func greater(a, b Number) Number {
	if !a.Known() || b > a {
		return b
	}
	return a
}

// Hardest are the phases by which a run is judged: its fault if there is one,
// told in words, or else all (nil) without words.
func (r *Result) Hardest() (phases []trace.Phase, words string) {
	for _, s := range r.Spans {
		if s.Phase == trace.Undetected || s.Phase == trace.Detected {
			return []trace.Phase{trace.Undetected, trace.Detected}, "during the fault"
		}
	}
	return nil, ""
}
