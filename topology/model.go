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
	Caches      []*Cache
	Stores      []*Store
	Externals   []*External
	CDNs        []*CDN
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
	PerCaller   bool // balancer: per_caller; false = shared
	ZoneRouting ZoneRouting
	HealthCheck HealthCheck
	// FailOpen: the balancer ignores health while the share of instances that it
	// believes healthy is below PanicThreshold (0: while there is none).
	FailOpen       bool
	PanicThreshold float64
	Ejection       *Ejection // nil = none
	Startup        Distribution
	Warm           *Warm   // nil = at full speed at once
	Contention     float64 // every other request in service slows the work by this share of it
	Replace        bool
	Shedding       *Shedding // nil = none
	Cancel         bool      // work whose caller has given up is dropped at the head of the queue
	Tolerant       bool      // reads: tolerant; false = strict
}

// Queue holds the requests that wait on one instance.
type Queue struct {
	Limit int // waiting requests, or Unlimited
	Order QueueOrder
}

// Shedding is what an instance refuses although its queue has room; a request
// is shed if any of the rules says so.
type Shedding struct {
	MaxInFlight   int           // waiting and in service; 0 = no bound. Also the most that Adaptive allows
	MaxQueueDelay time.Duration // longest wait of those who are served (CoDel for servers; Maurer, 2015); 0 = no bound
	Adaptive      bool          // the limit follows the gradient of the latency
}

// Warm slows the work of young instances by a factor that falls linearly from
// Slowdown to 1.
type Warm struct {
	For      time.Duration // over 0, from being in service
	Slowdown float64       // at least 1
}

// Ejection takes an instance out of rotation for Eject after so many errors in
// a row, at most Max of the instances at a time (Envoy's outlier detection).
type Ejection struct {
	ConsecutiveErrors int
	Eject             time.Duration
	Max               float64 // share of the instances, over 0 to 1
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
	Priority      Priority
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
