package sim

import (
	"fmt"
	"math"
	"slices"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// Caches in the twin: what an instance holds is a map, which is looked through for
// whom to evict. Random eviction and TinyLFU are left to the tests of package cache.

// twinNode is what an instance of a cache holds.
type twinNode struct {
	entries map[uint32]*twinCached
	uses    int // ever
	flights map[uint32]*twinFlight
	empty   int64 // since
	late    []func()
}

type twinCached struct {
	stored           int64
	came, used, uses int
}

// twinFlight is a fetch that others wait for.
type twinFlight struct{ waiting []*twinRequest }

// twinLook is a lookup, or what came of one.
type twinLook struct {
	at   int64
	what func(*trace.Lookups) *uint64
}

func hits(l *trace.Lookups) *uint64    { return &l.Hits }
func misses(l *trace.Lookups) *uint64  { return &l.Misses }
func fetches(l *trace.Lookups) *uint64 { return &l.Fetches }
func stales(l *trace.Lookups) *uint64  { return &l.StaleServed }

func (tw *twin) look(s *twinService, what func(*trace.Lookups) *uint64) {
	s.looks = append(s.looks, twinLook{tw.now, what})
}

// cacheOf a component, nil if it is none.
func (tw *twin) cacheOf(component int) *topology.Cache {
	if kind, of := tw.top.Component(component); kind == topology.CacheKind {
		return tw.top.Caches[of]
	}
	return nil
}

// dataKey gives the key of a call its lower half: what it asks for.
func (tw *twin) dataKey(c *topology.Call, caller *twinService, key uint64) uint64 {
	of := tw.cacheOf(c.To.Service)
	if c.Cache != nil {
		of = tw.cacheOf(c.Cache.To.Service)
	}
	switch {
	case of != nil:
		r := des.From(key, forKey)
		p := popularity(of.Keys, of.Zipf)
		return key>>32<<32 | uint64(p.Key(&r))
	case caller != nil && caller.cache != nil && !tw.isStore(c.To.Service):
		return key>>32<<32 | uint64(scattered(uint32(key)))
	}
	return key
}

func (tw *twin) isStore(component int) bool {
	kind, _ := tw.top.Component(component)
	return kind == topology.StoreKind
}

// lose everything an instance holds.
func (tw *twin) lose(in *twinInstance) { in.node.entries, in.node.empty = nil, tw.now }

// dieCold: nobody waits there any more either.
func (tw *twin) dieCold(in *twinInstance) {
	tw.lose(in)
	in.node.flights, in.node.late = nil, nil
}

func (tw *twin) fresh(c *topology.Cache, e *twinCached) bool {
	return c.TTL == 0 || tw.now-e.stored < int64(c.TTL)
}

// longest age at which a stale entry is served.
func longestStale(c *topology.Cache) int64 {
	switch s := c.ServeStale; {
	case s == nil || !s.OnError || c.TTL == 0:
		return 0
	case s.MaxAge == 0:
		return math.MaxInt64
	default:
		return int64(c.TTL + s.MaxAge)
	}
}

// holds tells whether an instance has what a request asks for.
func (tw *twin) holds(r *twinRequest) bool {
	c, n := r.inst.service.cache, &r.inst.node
	if c.Knob {
		rate := c.HitRate
		if age := tw.now - n.empty; age < int64(c.Refill) {
			rate *= float64(age) / float64(c.Refill)
		}
		return r.unlucky(rate, forHit)
	}
	e := n.entries[uint32(r.key)]
	switch {
	case e == nil:
		return false
	case !tw.fresh(c, e):
		if tw.now-e.stored > longestStale(c) {
			delete(n.entries, uint32(r.key))
		}
		return false
	case c.Refresh:
		e.stored = tw.now
	}
	n.use(e)
	return true
}

func (n *twinNode) use(e *twinCached) {
	n.uses++
	e.used = n.uses
	e.uses++
}

// hasStale tells whether an instance has an answer for want of a better one.
func (tw *twin) hasStale(in *twinInstance, key uint32) bool {
	c := in.service.cache
	e := in.node.entries[key]
	return e != nil && (tw.fresh(c, e) || tw.now-e.stored <= longestStale(c))
}

// put a key into an instance.
func (tw *twin) put(in *twinInstance, key uint32) {
	c, n := in.service.cache, &in.node
	if e := n.entries[key]; e != nil && tw.fresh(c, e) {
		e.stored = tw.now
		n.use(e)
		return
	}
	delete(n.entries, key)
	if len(n.entries) == c.Capacity {
		delete(n.entries, n.victim(c.Eviction))
	}
	if n.entries == nil {
		n.entries = map[uint32]*twinCached{}
	}
	e := &twinCached{stored: tw.now, came: n.uses}
	n.use(e)
	n.entries[key] = e
}

func (n *twinNode) victim(rule topology.Eviction) (key uint32) {
	rank := func(e *twinCached) [2]int {
		switch rule {
		case topology.LFU:
			return [2]int{e.uses, e.used}
		case topology.OldestFirst:
			return [2]int{e.came}
		case topology.LRU:
			return [2]int{e.used}
		case topology.RandomEviction, topology.TinyLFU: // drawn, or by an estimate: not in the twin's systems
		}
		panic(fmt.Sprintf("the twin does not evict by rule %d", rule))
	}
	var least [2]int
	first := true
	for k, e := range n.entries {
		if r := rank(e); first || slices.Compare(r[:], least[:]) < 0 {
			key, least, first = k, r, false
		}
	}
	return key
}

// store a key in those who have its copies and, in front of something, in who fetched.
func (tw *twin) store(s *twinService, fetcher *twinInstance, zone int, key uint32) {
	if s.cache.Knob {
		return
	}
	if fetcher != nil {
		tw.put(fetcher, key)
		if s.cache.Replicas == 1 {
			return
		}
	}
	for _, in := range tw.keepers(s, zone, key) {
		if in.answers() && in != fetcher {
			tw.put(in, key)
		}
	}
}

// keepers of a key as callers in a zone know them.
func (tw *twin) keepers(s *twinService, zone int, key uint32) (all []*twinInstance) {
	from, _, _ := tw.candidates(tw.balancerOf(s, nil), zone)
	if len(from) == 0 {
		return nil
	}
	var p placed
	p.follow(&s.cache.Placement, from, func(i int32) uint64 {
		in := tw.instances[i]
		return des.Mix(des.Stream(0, "ring", s.t.Name), uint64(in.zone)<<32|uint64(in.place))
	})
	zones := make([]int32, len(tw.instances))
	for i, in := range tw.instances {
		zones[i] = int32(in.zone)
	}
	for _, i := range p.at(s.cache.Placement.Hashing).Replicas(uint64(key), zones, make([]int32, s.cache.Replicas)) {
		all = append(all, tw.instances[i])
	}
	return all
}

// keeper is whom a caller asks for a key.
func (tw *twin) keeper(s *twinService, zone int, key uint32) *twinInstance {
	all := tw.keepers(s, zone, key)
	for _, in := range all {
		if in.zone == zone {
			return in
		}
	}
	return all[0]
}

// lookUp answers a request at a cache, lets it wait, or returns false: it fetches.
func (tw *twin) lookUp(r *twinRequest) bool {
	s, n, key := r.inst.service, &r.inst.node, uint32(r.key)
	if tw.holds(r) {
		r.found = true
		tw.look(s, hits)
		tw.finish(r)
		return true
	}
	tw.look(s, misses)
	aside := s.cache.InFrontOf == nil
	asks := aside && r.awaited && r.asks
	if asks && tw.hasStale(r.inst, key) {
		r.of.stale = longestStale(s.cache) > 0
	}
	if s.cache.Coalesce && (asks || !aside) {
		if f := n.flights[key]; f != nil {
			f.waiting = append(f.waiting, r)
			r.place = atCalls
			tw.release(r.inst)
			return true
		}
		if n.flights == nil {
			n.flights = map[uint32]*twinFlight{}
		}
		n.flights[key] = &twinFlight{}
		if asks {
			r.of.flight, r.of.node = n.flights[key], r.inst
		}
	}
	if aside {
		tw.finish(r)
		return true
	}
	tw.look(s, fetches)
	return false
}

// bring ends a fetch of a cache in front of something.
func (tw *twin) bring(r *twinRequest) {
	s := r.inst.service
	fetched := r.step > 0 || r.reason == trace.Dependency
	if s.cache == nil || r.found || !fetched {
		return
	}
	key := uint32(r.key)
	if r.reason == trace.None && !r.degraded {
		tw.store(s, r.inst, r.zone, key)
	}
	answer := r.twinAnswer
	tw.serveStale(r)
	f := r.inst.node.flights[key]
	delete(r.inst.node.flights, key)
	if f == nil {
		return
	}
	for _, waiting := range f.waiting {
		waiting.twinAnswer, waiting.found = answer, true
		tw.serveStale(waiting)
		tw.finish(waiting)
	}
}

func (tw *twin) serveStale(r *twinRequest) {
	s := r.inst.service
	if r.reason != trace.None && longestStale(s.cache) > 0 && tw.hasStale(r.inst, uint32(r.key)) {
		tw.look(s, stales)
		r.degrade(r.cause, r.root)
	}
}

// askCache asks the look-aside cache before the first attempt of a call is made.
func (tw *twin) askCache(r *twinRequest) {
	ask := *r
	ask.key += forAside >> 32 << 32
	ask.call, ask.asks = r.call.Cache, true
	r.of.data, r.of.call = uint32(r.key), r.call
	tw.send(tw.request(ask))
}

// asked: the cache has answered, or not.
func (tw *twin) asked(ask *twinRequest, a twinAnswer) {
	p, of := ask.parent, ask.of
	r := *ask
	r.asks, r.found, r.count, r.inst, r.twinAnswer = false, false, nil, nil, twinAnswer{}
	r.place, r.awaited, r.giveUp = onTheWay, false, nil
	r.key -= forAside >> 32 << 32
	r.call, r.turn = of.call, r.key
	switch {
	case a.reason == trace.None && !a.degraded && ask.found:
		tw.closeCall(of, false)
		of.over = true
		if r.client != nil {
			tw.clientDone(&r, a)
		} else if p.place == atCalls {
			tw.join(p)
		}
		return
	case p != nil && (p.place != atCalls || tw.cancelled(p)):
		tw.closeCall(of, false)
		of.over = true
		return
	}
	tw.look(tw.services[ask.call.To.Service], fetches)
	if !tw.isStore(of.call.To.Service) {
		r.key = r.key>>32<<32 | uint64(scattered(uint32(r.key)))
		r.turn = r.key
	}
	tw.send(tw.request(r))
}

// endAside ends a call after its look-aside cache was asked.
func (tw *twin) endAside(r *twinRequest, a twinAnswer) twinAnswer {
	s := tw.services[r.call.Cache.To.Service]
	good := a.reason == trace.None && !a.degraded
	switch {
	case good:
		tw.store(s, nil, r.zone, r.of.data)
	case a.reason != trace.None && r.of.stale:
		tw.look(s, stales)
		a.degrade(a.cause, a.root)
	}
	tw.closeCall(r.of, good)
	return a
}

// closeCall tells those who wait for what a call was to fetch.
func (tw *twin) closeCall(of *twinCall, good bool) {
	if of.flight == nil || of.node.node.flights[of.data] != of.flight {
		return
	}
	in := of.node
	if in.frozen {
		in.node.late = append(in.node.late, func() { tw.land(in, of.data, good) })
		return
	}
	tw.land(in, of.data, good)
}

func (tw *twin) land(in *twinInstance, key uint32, good bool) {
	f := in.node.flights[key]
	if good {
		delete(in.node.flights, key)
		for _, r := range f.waiting {
			r.found = true
			tw.finish(r)
		}
		return
	}
	for len(f.waiting) > 0 {
		r := f.waiting[0]
		f.waiting = f.waiting[1:]
		if r.awaited {
			r.of.flight, r.of.node = f, in
			tw.finish(r)
			return
		}
		tw.finish(r)
	}
	delete(in.node.flights, key)
}

// landLate: an instance goes on, and what was fetched meanwhile has come.
func (tw *twin) landLate(in *twinInstance) {
	late := in.node.late
	in.node.late = nil
	for _, land := range late {
		land()
	}
}

// lookups by phase and window.
func (tw *twin) lookups(s *twinService, r *trace.Component, n int) {
	if s.cache == nil {
		return
	}
	r.Windows.Hits, r.Windows.Misses = make([]uint32, n), make([]uint32, n)
	for _, l := range s.looks {
		if l.at < 0 {
			continue
		}
		*l.what(&r.Lookups[tw.phaseOf(l.at)-1])++
		var one trace.Lookups
		*l.what(&one)++
		win := l.at / int64(tw.top.Simulation.Window)
		r.Windows.Hits[win] += uint32(one.Hits)
		r.Windows.Misses[win] += uint32(one.Misses)
	}
}

// Flush implements scenarios.Target.
func (tw *twin) Flush(instance int, fault string) {
	in := tw.instances[instance]
	tw.struck(&twinStrike{inst: in, ended: true, fault: fault})
	tw.lose(in)
	tw.log(fault, in.name(), "emptied")
}
