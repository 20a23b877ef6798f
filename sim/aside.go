package sim

import "github.com/silverback-sim/silverback/report/trace"

// A look-aside cache is asked before a call is made: with an attempt over an edge of
// its own, which belongs to the same call record and passes no gate. A hit is the
// call's answer. After anything else the call is made, and its good answer stored; to
// store costs the cache no time.

// What frame.pending tells enter and pass of an attempt that is no retry and does not
// begin its call either.
const (
	aHedge      = 1
	afterAsking = 2 // the look-aside cache did not have it
)

// askCache makes a call's first attempt, in frame i, the question to the cache.
func (w *World) askCache(i int32, f *frame, e *edgeModel) {
	w.calls.all[f.ref].data = uint32(f.key)
	f.key += forAside &^ keyBits
	f.edge, f.pending = uint16(e.guard.aside.edge), afterAsking
	w.send(i, f)
}

// asked: the cache has answered, or not.
func (w *World) asked(f *frame, e *edgeModel, o outcome) {
	k := f.ref
	c := &w.calls.all[k]
	target := &w.edges[e.guard.asksFor]
	key := f.key - forAside&^keyBits
	switch {
	case o.kind == trace.None && f.step == found:
		ref := c.ref
		w.closeCall(k, false)
		if target.client >= 0 {
			w.clientDone(target, key, int64(ref), o)
		} else {
			w.conclude(f, target, ref, key, o)
		}
		return
	case !w.wanted(c, target):
		w.closeCall(k, false)
		return
	}
	w.services[e.service].looked.Fetches++
	i, g := w.frames.take()
	if target.guard.aside.scatters {
		key = key&^keyBits | uint64(scattered(uint32(key)))
	}
	g.key, g.ref, g.edge, g.zone, g.pending = key, k, uint16(e.guard.asksFor), f.zone, afterAsking
	g.mark = f.mark & priorityBits
	w.send(i, g)
}

// lead makes the call that asks an instance for a missing key the one that fetches it.
func (w *World) lead(f *frame) {
	c := &w.calls.all[f.ref]
	c.leads, c.node, c.life = true, f.inst, w.nodes[w.insts[f.inst].node].life
}

// endAside ends a call that has been made after its look-aside cache was asked, and
// returns what its caller learns: if it has failed, what the cache had that is stale.
func (w *World) endAside(k uint64, e *edgeModel, o outcome, zone uint8) outcome {
	c := &w.calls.all[k]
	s := &w.services[w.edges[e.guard.aside.edge].service]
	switch {
	case o.kind == trace.None:
		w.store(s, nil, zone, c.data, c.key)
	case o.failed() && c.stale:
		s.looked.StaleServed++
		o.kind = asDegraded
	}
	w.closeCall(k, o.kind == trace.None)
	return o
}

// closeCall ends a call, and its fetch with it if others wait for that.
func (w *World) closeCall(k uint64, good bool) {
	c := &w.calls.all[k]
	leads, i, key, life := c.leads, c.node, c.data, c.life
	w.calls.close(k)
	if !leads || w.nodes[w.insts[i].node].life != life {
		return
	}
	if w.insts[i].frozen {
		n := &w.nodes[w.insts[i].node]
		n.late = append(n.late, landing{key, good})
		return
	}
	w.land(i, landing{key, good})
}

// landing is the end of a fetch by somebody who asked.
type landing struct {
	key  uint32
	good bool
}

// land tells those at an instance who wait for a fetch. Where it failed, the first of
// them who is still waited for goes without an answer and is the next to fetch.
func (w *World) land(i int32, l landing) {
	in := &w.insts[i]
	s := &w.services[in.service]
	n := &w.nodes[in.node]
	if l.good {
		for all := n.flights.End(l.key); ; n = &w.nodes[in.node] {
			j, ok := all.Next(&n.flights)
			if !ok {
				return
			}
			g := w.frames.at(j)
			g.step = found
			w.finish(j, g, in, s, false)
		}
	}
	for {
		j, ok := n.flights.Hand(l.key)
		if !ok {
			return
		}
		g := w.frames.at(j)
		awaited := g.attached()
		if awaited {
			w.lead(g)
		} else {
			g.step = told
		}
		w.finish(j, g, in, s, false)
		if awaited {
			return
		}
	}
}

// landLate tells of what has come while an instance was frozen.
func (w *World) landLate(i int32) {
	n := &w.nodes[w.insts[i].node]
	late := n.late
	n.late = nil
	for _, l := range late {
		w.land(i, l)
	}
}
