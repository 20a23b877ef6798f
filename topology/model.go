// Package topology is silverback's language: it parses, validates and formats
// topologies, scenarios and objectives written in YAML (docs/reference/language.md).
//
// What comes out of Load is complete: every default is filled in, every name is
// resolved and every quantity is in its Go type, so that no other package looks
// at YAML or repeats a default.
package topology

import "time"

// Pos is a place in an input file, 1-based. A zero Line means "nowhere": the
// value is a default.
type Pos struct {
	File string
	Line int
	Col  int
}

// Topology is one checked system with its traffic, scenarios and objectives.
// Slices keep the order of the file.
type Topology struct {
	Name        string
	Description string
	Regions     []Region // at least one; `zones:` makes a single region named ""
	Network     Network
	Services    []*Service
	Traffic     []*Traffic
	Scenarios   []*Scenario
	Library     []*Scenario // of Options.Library, without those that Scenarios overrides
	Objectives  []*Objective
	Simulation  Simulation
	Warnings    []Problem // doubts about a correct input, sorted by position
}

// Region is a group of zones.
type Region struct {
	Name  string
	Zones []string
	Pos   Pos
}

// ZoneNames lists the zones of all regions in the order of the file; every
// per-zone slice of this package is indexed like it.
func (t *Topology) ZoneNames() []string {
	var names []string
	for _, r := range t.Regions {
		names = append(names, r.Zones...)
	}
	return names
}

// Network holds one-way message delays.
type Network struct {
	SameZone    Distribution
	CrossZone   Distribution
	CrossRegion Distribution
	Matrix      []RegionDelay // overrides CrossRegion for ordered pairs of regions
	Loss        float64       // share of messages that are lost, 0..1
}

// RegionDelay is the one-way delay of a message between two regions.
type RegionDelay struct {
	From, To string
	Delay    Distribution
}

// Unlimited stands for `unlimited` in Service.Concurrency and Queue.Limit.
const Unlimited = -1

// Service is a fleet of equal instances.
type Service struct {
	Name        string
	Pos         Pos
	Instances   []int // per zone, indexed like ZoneNames
	Concurrency int   // requests in service at once on one instance, or Unlimited
	Cores       int   // processor sharing on this many cores; 0 = off
	Queue       Queue
	Blocking    bool // a request keeps its slot while it waits for its calls
	// Operations has one entry with an empty Name where the service is written
	// without `operations`.
	Operations  []*Operation
	Balancing   Balancing
	ZoneRouting ZoneRouting
	HealthCheck HealthCheck
	Startup     Distribution
	Replace     bool
}

// Queue holds the requests that wait on one instance.
type Queue struct {
	Limit int // waiting requests, or Unlimited
}

// Operation is one kind of request to a service.
type Operation struct {
	Name  string
	Pos   Pos
	Work  Distribution
	Steps []Step // made one after the other, after the work
}

// Step is one entry of `calls`: its calls are made at once.
type Step []*Call

// Call is one edge of the call graph. Traffic uses it too: a client is a caller.
type Call struct {
	Pos            Pos
	To             Target
	Probability    float64 // 0..1
	Times          int     // how often it is made: one after the other, or all at once if Parallel
	Parallel       bool    // written in a list inside the list of calls
	Timeout        time.Duration
	TimeoutWritten bool // false: the default of 30 s
	Retries        Retries
	Optional       bool
	Fallback       *Distribution // nil = none
}

// Target names an operation of a component; both are indices, so that no
// reader resolves names again.
type Target struct {
	Service   int // index into Topology.Services
	Operation int // index into its Operations
}

// Retries of one call. Max 0 = none.
type Retries struct {
	Max     int
	Initial time.Duration // first backoff; 0 = at once
	Factor  float64
	Cap     time.Duration // longest backoff; 0 = no bound
	Jitter  Jitter
}

// Traffic is a source of client requests, open loop (Rate) or closed loop (Users).
type Traffic struct {
	Name     string
	Pos      Pos
	To       []WeightedCall // weights sum to 1
	Rate     float64        // requests per second; 0 for a closed loop
	Arrivals Arrivals
	Users    int          // closed loop; 0 for an open loop
	Think    Distribution // closed loop: between an answer and the next request
	Enters   []float64    // share of arrivals per zone, sums to 1
	// EntryFailover is how long arrivals of a lost zone still go there (and fail
	// by timeout) before they enter through the others.
	EntryFailover time.Duration
}

// WeightedCall is one destination of a traffic.
type WeightedCall struct {
	Weight float64
	Call   *Call
}

// HealthCheck is how callers come to believe that an instance is healthy.
type HealthCheck struct {
	None           bool // callers know at once
	Interval       time.Duration
	Timeout        time.Duration // delays the verdict of a failing check
	UnhealthyAfter int
	HealthyAfter   int
}

// Simulation holds the run's own parameters.
type Simulation struct {
	Duration time.Duration
	Warmup   time.Duration
	Window   time.Duration
	Seed     uint64
	// WarmupWritten: false means that Warmup is the default, and that what plays
	// the topology may find out a better one.
	WarmupWritten bool
}

// Scenario is a named list of faults.
type Scenario struct {
	Name        string
	Description string
	Pos         Pos
	Faults      []*Fault
}

// Fault is one thing that goes wrong. Exactly one of the pointers is set; it
// tells the kind.
type Fault struct {
	Pos Pos
	At  time.Duration
	For time.Duration // 0 = to the end of the run

	Monkey  *Monkey
	Gorilla *Gorilla
	Kill    *Kill
}

// Kind is the fault's name in the language.
func (f *Fault) Kind() string {
	switch {
	case f.Monkey != nil:
		return "monkey"
	case f.Gorilla != nil:
		return "gorilla"
	default:
		return "kill"
	}
}

// Monkey terminates random instances: per group and firing one (MaxPerRun),
// with a probability.
type Monkey struct {
	Services    []int // indices into Topology.Services
	Zones       []int // indices into ZoneNames; nil = all
	Every       time.Duration
	Probability float64
	MaxPerRun   int
	PerZone     bool // group_by: service_zone
	Mode        DeathMode
}

// Gorilla takes a whole zone away.
type Gorilla struct {
	Zone                    ZoneChoice
	RefuseCapacityElsewhere float64 // share of launches refused in the other zones, 0..1
	Restart                 bool    // instances restart at the end
	Mode                    DeathMode
}

// ZoneChoice is `each`, `random` or one zone.
type ZoneChoice struct {
	Each   bool
	Random bool
	Zone   int // index into ZoneNames, if neither
}

// Kill terminates instances once: Count of them, or else Share of them.
type Kill struct {
	Services []int
	Zones    []int // nil = all
	Count    int
	Share    float64
	Mode     DeathMode
}

// Objective is something the system promises.
type Objective struct {
	Pos      Pos
	Text     string  // canonical one-line form, e.g. `gorilla: availability >= 99.9% during fault`
	Scenario string  // scenario name, "*" or "none"; "" = every
	During   string  // all | before | fault | recovery
	Of       string  // traffic name; "" = all clients
	Service  string  // component name; "" = what clients see
	Metric   string  // availability | strict_availability | goodput | latency | utilization | headroom | recovers_within | ...
	Quantile string  // of latency: mean | p50 | p90 | p95 | p99 | p99.9
	Op       string  // >= | <= | > | <
	Value    float64 // share 0..1, seconds, requests per second or plain number
	Zones    int     // of headroom
}
