package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/cache"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// What the instances of a cache hold. A request looks there when its work is done. A
// hit is the answer; of a miss, a cache in front of something makes the call of its
// operation, and a look-aside cache answers that it has nothing.

// node is what one instance of a cache holds.
type node struct {
	*cache.Node // nil without keys
	flights     cache.Flights
	life        uint32    // of its instance: what was led in an earlier one is over
	since       des.Time  // empty then
	late        []landing // while its instance is frozen
}

// Steps of a request at a cache, in frame.step; 0 is not answered yet, or answered by a
// look-aside cache that does not have it.
const (
	fetched = 1 // what it has called has answered
	told    = 2 // somebody else's fetch has been its answer
	found   = 3
)

func (w *World) openNode(m *cacheModel) int32 {
	n := node{since: longAgo}
	if !m.knob {
		n.Node = cache.NewNode(m.rule)
	}
	w.nodes = append(w.nodes, n)
	return int32(len(w.nodes) - 1)
}

// empty what an instance holds.
func (w *World) empty(in *instance) {
	n := &w.nodes[in.node]
	n.since = w.now
	if n.Node != nil {
		n.Flush()
	}
}

// resetNode: the process of an instance is gone, and all that waited there with it.
func (w *World) resetNode(in *instance) {
	n := &w.nodes[in.node]
	n.life++
	if n.flights.Len() > 0 {
		n.flights = cache.Flights{}
	}
	n.late = n.late[:0]
	w.empty(in)
}

// lookUp answers a request at a cache, or lets it wait, and tells whether that is all:
// if not, it makes its calls.
func (w *World) lookUp(i int32, f *frame, in *instance, s *service, op *opModel) bool {
	n := &w.nodes[in.node]
	if w.holds(n, f, s) {
		f.step = found
		s.looked.Hits++
		w.finish(i, f, in, s, true)
		return true
	}
	s.looked.Misses++
	aside := len(op.steps) == 0
	asks := aside && f.attached() && w.edges[f.edge].asks()
	if asks && s.m.cache.stale {
		_, w.calls.all[f.ref].stale = n.Stale(w.now, uint32(f.key))
	}
	if s.m.cache.coalesce && (asks || !aside) {
		if lead, _ := n.flights.Join(uint32(f.key), i); !lead {
			f.state, f.pending = waiting, 1
			in.away++
			w.release(in, s)
			s.away.add(w.now)
			return true
		}
		if aside {
			w.lead(f)
		}
	}
	if aside {
		w.finish(i, f, in, s, true)
		return true
	}
	s.looked.Fetches++
	return false
}

// holds tells whether a node has what a request asks for.
func (w *World) holds(n *node, f *frame, s *service) bool {
	if n.Node != nil {
		_, what := n.Get(w.now, uint32(f.key))
		return what == cache.Hit
	}
	m := s.m.cache
	rate := m.hitRate
	if age := w.now - n.since; age < m.refill {
		rate = float64(rate * (float64(age) / float64(m.refill)))
	}
	return drawn(f, forHit, rate)
}

// bring ends the fetch of a cache in front of something: the answer is stored, and
// those who wait for it get it. One that failed may be replaced by a stale entry.
func (w *World) bring(f *frame, in *instance, s *service) {
	failed := f.cause&inherited != 0 && f.root() != trace.None && !f.degraded()
	if f.step != fetched && (f.step != 0 || !failed) {
		return // it did not fetch
	}
	n, key := &w.nodes[in.node], uint32(f.key)
	if f.root() == trace.None {
		w.store(s, in, f.zone, key, f.key)
	}
	if !s.m.cache.coalesce {
		w.serveStale(n, f, s)
		return
	}
	mark, cause := f.mark&^priorityBits, f.cause
	w.serveStale(n, f, s)
	for all := n.flights.End(key); ; {
		i, ok := all.Next(&n.flights)
		if !ok {
			return
		}
		g := w.frames.at(i)
		g.mark, g.cause, g.step = g.mark&priorityBits|mark, cause, told
		w.serveStale(n, g, s)
		w.finish(i, g, in, s, false)
		n = &w.nodes[in.node]
	}
}

