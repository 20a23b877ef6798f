package topology

import "time"

// Cache is a fleet of equal cache nodes. A call to one draws a key; a miss is
// fetched by the cache (InFrontOf) or, of a look-aside cache, by whoever asked.
// A cache with a HitRate has no keys.
type Cache struct {
	Name        string
	Pos         Pos
	Instances   []int // per zone, indexed like ZoneNames
	Work        Distribution
	Concurrency int // requests in service at once on one instance, or Unlimited
	Queue       Queue
	HealthCheck HealthCheck
	Startup     Distribution
	Replace     bool
	// InFrontOf is the call that fetches a miss; nil = look-aside. Of a store it
	// asks ReadOperation.
	InFrontOf *Call
	// Source is the component whose data it holds: that of InFrontOf or of the
	// calls that ask it first; -1 = none, or several.
	Source int

	Keys       int     // at least 1
	Zipf       float64 // exponent of the popularity; 0 = uniform
	Capacity   int     // entries per instance, or Unlimited
	Eviction   Eviction
	TTL        time.Duration // 0 = none
	Refresh    bool          // a hit starts the TTL anew
	Placement  Placement
	Coalesce   bool        // one fetch per missing key at a time
	ServeStale *ServeStale // nil = never on purpose
	Data       Data
	Replicas   int // copies of a key, in different zones; at least 1

	// Knob: HitRate stands for all that keys would decide. After a loss it grows
	// from 0 over Refill, linearly.
	Knob    bool
	HitRate float64 // 0..1
	Refill  time.Duration
}

// ServeStale lets a cache answer with what its TTL has ended.
type ServeStale struct {
	OnError bool          // where the fetch failed
	MaxAge  time.Duration // so long after the end of the TTL; 0 = for ever
}

// Data says how what is cached changes.
type Data struct {
	Immutable bool    // never: nothing is stale
	Writes    float64 // per second, sent to the Source, which is a store, besides those of calls
	Delete    bool    // a write deletes the entry after the store has acknowledged
	Lost      float64 // share of those deletions that get lost, 0..1
}

// Placement says which nodes hold a key.
type Placement struct {
	Hashing Hashing
	VNodes  int // of ConsistentRing: places of each node on the ring
}

// Store keeps data: one primary with replicas, or a leaderless ring of quorums.
type Store struct {
	Name        string
	Pos         Pos
	Nodes       []int // per zone, indexed like ZoneNames
	Work        Distribution
	Concurrency int // requests in service at once on one node, or Unlimited
	Queue       Queue
	HealthCheck HealthCheck
	Startup     Distribution
	Replace     bool

	Keys      int     // of requests that bring none: at least 1
	Zipf      float64 // exponent of their popularity; 0 = uniform
	Shards    int     // of a primary's: each has a primary of its own; at least 1
	Placement Placement
	Writes    float64 // share of the requests to AnyOperation that write, 0..1

	Quorum bool // replication.mode: quorum; false = primary
	Factor int  // copies of a key, 1 to the number of nodes

	// Of a primary.
	Sync     Sync
	Lag      Distribution // from the acknowledgement to the replica; not of Synchronous
	Reads    Reads
	Failover Failover

	// Of a quorum: acknowledgements that a read or a write waits for, 1 to Factor.
	ReadLevel, WriteLevel int
}

// Operations of stores, in Target.Operation. Other components but services have
// AnyOperation only.
const (
	AnyOperation   = 0 // a write by Store.Writes
	ReadOperation  = 1
	WriteOperation = 2
)

// Failover makes a replica the primary: Detect after the primary is gone, Promote
// later it takes writes, and callers find it when their DNSTTL is over.
type Failover struct {
	Automatic bool // false: writes fail until the primary is back
	Detect    time.Duration
	Promote   time.Duration
	DNSTTL    time.Duration
}

// External is what others run: it has no instances and stands outside the zones.
type External struct {
	Name         string
	Pos          Pos
	Latency      Distribution
	Availability float64 // share of the requests that are answered while there is no outage
	Outage       *Outage // nil = none
	RateLimit    float64 // requests per second; 0 = no bound
}

// Outage takes an external away, again and again.
type Outage struct {
	MTTF, MTTR Distribution
	Mode       DeathMode // DefaultMode is Refuse
}

// CDN answers the share Serves of its requests from points of presence outside
// the zones and asks its Origin for the rest, and for what exceeds their capacity.
type CDN struct {
	Name        string
	Pos         Pos
	PoPs        int
	Serves      float64 // 0..1
	Latency     Distribution
	PoPCapacity float64 // requests per second of one PoP; 0 = no bound
	Origin      *Call
}
