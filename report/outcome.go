package report

import "github.com/silverback-sim/silverback/report/trace"

// Quantiles describe how long something took, in seconds.
type Quantiles struct {
	Mean Number `json:"mean"`
	P50  Number `json:"p50"`
	P90  Number `json:"p90"`
	P95  Number `json:"p95"`
	P99  Number `json:"p99"`
	P999 Number `json:"p999"`
	Max  Number `json:"max"`
}

// quantiles of h, all unknown where it is empty.
func quantiles(h *trace.Histogram) Quantiles {
	q := Quantiles{
		Mean: Number(h.Mean()),
		P50:  Number(h.Quantile(0.5)),
		P90:  Number(h.Quantile(0.9)),
		P95:  Number(h.Quantile(0.95)),
		P99:  Number(h.Quantile(0.99)),
		P999: Number(h.Quantile(0.999)),
		Max:  unknown(),
	}
	if h.Count > 0 {
		q.Max = Number(float64(h.Max) / 1e9)
	}
	return q
}

// noQuantiles is what is said of a time that nobody measured.
func noQuantiles() Quantiles { return quantiles(new(trace.Histogram)) }

// failures maps the reasons that occurred to their counts, in the order of the
// language.
func failures(o *trace.Outcomes) Named[Number] {
	var failed Named[Number]
	for reason, n := range o.Failed {
		if n > 0 {
			failed = append(failed, Entry[Number]{Name: trace.Reason(reason).String(), Value: Number(n)})
		}
	}
	return failed
}

// availability is (ok + degraded) / all that had an outcome.
func availability(o *trace.Outcomes) Number {
	good := float64(o.OK + o.Degraded)
	return quotient(good, good+float64(o.FailedTotal()))
}

// strictAvailability counts ok answers only.
func strictAvailability(o *trace.Outcomes) Number {
	return quotient(float64(o.OK), float64(o.OK+o.Degraded+o.FailedTotal()))
}
