package topology

// Balancing is how callers choose among the instances they believe healthy.
type Balancing uint8

// The balancing policies of the language.
const (
	RoundRobin Balancing = iota
	RandomChoice
	LeastRequests
	PowerOfTwo
	ConsistentHash
)

// QueueOrder is who is served next on one instance.
type QueueOrder uint8

// The orders of the language.
const (
	FIFO         QueueOrder = iota
	LIFO                    // the youngest first
	AdaptiveLIFO            // the youngest first while the queue is long
	ByPriority              // the highest priority first, among equals the oldest
)

// Priority of a traffic's requests; it travels with the calls they set off.
type Priority int8

// The priorities of the language.
const (
	LowPriority    Priority = -1
	NormalPriority Priority = 0
	HighPriority   Priority = 1
)

// ZoneRouting restricts that choice by the caller's zone.
type ZoneRouting uint8

// The zone routings of the language.
const (
	AnyZone    ZoneRouting = iota
	PreferZone             // own zone while it has healthy instances
	OnlyZone
)

// Jitter spreads the backoff of retries.
type Jitter uint8

// The jitters of the language.
const (
	FullJitter Jitter = iota
	EqualJitter
	DecorrelatedJitter
	NoJitter
)

// Arrivals is the arrival process of an open-loop traffic.
type Arrivals uint8

// The arrival processes of the language.
const (
	PoissonArrivals Arrivals = iota
	RegularArrivals
)

// DeathMode is how the address of a dead instance behaves.
type DeathMode uint8

// DefaultMode is refuse for killed instances and blackhole for lost zones.
const (
	DefaultMode DeathMode = iota
	Refuse
	Blackhole
)

// Eviction is which entry a full cache node gives up.
type Eviction uint8

// The evictions of the language.
const (
	LRU Eviction = iota
	LFU
	OldestFirst // `fifo`
	RandomEviction
	TinyLFU
)

// Hashing places keys on nodes or shards.
type Hashing uint8

// The placements of the language.
const (
	ConsistentRing Hashing = iota // with virtual nodes
	Modulo
	Jump
	Rendezvous
)

// Sync is what a primary waits for before it acknowledges a write.
type Sync uint8

// The replications of a primary.
const (
	Asynchronous    Sync = iota
	SemiSynchronous      // one replica
	Synchronous          // all that live
)

// Reads is who answers the reads of a primary's store.
type Reads uint8

// The readers of the language.
const (
	ReadPrimary Reads = iota
	ReadReplicas
	ReadAny
)
