package topology

import "time"

// Call is one edge of the call graph. Traffic uses it too: a client is a caller.
// Around one call the order is cache, throttle, breaker, bulkhead, attempt (hedge,
// timeout), retries, fallback, optional.
type Call struct {
	Pos            Pos
	To             Target
	Probability    float64 // 0..1
	Times          int     // how often it is made: one after the other, or all at once if Parallel
	Parallel       bool    // written in a list inside the list of calls
	Timeout        time.Duration
	TimeoutWritten bool // false: the default of 30 s
	Retries        Retries
	Breaker        *Breaker  // nil = none
	Bulkhead       int       // most attempts in flight per calling instance; 0 = no bound
	Hedge          *Hedge    // nil = none
	Throttle       *Throttle // nil = none
	Optional       bool
	Fallback       *Distribution // nil = none
	// Cache is a call to the look-aside cache that is asked first: a hit makes the
	// call needless, a miss is stored there with the answer. Reads only: a write
	// goes past it. Of it, only To and the timeout are written. nil = none.
	Cache *Call
}

// Target names an operation of a component; both are indices, so that no
// reader resolves names again.
type Target struct {
	Service   int // index of the component: of Topology.Services, or past them (Topology.Component)
	Operation int // index into a service's Operations; of a store AnyOperation, ReadOperation or WriteOperation
}

// Retries of one call. Max 0 = none.
type Retries struct {
	Max     int
	Initial time.Duration // first backoff; 0 = at once
	Factor  float64
	Cap     time.Duration // longest backoff; 0 = no bound
	Jitter  Jitter
	On      Reasons // what is tried again
	// Budgeted: every first attempt adds Budget tokens to a bucket of the calling
	// instance, and every retry takes one.
	Budgeted bool
	Budget   float64 // 0..1
}

// Breaker is a circuit breaker of one calling instance (Nygard, Release It!):
// open for OpenFor once ErrorRate of MinRequests attempts or more within Window
// failed; then half open, and closed again after so many good probes.
type Breaker struct {
	Window      time.Duration // over 0
	MinRequests int           // at least 1
	ErrorRate   float64       // over 0, to 1
	OpenFor     time.Duration // over 0
	Probes      int           // at least 1
}

// Hedge makes up to Max further attempts, one each time that After, or the
// observed percentile of the latency, has passed without an answer; the first
// good answer wins (Dean and Barroso, The Tail at Scale, 2013).
type Hedge struct {
	After      time.Duration // over 0, or 0 if Percentile is set
	Percentile float64       // 0.5..0.99, whole percents, or 0 if After is set
	Max        int           // at least 1
}

// Throttle rejects attempts at the caller with probability
// max(0, (requests - K·accepts) / (requests + 1)) over two minutes (Beyer et al.,
// Site Reliability Engineering, chapter 21).
type Throttle struct {
	K float64 // at least 1
}

// Reasons is a set of reasons of failure, as a caller sees them: what failed by
// a dependency of its own is an error to it.
type Reasons uint8

// The reasons of the language.
const (
	Timeout Reasons = 1 << iota
	Refused
	Rejected
	Open
	Unavailable
	Failed // `error`
	Malformed
)

// DefaultRetryOn is what is tried again where `on` is not written.
const DefaultRetryOn = Timeout | Refused | Rejected | Unavailable | Failed

// Has tells whether all of other are in the set.
func (r Reasons) Has(other Reasons) bool { return r&other == other }
