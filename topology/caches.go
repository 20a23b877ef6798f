package topology

import (
	"time"

	"gopkg.in/yaml.v3"
)

// Bounds and defaults of what is cached and stored.
const (
	maxKeys       = 100_000_000
	maxZipf       = 10
	maxVNodes     = 10_000
	defaultKeys   = 1_000_000
	defaultVNodes = 160
)

func (l *loader) readCache(f *file, c *Cache, o fields) {
	c.Instances = l.instances(f, o.get("instances"))
	c.Work = f.distribution(o.get("work"), Distribution{})
	f.serving(o, &c.Concurrency, &c.Queue, &c.HealthCheck, &c.Startup, &c.Replace)
	c.Source = -1
	if n := o.get("in_front_of"); n != nil {
		c.InFrontOf = l.fetch(f, n, "`in_front_of`")
		l.checkInFrontOf(f, n, c)
	}
	c.Keys, c.Zipf = f.keys(o)
	c.Capacity = f.countOrUnlimited(o.get("capacity"), Unlimited, 1)
	c.Eviction = f.eviction(o.get("eviction"))
	c.TTL = f.duration(o.get("ttl"), 0, 1)
	c.Refresh = f.boolean(o.get("refresh"), false)
	c.Placement = f.placement(o, f.lang.cache)
	c.Coalesce = f.boolean(o.get("coalesce"), false)
	if n := o.get("serve_stale"); n != nil {
		c.ServeStale = f.serveStale(n)
	}
	c.Data = f.data(o.get("data"))
	c.Replicas = f.count(o.get("replicas"), 1, 1, maxZones)
	c.Knob = o.has("hit_rate")
	c.HitRate = f.share(o.get("hit_rate"), 0)
	c.Refill = f.duration(o.get("refill"), 0, 0)
	f.checkCache(o, c)
}

// serving reads what caches and stores have in common with services.
func (f *file) serving(o fields, concurrency *int, queue *Queue, check *HealthCheck, startup *Distribution, replace *bool) {
	*concurrency = f.countOrUnlimited(o.get("concurrency"), defaultConcurrency, 1)
	*queue = f.queue(o.get("queue"))
	*check = f.healthCheck(o.get("health_check"))
	*startup = f.distribution(o.get("startup"), Distribution{Mean: defaultStartup})
	*replace = f.boolean(o.get("replace"), true)
}

// fetch reads a call that is written as a target or as a mapping; nil if its
// target is unknown.
func (l *loader) fetch(f *file, n *yaml.Node, what string) *Call {
	o := fields{node: n}
	to := n
	if n.Kind == yaml.MappingNode {
		o, _ = f.open(n, f.lang.fetch, what)
		to = o.get("to")
	}
	c := &Call{Pos: f.pos(n)}
	f.caller(c, o)
	c.Probability, c.Times = 1, 1
	if to == nil {
		return nil
	}
	at, ok := l.target(f, to)
	if !ok {
		return nil
	}
	c.To = at
	return c
}

func (l *loader) checkInFrontOf(f *file, n *yaml.Node, c *Cache) {
	if c.InFrontOf == nil {
		return
	}
	at := &c.InFrontOf.To
	c.Source = at.Service
	switch kind, _ := l.topology.Component(at.Service); {
	case kind == CacheKind || kind == CDNKind:
		f.fail(n, "conflict", "a cache is in front of a store, a service or an external, not of a "+kind.String())
	case kind == StoreKind && at.Operation == WriteOperation:
		f.fail(n, "conflict", "a miss is read, not written; write `"+l.topology.ComponentName(at.Service)+"`")
	case kind == StoreKind:
		at.Operation = ReadOperation
	}
}

