package sim

import (
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// The caller's side of an attempt: sent, perhaps lost, answered or given up;
// then retried, substituted, or passed on to whoever waits for it.

// outcome is what a caller learns of an attempt.
type outcome struct {
	reason   trace.Reason // None = answered
	degraded bool
	root     trace.Reason // of the failure or degradation
	cause    uint16       // service at the root
}

// send makes the attempt that frame i describes (key, ref, edge, attempt and,
// of calls, zone).
func (w *World) send(i int32, f *frame) {
	e := &w.m.edges[f.edge]
	f.sent = w.now
	if e.client >= 0 {
		if !w.enter(i, f, e) {
			return
		}
		e = &w.m.edges[f.edge] // its destination may have been drawn just now
	}
	s := &w.services[e.service]
	s.counted.requests++
	inst := w.pick(s, f)
	if inst < 0 {
		w.settle(f, outcome{reason: trace.Unavailable, root: trace.Unavailable, cause: e.service})
		w.frames.give(i, f)
		return
	}
	f.inst = inst
	w.inFlight[inst]++
	w.startTimer(i, f, e.timer)
	if w.lost(f, forLoss) {
		f.setState(gone)
		return
	}
	h := w.hop(int(f.zone), int(w.insts[inst].zone))
	if h.instant {
		w.reach(i, f)
		return
	}
	f.setState(travelling)
	w.after(i, &h.timing, f.key, forHop)
}

// pick an instance that the caller believes healthy, or -1.
func (w *World) pick(s *service, f *frame) int32 {
	from, rr := s.rotation, &s.turn
	if s.m.routing != topology.AnyZone {
		if own := s.inZone[f.zone].rotation; len(own) > 0 || s.m.routing == topology.OnlyZone {
			from, rr = own, &s.inZone[f.zone].turn
		}
	}
	if len(from) == 0 {
		return nobody
	}
	if s.m.balance == topology.RoundRobin {
		return rr.Pick(from)
	}
	r := des.From(f.key, forPick)
	switch s.m.balance {
	case topology.LeastRequests:
		return policy.LeastRequests(from, w.inFlight, r.Uint64())
	case topology.PowerOfTwo:
		return policy.PowerOfTwo(from, w.inFlight, r.Uint64())
	default:
		return policy.Random(from, r.Uint64())
	}
}

func (w *World) hop(from, to int) *hop { return &w.m.hops[from*w.m.zones+to] }

// lost draws whether a message is lost on the network.
func (w *World) lost(f *frame, purpose uint64) bool {
	if w.m.loss == 0 {
		return false
	}
	r := des.From(f.key, purpose)
	return r.Float64() < w.m.loss
}

// replied: the answer of frame i has reached the caller, who may have given up.
func (w *World) replied(i int32, f *frame) {
	if f.attached() {
		w.stopTimer(f)
		w.inFlight[f.inst]--
		o := outcome{degraded: f.degraded(), root: f.root(), cause: f.cause}
		if !o.degraded && o.root != trace.None {
			o.reason = o.root
			if o.cause != w.m.edges[f.edge].service {
				o.reason = trace.Dependency
			}
		}
		w.settle(f, o)
	}
	w.frames.give(i, f)
}

// timeout: the caller of frame i gives up. The instance does not know.
func (w *World) timeout(i int32, f *frame) {
	w.stopTimer(f)
	if f.inst >= 0 {
		w.inFlight[f.inst]--
	}
	w.settle(f, outcome{reason: trace.Timeout, root: trace.Timeout, cause: w.m.edges[f.edge].service})
	if f.state() == gone {
		w.frames.give(i, f)
	}
}

// settle counts an attempt's outcome and tells whoever waits for it. The frame
// stays the caller of settle's to free.
func (w *World) settle(f *frame, o outcome) {
	e := &w.m.edges[f.edge]
	if f.inst >= 0 || o.reason == trace.Unavailable {
		w.meter.settled(&w.services[e.service], f.sent, o)
	}
	if e.client >= 0 {
		w.clientSettled(f, e, o)
		return
	}
	p, parent := w.frames.parent(f.ref)
	if parent == nil {
		return // the caller has failed or died meanwhile
	}
	switch {
	case o.reason == trace.None:
		if o.degraded {
			parent.degrade(o.cause, o.root)
		}
		w.join(p, parent)
	case f.attempt < e.retries:
		w.retry(f, e)
	case e.fallback:
		w.substitute(f, e, o)
	case e.optional:
		parent.degrade(o.cause, o.root)
		w.join(p, parent)
	default:
		parent.fail(o.cause, o.root)
		w.finish(p, parent)
	}
}

// retry makes the next attempt after its backoff.
func (w *World) retry(f *frame, e *edgeModel) {
	i, g := w.frames.take()
	g.key, g.ref, g.edge, g.zone = f.key+perAttempt, f.ref, f.edge, f.zone
	g.attempt = f.attempt + 1
	wait := backoff(g, e)
	if wait == 0 {
		w.send(i, g)
		return
	}
	g.setState(paused)
	w.set.Push(des.NewEvent(w.now+wait, w.nextSeq(), uint32(i)))
}

// backoff before attempt g.attempt. A decorrelated wait depends on the waits
// before it, which are drawn again rather than remembered.
func backoff(g *frame, e *edgeModel) des.Time {
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
		r := des.From(g.key-uint64(n-k)*perAttempt, forBackoff)
		wait = e.backoff.Wait(k, wait, r.Float64())
	}
	return (wait + 500) / 1000 * 1000 // sampled delays are rounded to 1 us
}

// substitute makes the fallback's answer in place of a failed call.
func (w *World) substitute(f *frame, e *edgeModel, o outcome) {
	i, g := w.frames.take()
	g.key, g.ref, g.edge, g.zone = f.key, f.ref, f.edge, f.zone
	g.fail(o.cause, o.root)
	if fixed, ok := e.substitute.delay.Fixed(); ok && fixed == 0 {
		w.substituted(i, g)
		return
	}
	g.setState(substituting)
	w.after(i, &e.substitute, g.key, forSubstitute)
}

func (w *World) substituted(i int32, g *frame) {
	p, parent := w.frames.parent(g.ref)
	cause, root := g.cause, g.root()
	w.frames.give(i, g)
	if parent != nil {
		parent.degrade(cause, root)
		w.join(p, parent)
	}
}
