package sim

import (
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
)

// The caller's side of an attempt: sent, perhaps lost, answered or given up;
// then retried, substituted, or passed on to whoever waits for it.

// outcome is what a caller learns of an attempt.
type outcome struct {
	kind  trace.Reason // None = answered, asDegraded = in part, else the reason of the failure
	root  trace.Reason // of the failure or degradation
	cause uint16       // service at the root
}

// asDegraded is the kind of a degraded answer.
const asDegraded = trace.Reasons

func failure(reason trace.Reason, service uint16) outcome { return outcome{reason, reason, service} }

func (o outcome) failed() bool { return o.kind != trace.None && o.kind != asDegraded }

// answer of a frame that has been replied to.
func (f *frame) answer() outcome {
	o := outcome{trace.None, f.root(), f.cause &^ inherited}
	switch {
	case f.degraded():
		o.kind = asDegraded
	case f.cause&inherited != 0:
		o.kind = trace.Dependency
	default:
		o.kind = o.root
	}
	return o
}

// send makes the attempt that frame i describes (key, ref, edge, attempt and,
// of calls, zone).
func (w *World) send(i int32, f *frame) {
	e := &w.edges[f.edge]
	f.sent = w.now
	if !e.plain {
		if e.client >= 0 {
			if e = w.enter(i, f, e); e == nil {
				return
			}
		} else if !w.passCall(i, f, e) {
			return
		}
	}
	s := &w.services[e.service]
	s.counted.requests++
	inst := w.pick(s, f)
	if inst < 0 {
		w.resolve(f, e, failure(trace.Unavailable, e.service))
		w.frames.give(i, f)
		return
	}
	f.inst = inst
	w.inFlight[inst]++
	w.startTimer(i, f, e.timer)
	in := &w.insts[inst]
	h := w.hop(int(f.zone), int(in.zone))
	switch {
	case w.disturbed && !w.goesOut(i, f, in):
	case h.instant:
		w.reach(i, f, in, s, e.op)
	default:
		f.state = travelling
		w.after(i, &h.timing, f.key, forHop)
	}
}

func (w *World) hop(from, to int) *hop { return &w.hops[from*len(w.zones)+to] }

// replied: the answer of frame i has reached the caller, who may have given up.
func (w *World) replied(i int32, f *frame) {
	if f.attached() {
		if w.frozen > 0 {
			if f.state = replying; w.callerIsFrozen(i, f) {
				return
			}
		}
		e := &w.edges[f.edge]
		w.stopTimer(f)
		w.inFlight[f.inst]--
		if f.mark&^priorityBits == 0 && !w.watching {
			w.settle(f, e, outcome{})
		} else {
			w.resolveAnswer(f, e)
		}
	}
	w.frames.give(i, f)
}

// timeout: the caller of frame i gives up. The instance does not know.
func (w *World) timeout(i int32, f *frame) {
	if w.frozen > 0 && w.overdue(i, f) {
		return
	}
	e := &w.edges[f.edge]
	w.stopTimer(f)
	if f.inst >= 0 {
		w.inFlight[f.inst]--
	}
	over := f.state == gone // if not, its instance gives it, maybe while this is settled
	w.resolve(f, e, failure(trace.Timeout, e.service))
	if over {
		w.frames.give(i, f)
	}
}

// resolve settles an attempt after a look at its outcome, if anybody looks.
func (w *World) resolve(f *frame, e *edgeModel, o outcome) {
	if w.watching {
		o = w.watch(f, e, o)
	}
	w.settle(f, e, o)
}

//go:noinline // the plain path is shorter without
func (w *World) resolveAnswer(f *frame, e *edgeModel) { w.resolve(f, e, f.answer()) }

// settle counts an attempt's outcome and tells whoever waits for it. The frame
// stays the caller of settle's to free.
func (w *World) settle(f *frame, e *edgeModel, o outcome) {
	if f.inst >= 0 || o.kind == trace.Unavailable {
		w.meter.settled(&w.services[e.service], f.sent, o.kind)
	}
	if !e.plain {
		if e.guard != nil {
			w.settleGuarded(f, e, o)
		} else {
			w.clientSettled(f, e, o)
		}
		return
	}
	p, parent := w.frames.parent(f.ref)
	switch {
	case parent == nil: // the caller has failed or died meanwhile
	case o.kind == trace.None:
		w.join(p, parent)
	case o.kind == asDegraded:
		parent.degrade(o.cause, o.root)
		w.join(p, parent)
	case e.triesAgain(f, o):
		w.retry(f, e, f.key)
	default:
		w.doWithout(p, parent, f, e, f.ref, f.key, o)
	}
}