// keys reads how many there are and the exponent of their popularity.
func (f *file) keys(o fields) (keys int, zipf float64) {
	keys = f.count(o.get("keys"), defaultKeys, 1, maxKeys)
	n := o.get("popularity")
	if n == nil || n.Kind == yaml.ScalarNode && n.Value == "uniform" {
		return keys, 0
	}
	p, _ := f.open(n, f.lang.popularity, "`popularity` (or the word `uniform`)")
	if n := p.get("zipf"); n != nil {
		v, ok := f.number(n, "the exponent", 0)
		if ok && v > maxZipf {
			f.fail(n, "out-of-range", "the exponent can be "+formatInt(maxZipf)+" at most")
		} else if ok {
			zipf = v
		}
	}
	return keys, zipf
}

func (f *file) eviction(n *yaml.Node) Eviction {
	switch f.word(n, f.lang.cache.find("eviction").value, "lru") {
	case "lfu":
		return LFU
	case "fifo":
		return OldestFirst
	case "random":
		return RandomEviction
	case "tinylfu":
		return TinyLFU
	default:
		return LRU
	}
}

func (f *file) placement(o fields, s *shape) Placement {
	p := Placement{VNodes: f.count(o.get("vnodes"), defaultVNodes, 1, maxVNodes)}
	switch f.word(o.get("hashing"), s.find("hashing").value, "consistent") {
	case "modulo":
		p.Hashing = Modulo
	case "jump":
		p.Hashing = Jump
	case "rendezvous":
		p.Hashing = Rendezvous
	default:
		return p
	}
	if k := o.keys["vnodes"]; k != nil {
		f.fail(k, "conflict", "`vnodes` are places on the ring of `hashing: consistent`")
	}
	p.VNodes = 0
	return p
}

func (f *file) serveStale(n *yaml.Node) *ServeStale {
	o, _ := f.open(n, f.lang.serveStale, "`serve_stale`")
	s := &ServeStale{OnError: f.boolean(o.get("on_error"), true), MaxAge: f.duration(o.get("max_age"), 0, 1)}
	f.idle(o.get("on_error"), !s.OnError, "`serve_stale` without `on_error` serves nothing stale")
	return s
}

func (f *file) data(n *yaml.Node) Data {
	if n == nil {
		return Data{Delete: true}
	}
	if n.Kind == yaml.ScalarNode && n.Value == "immutable" {
		return Data{Immutable: true}
	}
	o, _ := f.open(n, f.lang.data, "`data` (or the word `immutable`)")
	d := Data{
		Writes: f.plainRate(o.get("writes"), 0),
		Delete: f.word(o.get("invalidation"), f.lang.data.find("invalidation").value, "delete") == "delete",
		Lost:   f.share(o.get("lost"), 0),
	}
	if k := o.keys["lost"]; k != nil && !d.Delete {
		f.fail(k, "conflict", "with `invalidation: none` there are no deletions to be lost")
	}
	return d
}

// plainRate reads a rate that is no load; n nil gives the default.
func (f *file) plainRate(n *yaml.Node, byDefault float64) float64 {
	if n == nil {
		return byDefault
	}
	v, ok := quantity(f, n, "a rate (for example `40/s`)", ParseRate)
	if !ok {
		return byDefault
	}
	if v > 0 && v < minRate {
		f.fail(n, "out-of-range", "a rate is 0, or 0.001/d at least")
	}
	return v
}

// checkCache reports keys that exclude each other or change nothing.
func (f *file) checkCache(o fields, c *Cache) {
	if c.Knob {
		for _, key := range []string{
			"keys", "popularity", "capacity", "eviction", "ttl", "refresh", "hashing", "vnodes",
			"coalesce", "serve_stale", "data", "replicas",
		} {
			if k := o.keys[key]; k != nil {
				f.fail(k, "conflict", "a cache with a `hit_rate` has no keys: `"+key+"` has no meaning")
			}
		}
		return
	}
	if k := o.keys["refill"]; k != nil {
		f.fail(k, "conflict", "`refill` belongs to `hit_rate`; a cache with keys fills as they are asked for")
	}
	f.idle(o.get("refresh"), c.Refresh && c.TTL == 0, "without a `ttl` there is nothing to `refresh`")
	f.idle(o.keys["serve_stale"], c.TTL == 0, "without a `ttl` nothing expires: `serve_stale` has nothing to serve")
	f.idle(o.keys["eviction"], c.Capacity == Unlimited || c.Capacity >= c.Keys, "an instance has room for all keys: nothing is evicted")
	if k := o.keys["ttl"]; k != nil && c.Data.Immutable {
		f.warn(k, "needless", "a `ttl` on immutable data costs misses and makes nothing fresher")
	}
	zones := 0
	for _, n := range c.Instances {
		zones += min(n, 1)
	}
	if n := o.get("replicas"); n != nil && c.Replicas > max(zones, 1) {
		f.fail(n, "out-of-range", "the copies of a key are in different zones, and the cache has instances in "+formatInt(zones)+" "+plural("zone", zones))
	}
}

