package sim

import (
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// takeDown empties the instances marked for it: what they hold is reset
// (refused, one hop later) or vanishes. Deaths are rare, so no list of an
// instance's requests is kept; all frames are looked through once for all
// instances that die together. Resets are sent when all is empty: without
// network delay they are felt at once, also by callers that die here.
func (w *World) takeDown() {
	w.resets = w.resets[:0]
	n := int32(len(w.frames.chunks)) << chunkBits
	for i := range n {
		f := w.frames.at(i)
		if f.inst < 0 || !w.insts[f.inst].purge {
			continue
		}
		switch f.state {
		case queued, waiting, working, frozenWork:
			w.drop(i, f)
		default: // on the network, or nothing more to come
		}
	}
	for _, i := range w.dying {
		in := &w.insts[i]
		in.purge, in.busy, in.queued, in.away, in.head, in.tail = false, 0, 0, 0, nobody, nobody
		if in.cores >= 0 {
			c := &w.cores[in.cores]
			c.done, c.due = c.done[:0], des.Never
		}
		if in.discipline != nobody {
			w.disciplines[in.discipline].reset()
		}
		if in.node != nobody {
			w.resetNode(in)
		}
	}
	w.dying = w.dying[:0]
	for _, i := range w.resets {
		f := w.frames.at(i)
		w.reply(i, f, &w.insts[f.inst])
	}
}

// drop takes one request away from its dying instance.
func (w *World) drop(i int32, f *frame) {
	in := &w.insts[f.inst]
	s := &w.services[in.service]
	w.befell(f, died)
	st := f.state
	switch {
	case st == queued:
		s.queue.sub(w.now)
	case st == working || st == frozenWork || w.edges[f.edge].op.blocking:
		s.held.sub(w.now)
	default:
		s.away.sub(w.now)
	}
	if st == working && in.cores >= 0 {
		c := &w.cores[in.cores]
		if len(c.done) <= int(s.m.cores) {
			s.busyCores.sub(w.now)
		}
		c.done = c.done[:len(c.done)-1] // which does not matter: all go
	}
	if st == working && in.cores < 0 {
		i, f = w.moveOut(f)
	}
	if !f.attached() {
		w.frames.give(i, f)
		return
	}
	if in.mode == topology.Blackhole {
		f.state = gone
		return
	}
	f.fail(uint16(in.service), trace.Refused)
	f.state = replying // and not gone: another reset may make its caller give it up before
	w.resets = append(w.resets, i)
}

// moveOut gives the attempt a new frame, because an event of the old one is
// pending; that frame is freed when the event is due.
func (w *World) moveOut(f *frame) (int32, *frame) {
	j, g := w.frames.take()
	gen := g.gen
	*g = *f
	g.gen = gen
	g.next = nobody
	if f.attached() {
		if w.edges[f.edge].guard != nil {
			w.moved(f.ref, f, j)
		}
		w.frames.at(f.tprev).tnext = j
		w.frames.at(f.tnext).tprev = j
	}
	f.tprev = detached
	f.inst = nobody
	f.state = gone
	return j, g
}