// triesAgain tells whether a failed attempt is followed by another. What failed
// by a dependency of its own is an error to its caller.
func (e *edgeModel) triesAgain(f *frame, o outcome) bool {
	return f.attempt < e.retries && e.on>>o.kind&1 != 0
}

// doWithout: a call has failed for good, and its caller p goes on without the
// answer or fails as well. ref leads to the caller, key is that of the last try.
func (w *World) doWithout(p int32, parent *frame, f *frame, e *edgeModel, ref, key uint64, o outcome) {
	switch {
	case e.fallback:
		w.substitute(f, e, ref, key, o)
	case e.optional:
		parent.degrade(o.cause, o.root)
		w.join(p, parent)
	default:
		parent.fail(o.cause|inherited, o.root)
		w.finishWaiting(p, parent)
	}
}

// instantRetry is the least time between attempts that fail without taking any:
// time must go on, and retries of retries must not become a deep recursion.
const instantRetry = 1000

// retry makes the next attempt after its backoff. key is that of the try that has
// failed.
func (w *World) retry(f *frame, e *edgeModel, key uint64) {
	if e.client < 0 && e.guard == nil && w.ended(f.ref) {
		return
	}
	i, g := w.frames.take()
	g.key, g.ref, g.edge, g.zone = key+w.m.perTry, f.ref, f.edge, f.zone
	g.attempt, g.mark = f.attempt+1, f.mark&priorityBits
	wait := w.backoff(g, e)
	if wait == 0 && f.sent == w.now {
		wait = instantRetry
	}
	if wait == 0 {
		w.send(i, g)
		return
	}
	g.state = paused
	w.set.Push(des.NewEvent(w.now+wait, w.nextSeq(), uint32(i)))
}

// resume sends a retry, or a user's next request, after its pause. A caller that
// has failed or died meanwhile makes no more retries.
func (w *World) resume(i int32, f *frame) {
	if e := &w.edges[f.edge]; e.client < 0 && w.ended(w.callerOf(f)) {
		if e.guard != nil {
			w.closeCall(f.ref, false)
		}
		w.frames.give(i, f)
		return
	}
	w.send(i, f)
}

// backoff before attempt g.attempt. A decorrelated wait depends on the waits
// before it, which are drawn again rather than remembered.
func (w *World) backoff(g *frame, e *edgeModel) des.Time {
	if e.backoff.Initial == 0 {
		return 0
	}
	n := int(g.attempt)
	first := n
	if e.backoff.Jitter == policy.DecorrelatedJitter {
		first = 1
	}
	var wait des.Time
	for k := first; k <= n; k++ {
		r := des.From(g.key-uint64(n-k)*w.m.perTry, forBackoff)
		wait = e.backoff.Wait(k, wait, r.Float64())
	}
	return (wait + 500) / 1000 * 1000 // sampled delays are rounded to 1 us
}

// substitute makes the fallback's answer in place of a failed call, for the caller
// that ref leads to. key is that of the last try.
func (w *World) substitute(f *frame, e *edgeModel, ref, key uint64, o outcome) {
	if w.spans != nil {
		w.spans.substitute(w, key)
	}
	i, g := w.frames.take()
	g.key, g.ref, g.edge, g.zone, g.attempt = key, ref, f.edge, f.zone, f.attempt
	g.fail(o.cause, o.root)
	if fixed, ok := e.substitute.delay.Fixed(); ok && fixed == 0 {
		w.substituted(i, g)
		return
	}
	g.state = substituting
	w.after(i, &e.substitute, g.key, forSubstitute)
}

func (w *World) substituted(i int32, g *frame) {
	cause, root := g.cause, g.root()
	if w.spans != nil {
		w.spans.substituted(w, g.key)
	}
	if e := &w.edges[g.edge]; e.client >= 0 {
		first, key := des.Time(g.ref), w.firstKey(g)
		w.frames.give(i, g)
		w.clientDone(e, key, first, outcome{asDegraded, root, cause})
		return
	}
	p, parent := w.frames.parent(g.ref)
	w.frames.give(i, g)
	if parent != nil {
		parent.degrade(cause, root)
		w.join(p, parent)
	}
}
