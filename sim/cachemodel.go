package sim

import (
	"math"

	"github.com/silverback-sim/silverback/sim/cache"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// cacheModel is what makes a service a cache.
type cacheModel struct {
	keys      cache.Popularity
	rule      cache.Rule
	placement topology.Placement
	replicas  int
	coalesce  bool
	stale     bool // serve_stale on_error

	knob    bool // no keys: hitRate stands for what they decide
	hitRate float64
	refill  des.Time
}

func compileCache(c *topology.Cache) *cacheModel {
	m := &cacheModel{
		keys: popularity(c.Keys, c.Zipf), placement: c.Placement, replicas: c.Replicas, coalesce: c.Coalesce,
		knob: c.Knob, hitRate: c.HitRate, refill: int64(c.Refill),
		rule: cache.Rule{Eviction: eviction(c.Eviction), TTL: int64(c.TTL), Refresh: c.Refresh},
	}
	if c.Capacity != topology.Unlimited {
		m.rule.Capacity = c.Capacity
	}
	if s := c.ServeStale; s != nil && s.OnError && c.TTL > 0 {
		m.stale = true
		m.rule.StaleFor = math.MaxInt64
		if s.MaxAge > 0 {
			m.rule.StaleFor = int64(c.TTL + s.MaxAge)
		}
	}
	return m
}

func popularity(keys int, zipf float64) cache.Popularity {
	if zipf == 0 {
		return cache.Uniform(uint32(keys))
	}
	return cache.Zipf(uint32(keys), zipf)
}

func eviction(e topology.Eviction) cache.Eviction {
	switch e {
	case topology.LFU:
		return cache.LFU
	case topology.OldestFirst:
		return cache.FIFO
	case topology.RandomEviction:
		return cache.Random
	case topology.TinyLFU:
		return cache.TinyLFU
	case topology.LRU:
	}
	return cache.LRU
}

// What a call does with the key of the data that it asks for: the lower half of the
// attempt's key (keyBits). Calls to a cache draw it, so that the popularity decides;
// what the cache fetches has the same.
type keying uint8

const (
	inheritsKey keying = iota // the caller's
	drawsKey                  // by the popularity of a cache
	scattersKey               // the caller's rank as a word: services know no popularity
)

// keyLast says where the edge added last has its key from. caller is a component, or
// -1.
func (m *Model) keyLast(c *topology.Call, caller int) {
	e := &m.edges[len(m.edges)-1]
	switch kind, of := m.topology.Component(c.To.Service); {
	case c.Cache != nil:
		_, of := m.topology.Component(c.Cache.To.Service)
		e.keying, e.keys = drawsKey, &m.caches[of].keys
	case kind == topology.CacheKind:
		e.keying, e.keys = drawsKey, &m.caches[of].keys
	case kind != topology.StoreKind && caller >= 0:
		if from, _ := m.topology.Component(caller); from == topology.CacheKind {
			e.keying = scattersKey
		}
	}
}

// asideModel is the look-aside cache of an edge.
type asideModel struct {
	cache    *cacheModel
	edge     int  // by which it is asked
	scatters bool // the target wants a word for a key, not a rank
}

// askFirst adds the edge by which the look-aside cache of another is asked.
func (m *Model) askFirst(edge int, c *topology.Call, firstOp []int) error {
	if c.Cache == nil {
		return nil
	}
	_, of := m.topology.Component(c.Cache.To.Service)
	m.edges[edge].guard.aside = &asideModel{cache: m.caches[of], edge: len(m.edges), scatters: !m.isStore(c.To.Service)}
	if err := m.addEdge(c.Cache, int(m.edges[edge].client), 0, firstOp); err != nil {
		return err
	}
	asks := &m.edges[len(m.edges)-1]
	asks.tolerant, asks.guard = m.edges[edge].tolerant, &guardModel{asksFor: edge}
	return nil
}

func (m *Model) isStore(component int) bool {
	kind, _ := m.topology.Component(component)
	return kind == topology.StoreKind
}

// rekey gives a call's key its lower half.
func (e *edgeModel) rekey(key uint64) uint64 {
	rank := uint32(key)
	switch e.keying {
	case drawsKey:
		r := des.From(key, forKey)
		rank = e.keys.Key(&r)
	case scattersKey:
		rank = scattered(rank)
	case inheritsKey:
	}
	return key&^keyBits | uint64(rank)
}

// scattered makes of a rank what is uniform in 32 bits.
func scattered(rank uint32) uint32 { return uint32(cache.Scatter(rank, forKey) >> 32) }
