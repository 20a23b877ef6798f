package policy

// HealthCheck is how a caller's side learns that an instance died or came back:
// probes at phase + k·Interval, and a number of them in a row with the same
// answer. All times in ns.
type HealthCheck struct {
	Interval       int64
	Timeout        int64 // a failing probe is known to fail this much later
	UnhealthyAfter int
	HealthyAfter   int
}

// SeesDeath is when an instance that dies at `died` is taken out of rotation:
// (n−1)·interval to n·interval later, depending on its phase.
func (h *HealthCheck) SeesDeath(died, phase int64) int64 {
	return h.firstProbe(died, phase) + int64(h.UnhealthyAfter-1)*h.Interval + h.Timeout
}

// SeesReturn is when an instance that is up again at `up` is taken back.
func (h *HealthCheck) SeesReturn(up, phase int64) int64 {
	return h.firstProbe(up, phase) + int64(h.HealthyAfter-1)*h.Interval
}

// firstProbe is the first one not before t.
func (h *HealthCheck) firstProbe(t, phase int64) int64 {
	since := t - phase
	k := since / h.Interval
	if k*h.Interval < since {
		k++
	}
	return phase + k*h.Interval
}
