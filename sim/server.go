package sim

import (
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// The instance's side of an attempt: queue, slot, work, calls, reply.

// reach: the request is at the instance's address.
func (w *World) reach(i int32, f *frame, in *instance, s *service, op *opModel) {
	if !in.answers {
		w.atDeadAddress(i, f, in)
		return
	}
	f.arrived = w.now
	switch {
	case in.discipline != nobody:
		w.reachSpecial(i, f, in, s, op)
	case in.busy < s.slots:
		w.start(i, f, in, s, op, true)
	case in.queued < s.room:
		w.enqueue(i, f, in, s)
	default:
		w.reject(i, f, in, trace.Rejected)
	}
}

// reject answers a request that does not get into the instance.
func (w *World) reject(i int32, f *frame, in *instance, reason trace.Reason) {
	f.fail(uint16(in.service), reason)
	w.reply(i, f, in)
}

// atDeadAddress: nobody answers there (for now), or a reset comes back.
func (w *World) atDeadAddress(i int32, f *frame, in *instance) {
	if in.frozen { // it waits in the network's buffers
		f.state = travelling
		w.freezeUp(i, f, f.inst)
		return
	}
	if w.modeAt(in) == topology.Blackhole {
		w.vanish(i, f)
		return
	}
	w.reject(i, f, in, trace.Refused)
}

// vanish ends the instance's part of an attempt without an answer.
func (w *World) vanish(i int32, f *frame) {
	w.befell(f, unanswered)
	if f.attached() {
		f.state = gone
		return
	}
	w.frames.give(i, f)
}

func (w *World) enqueue(i int32, f *frame, in *instance, s *service) {
	s.queue.add(w.now)
	f.state = queued
	f.next = nobody
	if in.queued == 0 {
		in.head = i
	} else {
		w.frames.at(in.tail).next = i
	}
	in.tail = i
	in.queued++
	s.queueMax = max(s.queueMax, int(in.queued))
}

// start begins the own work of a request that has got a slot. direct: it came
// from the network, so work of zero may be called at once; from the queue it
// may not, or a long queue would be a deep recursion.
func (w *World) start(i int32, f *frame, in *instance, s *service, op *opModel, direct bool) {
	in.busy++
	s.held.add(w.now)
	s.wait.record(w.now - f.arrived)
	f.state = working
	switch {
	case s.special:
		w.startSpecial(i, f, in, s, op, direct)
	case op.work.line < 0:
		r := des.From(f.key, forWork)
		w.set.Push(des.NewEvent(w.now+op.work.delay.Sample(&r), w.nextSeq(), uint32(i)))
	case direct && w.m.delays[op.work.line] == 0:
		w.worked(i, f, in, s)
	default:
		w.inLine(i, op.work.line)
	}
}

// worked: the own work is done; now the calls, or the answer.
func (w *World) worked(i int32, f *frame, in *instance, s *service) {
	op := w.edges[f.edge].op
	if s.special {
		if w.endsWithWork(f, in, s) {
			w.finish(i, f, in, s, true)
			return
		}
		if s.m.cache != nil && w.lookUp(i, f, in, s, op) {
			return
		}
	}
	if len(op.steps) == 0 {
		w.finish(i, f, in, s, true)
		return
	}
	f.state = waiting
	if !op.blocking {
		in.away++
		w.release(in, s)
		s.away.add(w.now)
	}
	w.advance(i, f, in, s, op)
}

// advance makes the calls of the next steps until there is one to wait for.
func (w *World) advance(i int32, f *frame, in *instance, s *service, op *opModel) {
	gen, zone := f.gen, uint8(in.zone)
	for int(f.step) < len(op.steps) {
		step := &op.steps[f.step]
		f.pending = step.calls + 1 // one more holds the step open while its calls are made
		skipped := uint16(0)
		if step.calls == 1 {
			if !w.call(i, f, zone, step.first, 0) {
				skipped = 1
			}
		} else {
			skipped = w.callAll(i, f, zone, step)
		}
		if f.gen != gen || f.state != waiting {
			return // a call failed at once, and the request with it
		}
		f.pending -= skipped + 1
		if f.pending > 0 {
			return
		}
		f.step++
	}
	w.finish(i, f, in, s, op.blocking)
}

// callAll sends the calls of one step and returns how many of them their
// probability left out. A call that fails at once may end the caller; its
// siblings are made all the same, in the name of what is kept of it.
func (w *World) callAll(i int32, f *frame, zone uint8, step *stepModel) (skipped uint16) {
	caller := *f
	for k := range step.n {
		edge := step.first + k
		for n := range w.edges[edge].times {
			w.caller = caller.inst
			if !w.call(i, &caller, zone, edge, n) {
				skipped++
			}
		}
	}
	return skipped
}

// call makes the nth call of an edge in the present step of caller i, unless its
// probability leaves it out.
func (w *World) call(i int32, caller *frame, zone uint8, edge, n uint16) bool {
	e := &w.edges[edge]
	key := des.Mix(caller.key, e.salt+(uint64(caller.step)<<16|uint64(n))*forChoice)
	if e.drawn {
		if e.keyed {
			key = e.rekey(key&^w.m.shared | caller.key&w.m.shared)
		}
		if r := des.From(key, forCall); r.Float64() >= e.probability {
			return false
		}
	}
	c, g := w.frames.take()
	g.key, g.ref, g.edge, g.zone = key, ref(i, caller), edge, zone
	g.mark = caller.mark & priorityBits
	w.send(c, g)
	return true
}

// join: one call of the step has its answer.
func (w *World) join(i int32, f *frame) {
	f.pending--
	if f.pending > 0 {
		return
	}
	f.step++
	in, op := &w.insts[f.inst], w.edges[f.edge].op
	s := &w.services[in.service]
	if int(f.step) < len(op.steps) && (!s.special || !w.cancelled(f, s)) {
		w.advance(i, f, in, s, op)
		return
	}
	w.finish(i, f, in, s, op.blocking)
}

// finishWaiting ends a request while it waits for its calls.
func (w *World) finishWaiting(i int32, f *frame) {
	in := &w.insts[f.inst]
	w.finish(i, f, in, &w.services[in.service], w.edges[f.edge].op.blocking)
}

// finish ends a request at its instance and sends the answer. It may hold a slot,
// or have given it back to wait for its calls.
func (w *World) finish(i int32, f *frame, in *instance, s *service, holds bool) {
	if sojourn := w.now - f.arrived; f.sent >= w.meter.cut {
		s.sojourn.now.record(sojourn)
	} else {
		w.meter.servedLate(s, f.sent, sojourn)
	}
	if s.special {
		w.leave(f, in, s)
	}
	if holds {
		w.release(in, s)
	} else {
		in.away--
		s.away.sub(w.now)
	}
	w.reply(i, f, in)
}

// release frees a slot and gives it to the next in the queue.
func (w *World) release(in *instance, s *service) {
	in.busy--
	s.held.sub(w.now)
	s.releases++
	if in.queued == 0 {
		return
	}
	if in.discipline != nobody {
		w.serveNext(in, s)
		return
	}
	i := in.head
	f := w.frames.at(i)
	in.head = f.next
	in.queued--
	s.queue.sub(w.now)
	w.start(i, f, in, s, w.edges[f.edge].op, false)
}

// reply sends the answer, if anybody waits for it.
func (w *World) reply(i int32, f *frame, in *instance) {
	if !f.attached() {
		if w.spans != nil {
			w.spans.replied(w, f)
		}
		w.frames.give(i, f)
		return
	}
	h := w.hop(int(in.zone), int(f.zone))
	switch {
	case w.disturbed && !w.comesBack(i, f, in):
	case h.instant:
		w.replied(i, f)
	default:
		f.state = replying
		w.after(i, &h.timing, f.key, forReply)
	}
}
