// Package trace is the waist between what plays a system (the simulator, live
// mode) and everything that shows results. A Run says what happened: counters,
// histograms and time integrals per client and component, by phase and by
// window, and the notable events; records of single requests only as a sample.
//
// Reports, plots and verdicts read only this package.
package trace

import "time"

// Run is what one play of one scenario variant left behind. Times count from
// the end of the warm-up; what arrived in the warm-up is not in it.
type Run struct {
	Topology    string
	Scenario    string // "none", "lose-one", "gorilla[us-east-1a]", …
	Description string // of the scenario
	Engine      string // "requests"
	Seed        uint64
	Duration    time.Duration // what was played: shorter than asked if Interrupted
	Warmup      time.Duration
	Window      time.Duration
	Interrupted bool
	Played      uint64 // events of the engine, as a measure of work

	Zones      []Zone
	Clients    []*Client
	Components []*Component
	Spans      []Span // the phases, back to back, first at 0
	// Batches are where stretches of the run begin, back to back, first at 0: some
	// BatchesPerRun of whole windows each, and a new one where the fault phase
	// begins and ends. Of each, clients and components tell what happened in it.
	Batches  []time.Duration
	Events   []Event
	Causes   []Cause
	Warnings []string
	// Requests are a sample, if asked for, in the order of their starts. They are
	// not written as lines.
	Requests []Request
}

// BatchesPerRun is how many stretches of equal length a run is cut into at most;
// the faults may add three. It divides by 10, 15, 20 and 30.
const BatchesPerRun = 60

// BatchWindows is how many windows of a run make a batch.
func BatchWindows(duration, window time.Duration) int {
	if window <= 0 {
		return 1
	}
	windows := (duration + window - 1) / window
	return max(1, int((windows+BatchesPerRun-1)/BatchesPerRun))
}

// Windows is the number of (started) windows of the run.
func (r *Run) Windows() int {
	if r.Window <= 0 {
		return 0
	}
	return int((r.Duration + r.Window - 1) / r.Window)
}

// Phase tells in which part of a run something belongs.
type Phase uint8

// The phases. The language's "fault" is Undetected and Detected together:
// Undetected is its part until the callers' health checks have caught up.
const (
	Before Phase = iota
	Undetected
	Detected
	Recovery
	Phases // how many there are
)

// Span is a stretch of time in one phase; it ends where the next begins.
type Span struct {
	Start time.Duration
	Phase Phase
}

// Reason is why a request failed.
type Reason uint8

// The reasons of the language. Dependency means that a required call failed;
// the root cause is in Run.Causes.
const (
	None Reason = iota
	Timeout
	Refused
	Rejected
	Open
	Unavailable
	Error
	Malformed
	Dependency
	Reasons // how many there are
)

var reasonNames = [Reasons]string{"", "timeout", "refused", "rejected", "open", "unavailable", "error", "malformed", "dependency"}

func (r Reason) String() string { return reasonNames[r] }

// Outcomes counts requests by what became of them. They belong to the phase or
// window in which the (first) attempt was made.
type Outcomes struct {
	Requests uint64 // = OK + Degraded + failed + still in flight at the end
	Attempts uint64 // of clients: what they sent, retries included; of components = Requests
	OK       uint64
	Degraded uint64
	Failed   [Reasons]uint64
	// Latency of clients: first attempt to answer of ok and degraded requests.
	// Of components: arrival at the instance to reply, whatever the outcome.
	Latency Histogram
}

// FailedTotal sums Failed.
func (o *Outcomes) FailedTotal() uint64 {
	var n uint64
	for _, f := range o.Failed {
		n += f
	}
	return n
}

// InFlight is what had no outcome when the run ended.
func (o *Outcomes) InFlight() uint64 { return o.Requests - o.OK - o.Degraded - o.FailedTotal() }

// Add counts everything that other holds.
func (o *Outcomes) Add(other *Outcomes) {
	o.AddCounts(other)
	o.Latency.Add(&other.Latency)
}

// AddCounts is Add without the latencies.
func (o *Outcomes) AddCounts(other *Outcomes) {
	o.Requests += other.Requests
	o.Attempts += other.Attempts
	o.OK += other.OK
	o.Degraded += other.Degraded
	for i := range o.Failed {
		o.Failed[i] += other.Failed[i]
	}
}

// Client is what one traffic of the topology saw.
type Client struct {
	Name   string
	Phases [Phases]Outcomes
	// Answered counts ok and degraded answers by the phase in which they came;
	// divided by the phase's time it is the goodput.
	Answered [Phases]uint64
	Windows  ClientWindows
	// Batches has an entry per batch of the run, and counts by the moment: requests
	// when first made, outcomes when they came.
	Batches []Outcomes
}

