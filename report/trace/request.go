package trace

import "time"

// Request is one request of a client that was kept whole, with every attempt that
// was made for it. Runs keep a sample of them, if asked to.
type Request struct {
	ID         uint64 // the same in every run with the same seed
	Client     string
	Start, End time.Duration // first attempt to outcome
	Result     string        // ok, degraded or the reason of the failure
	// What the failure or degradation goes back to; of others the component is
	// empty. The fault is as in Cause.
	Component string
	Root      Reason
	Fault     string
	// Like counts the requests of the run of which this one is an example: with the
	// same result, root and fault.
	Like uint64
	// Attempts in the order in which they were made, so that callers come before
	// what they call. Left counts those that were too many to be kept.
	Attempts []Attempt
	Left     int
}

// Attempt is one attempt at a call, or the making of a substitute for its answer.
// Moments count from the end of the warm-up; Never are those that did not come.
type Attempt struct {
	Parent    int // index of the attempt whose instance called; -1 = the client did
	Kind      AttemptKind
	Number    int    // of the retries of its call, from 1; 0 = none
	Component string // that is called
	Operation string // of it, if it has several
	Instance  string // empty if none was picked
	Zone      string // of the instance
	From      string // zone of the caller, or where the client came in; empty if it did not

	Sent    time.Duration // by the caller
	Arrived time.Duration // at the instance
	Started time.Duration // its own work there: it had a slot
	Replied time.Duration // the instance had done with it
	Ended   time.Duration // the caller had an outcome

	Result string // as the caller saw it; empty if it never did
	// Fate is what befell the attempt: its request or reply was lost, no answer came
	// from a lost instance, it died with its instance, there was no way in for a
	// client, or another attempt of the call overtook it. Empty as a rule.
	Fate  string
	Fault string // kind of the fault that met its instance or its messages
}

// Never is a moment that did not come.
const Never time.Duration = -1 << 63

// AttemptKind is why an attempt was made.
type AttemptKind uint8

// The kinds of attempts.
const (
	FirstAttempt AttemptKind = iota
	Retry
	Hedge
	Fallback // no attempt, but a substitute made by the caller
)

func (k AttemptKind) String() string {
	return [...]string{"first", "retry", "hedge", "fallback"}[k]
}

// Sampling asks a run to keep some requests whole.
type Sampling struct {
	Of   Sampled
	Most int // requests kept; 0 = none
}

// Sampled is which requests may be kept.
type Sampled uint8

// What can be sampled. Of all but Slow, one request for every distinct cause comes
// first, that of most requests before the others; the rest is drawn uniformly. Slow
// are the slowest of those that were answered.
const (
	Any Sampled = iota
	Failed
	Degraded
	Slow
)
