package policy

// throttleWindow is how far back a throttle looks (the source below: two minutes).
const throttleWindow = 120_000_000_000

// Throttle rejects a caller's requests before they are sent, so that a backend that
// accepts few of them is not kept busy rejecting the rest (Google, "Site
// Reliability Engineering" 2016, ch. 21, "Client-Side Throttling", eq. 21-1). The
// two minutes slide in parts of 12 s. In the steady state it sends k times what
// the backend accepts, if more is asked. The zero value has seen nothing.
type Throttle struct {
	seen window // a: requests, rejected here or not; b: accepts
}

// Reject decides about one request and counts it, given a random word. If it is
// not rejected, Done follows when it is answered.
func (t *Throttle) Reject(k float64, now int64, random uint64) bool {
	t.seen.slide(throttleWindow, now)
	requests, accepts := float64(t.seen.sum.a), float64(t.seen.sum.b)
	t.seen.add(throttleWindow, now, pair{a: 1})
	return share(random) < (requests-float64(k*accepts))/(requests+1)
}

// Done tells whether the backend accepted a request: it did if it worked on it,
// and did not if it turned it away.
func (t *Throttle) Done(now int64, accepted bool) {
	if accepted {
		t.seen.add(throttleWindow, now, pair{b: 1})
	}
}
