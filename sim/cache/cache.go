// Package cache holds the parts of a cache: how popular keys are (Popularity), what
// one node keeps and for how long (Node), and who waits for whose fetch (Flights).
// They are pure, as the policies of sim/policy are: the time, keys and random words
// go in, what happened comes out. Where keys live among nodes is a policy:
// policy.Ring and its like.
//
// Modelled are exact eviction orders, expiry, invalidation and the version of what an
// entry holds, so that a stale answer can be told. Left out are the sizes of values
// (a capacity counts entries), sampled approximations of orders (as Redis has them)
// and background sweeps: an expired entry holds its place until it is met or evicted.
//
// A key is its rank by popularity, 0 being the most popular; Scatter makes a word of it
// for whatever must not follow the popularity. Times are in ns on one clock that does
// not go back. Steady states allocate nothing.
package cache

// Eviction is the order in which a full node gives up its entries.
type Eviction uint8

const (
	// LRU evicts the entry whose last use (hit or store) is the longest ago.
	LRU Eviction = iota
	// LFU evicts the entry with the fewest uses since it came (its coming is the
	// first), among equals the least recently used one. An evicted entry's uses are
	// forgotten.
	LFU
	// FIFO evicts the entry that came first; hits and renewals do not count.
	FIFO
	// Random evicts any entry with equal probability.
	Random
	// TinyLFU is W-TinyLFU: see tinyLFU.
	TinyLFU
)

// Rule is how the nodes of one cache keep entries.
type Rule struct {
	Eviction Eviction
	// Capacity in entries per node; 0 is unlimited.
	Capacity int
	// TTL is how long after its store an entry is served, in ns; 0 is forever.
	TTL int64
	// Refresh starts the TTL again at every hit.
	Refresh bool
	// StaleFor is the greatest age, in ns since the store (or the last refresh), at
	// which Stale still finds an entry; 0 drops entries as soon as they are met
	// expired. It is the language's serve_stale max_age, as stale-if-error of RFC 5861
	// but counted from the store.
	StaleFor int64
}

// Outcome of asking a node for a key.
type Outcome uint8

const (
	// Miss means that the key is not there.
	Miss Outcome = iota
	// Hit means that it is, within its TTL.
	Hit
	// Expired is a miss too: the key is there, but past its TTL.
	Expired
)

// Scatter makes of a key a word that has nothing to do with its rank nor with words
// of another purpose, and nothing with a seed: a hot key is in the same place in every
// run (splitmix64: Steele, Lea & Flood, OOPSLA 2014).
func Scatter(key uint32, purpose uint64) uint64 {
	x := purpose + (uint64(key)+1)*golden
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// golden is 2^64 over the golden ratio: multiples of it are far apart.
const golden = 0x9e3779b97f4a7c15