// lookAside reads the cache that a call asks first.
func (l *loader) lookAside(f *file, o fields, timeout time.Duration) *Call {
	n := o.get("cache")
	if n == nil {
		return nil
	}
	c := &Call{Pos: f.pos(n), Probability: 1, Times: 1, Timeout: timeout, TimeoutWritten: o.has("timeout"), Retries: f.retries(nil)}
	to := n
	if n.Kind == yaml.MappingNode {
		written, _ := f.open(n, f.lang.lookAside, "`cache`")
		to = written.get("to")
		c.Timeout = f.duration(written.get("timeout"), timeout, 1)
		c.TimeoutWritten = c.TimeoutWritten || written.has("timeout")
	}
	if to == nil {
		return nil
	}
	i := l.component(f, to, CacheKind)
	if i < 0 {
		return nil
	}
	c.To.Service = i
	l.asides = append(l.asides, aside{f, to, i})
	return c
}

// aside is a mention of a look-aside cache.
type aside struct {
	file  *file
	node  *yaml.Node
	cache int // its component
}

// checkAside tells whether a call's target can stand behind its look-aside cache.
func (l *loader) checkAside(f *file, c *Call) {
	if c.Cache == nil {
		return
	}
	if kind, _ := l.topology.Component(c.To.Service); kind == CacheKind || kind == CDNKind {
		f.report(c.Cache.Pos.Line, c.Cache.Pos.Col, 1, "conflict", "a look-aside cache stands before a store, a service or an external, not before a "+kind.String())
	}
	if kind, of := l.topology.Component(c.Cache.To.Service); kind == CacheKind {
		l.behind[of] = append(l.behind[of], c.To.Service)
	}
}

// checkCaches looks at the caches when all calls are known.
func (l *loader) checkCaches() {
	for _, a := range l.asides {
		_, of := l.topology.Component(a.cache)
		if c := l.topology.Caches[of]; c.InFrontOf != nil {
			a.file.fail(a.node, "conflict", "the cache `"+c.Name+"` is in front of `"+l.topology.ComponentName(c.InFrontOf.To.Service)+"` and fetches itself: call the cache, or leave its `in_front_of` out")
		}
	}
	for i, c := range l.topology.Caches {
		if c.Source < 0 {
			for j, at := range l.behind[i] {
				if j > 0 && at != c.Source {
					c.Source = -1
					break
				}
				c.Source = at
			}
		}
		if c.Data.Writes > 0 && (c.Source < 0 || !l.isStore(c.Source)) {
			f := l.fileOf(c.Pos)
			f.report(c.Pos.Line, c.Pos.Col, len(c.Name), "conflict", "the `writes` of the cache `"+c.Name+"` need a store to go to: it is in front of one, or all calls that ask it first are to one")
		}
	}
}

func (l *loader) isStore(component int) bool {
	kind, _ := l.topology.Component(component)
	return kind == StoreKind
}

// fileOf is the file of a position.
func (l *loader) fileOf(p Pos) *file {
	for _, f := range l.files {
		if f.name == p.File {
			return f.file
		}
	}
	panic("topology: a position is of no file: " + p.File)
}