// serveStale answers a request whose fetch failed with what has expired.
func (w *World) serveStale(n *node, f *frame, s *service) {
	if !s.m.cache.stale || f.root() == trace.None || f.degraded() {
		return
	}
	if _, ok := n.Stale(w.now, uint32(f.key)); ok {
		cause, root := f.cause&^inherited, f.root()
		f.mark &= priorityBits
		f.degrade(cause, root)
		s.looked.StaleServed++
	}
}

// store puts a key into the nodes that have its copies: the one that fetched it, or as
// a caller in a zone knows them.
func (w *World) store(s *service, in *instance, zone uint8, key uint32, luck uint64) {
	m := s.m.cache
	if m.knob {
		return
	}
	r := des.From(luck, forEviction)
	if in != nil && m.replicas == 1 {
		w.nodes[in.node].Put(w.now, key, 0, r.Uint64())
		return
	}
	p := w.keepers(s, zone)
	if in != nil {
		w.nodes[in.node].Put(w.now, key, 0, r.Uint64())
	}
	if len(p.from) == 0 {
		return
	}
	for _, i := range w.copies(s, p, key) {
		if to := &w.insts[i]; to.answers && to != in {
			w.nodes[to.node].Put(w.now, key, 0, r.Uint64())
		}
	}
}

// keepers are those who a caller in a zone believes to hold keys.
func (w *World) keepers(s *service, zone uint8) *choice {
	p, _ := w.choiceOf(s, w.viewOf(s, nil), int(zone))
	return p
}

// keeper is the instance that a request asks for its key: of the copies the one in
// its own zone, or else the first.
func (w *World) keeper(s *service, p *choice, f *frame) int32 {
	copies := w.copies(s, p, uint32(f.key))
	for _, i := range copies {
		if w.insts[i].zone == int32(f.zone) {
			return i
		}
	}
	return copies[0]
}

// copies are the instances that have a key.
func (w *World) copies(s *service, p *choice, key uint32) []int32 {
	m := s.m.cache
	if !p.placed {
		stream := des.Stream(0, "ring", s.m.name)
		p.keys.follow(&m.placement, p.from, func(i int32) uint64 {
			in := &w.insts[i]
			return des.Mix(stream, uint64(in.zone)<<32|uint64(in.place))
		})
		p.placed = true
	}
	w.copied = append(w.copied[:0], make([]int32, m.replicas)...)
	if m.replicas == 1 {
		w.copied[0] = p.keys.at(m.placement.Hashing).Place(uint64(key))
		return w.copied
	}
	return p.keys.at(m.placement.Hashing).Replicas(uint64(key), w.zoneOf, w.copied)
}

// placed is a placement of any hashing.
type placed struct {
	ring       policy.Ring
	modulo     policy.Modulo
	jump       policy.Jump
	rendezvous policy.Rendezvous
}

type placer interface {
	Follow(members []int32, identity func(instance int32) uint64)
	Place(key uint64) int32
	Replicas(key uint64, zones, to []int32) []int32
}

func (p *placed) at(h topology.Hashing) placer {
	switch h {
	case topology.Modulo:
		return &p.modulo
	case topology.Jump:
		return &p.jump
	case topology.Rendezvous:
		return &p.rendezvous
	default:
		return &p.ring
	}
}

func (p *placed) follow(m *topology.Placement, members []int32, identity func(instance int32) uint64) {
	p.ring.VirtualNodes = m.VNodes
	p.at(m.Hashing).Follow(members, identity)
}

// asks tells whether an edge is to a look-aside cache.
func (e *edgeModel) asks() bool { return e.guard != nil && e.guard.asksFor >= 0 }

// unshare gives a copied node everything of its own.
func (n *node) unshare() {
	if n.Node != nil {
		n.Node = n.Clone()
	}
	n.flights, n.late = n.flights.Clone(), slices.Clone(n.late)
}

// settleLookups moves what was counted since the last edge to where it belongs.
func (s *service) settleLookups(m *meter) {
	s.lookups[m.phase].Add(s.looked)
	s.hits[m.win] += uint32(s.looked.Hits)
	s.misses[m.win] += uint32(s.looked.Misses)
	s.looked = trace.Lookups{}
}

// Flush implements scenarios.Target. Fetches under way go on and are stored.
func (w *World) Flush(instance int, fault string) {
	i := int32(instance)
	w.strikeOne(i, fault)
	w.empty(&w.insts[i])
	w.log(fault, w.name(i), "emptied")
}