// ClientWindows are columns with an entry per window. Counts belong to the
// window of the first attempt, except Answered and the percentiles, which
// belong to the moment of the answer.
type ClientWindows struct {
	Requests, Attempts, OK, Degraded, Failed, Answered []uint32
	P50, P99                                           []float64 // seconds; NaN where nothing was answered
}

// Component is what happened at one service, cache, …
// Its requests are the attempts sent to it, refused ones included.
type Component struct {
	Name   string
	Phases [Phases]Outcomes
	Wait   Histogram // time in the queue of the requests whose service began
	Use    [Phases]Use
	// Lookups of a cache; all zero elsewhere.
	Lookups [Phases]Lookups
	// QueueMax is the most that ever waited at one instance;
	// InServiceMin and Max count instances over the run.
	QueueMax                   int
	InServiceMin, InServiceMax int
	// Slots on one instance, as Concurrency in the language; -1 = unlimited.
	Slots int
	// HoldTime is how long a request kept its slot, seconds, as measured without
	// faults (own work and, if blocking, the waiting for its calls); NaN if never
	// measured.
	HoldTime float64
	Windows  ComponentWindows
	Batches  []ComponentBatch // as of a client
}

// ComponentBatch is what happened at a component in one batch of the run.
type ComponentBatch struct {
	Outcomes
	Use Use
}

// Use holds integrals over the time of one phase.
type Use struct {
	Time      float64 // s
	Busy      float64 // busy slots (with cores: busy cores) · s
	Slots     float64 // slots (with cores: cores) of living, started instances · s; 0 if unlimited
	Queue     float64 // waiting requests · s
	InSystem  float64 // requests at an instance, waiting, working or holding for their calls · s
	InService float64 // living, started instances · s
}

// Add sums two stretches of time.
func (u *Use) Add(other Use) {
	u.Time += other.Time
	u.Busy += other.Busy
	u.Slots += other.Slots
	u.Queue += other.Queue
	u.InSystem += other.InSystem
	u.InService += other.InService
}

// Lookups count what requests met in the nodes of a cache, by the moment at which
// they looked there; the last two, at which they were answered.
type Lookups struct {
	Hits   uint64
	Misses uint64 // not there, or expired; those that waited for somebody else's fetch too
	// Fetches are calls to what is behind the cache, each with its retries: as many as
	// misses, but for coalesced ones and, of look-aside caches, failures to answer.
	Fetches     uint64
	StaleServed uint64 // answers with what had expired, because the fetch failed
	StaleReads  uint64 // hits on what had been written since
}

// Add counts everything that other holds.
func (l *Lookups) Add(other Lookups) {
	l.Hits += other.Hits
	l.Misses += other.Misses
	l.Fetches += other.Fetches
	l.StaleServed += other.StaleServed
	l.StaleReads += other.StaleReads
}

// ComponentWindows are columns with an entry per window; NaN = not defined.
type ComponentWindows struct {
	Requests, OK, Degraded, Failed []uint32  // by the moment the attempt was made
	Utilization                    []float64 // 0..1
	Queue                          []float64 // mean of waiting requests, all instances
	InSystem                       []float64 // mean of requests at an instance, waiting, working or holding for their calls
	InService                      []float64 // mean of living, started instances
	Capacity                       []float64 // requests/s that those could serve
	P99                            []float64 // seconds, by the moment of the reply
	Hits, Misses                   []uint32  // of caches, by the moment of the lookup; else nil
}

// Zone is the view by zone, with an entry per window.
type Zone struct {
	Name      string
	InService []float64 // instances of all components, living and started
	// Capacity is in client requests/s: what the zone adds to the capacity of the
	// component that would saturate first, divided by that component's requests
	// per client request. Its sum over the zones is what the system can carry.
	Capacity []float64
	Demand   []float64 // client requests/s that arrived through this zone
}

// Event is a change worth telling: a fault, a death, a detection, a restart.
type Event struct {
	T      time.Duration
	Kind   string // gorilla, monkey, kill, detect, launch, in_service, …
	Object string // an instance, a zone, a component
	What   string // in plain words
}

// Cause counts client requests by the root of their failure or degradation.
type Cause struct {
	Component string
	Reason    Reason
	Fault     string // kind of the fault that was active; "" = none
	Failed    uint64
	Degraded  uint64
}
