package sim

import (
	"math"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
)

// A guarded edge has more than a timeout and retries: a gate through which its
// attempts pass, or hedges. Its attempts share a call record, to which their ref
// leads; what they do is told to the gate and to the call, and the call tells its
// caller. Attempts of plain edges refer to their caller themselves.

// noCaller leads to nobody: frames' uses are not as many.
const noCaller = math.MaxUint32 << 32

// maxHedges of one try.
const maxHedges = 10

// call is what the attempts of one call over a guarded edge have in common. A try
// is the first attempt or a retry, with its hedges.
type call struct {
	ref    uint64 // the parent, or when a client made the first attempt
	key    uint64 // of the present try; its hedges have keys derived from it
	gen    uint32 // of this use of the record
	gate   int32  // in World.gates
	data   uint32 // the key of it, where a look-aside cache is asked first
	node   int32  // the instance of that for which it fetches,
	life   uint32 // in this life
	leads  bool   // if it does
	stale  bool   // the cache has something stale
	epoch  uint32 // of the gate: after its instance's death it is another's
	next   int32  // in the free list
	try    uint8  // 0 = first
	hedges uint8  // of the present try
	n      uint8  // attempts out
	out    [1 + maxHedges]attempt
}

// attempt of a call that is out: it has passed the gate and has no outcome yet.
type attempt struct {
	frame  int32
	ticket uint32 // of the breaker
}

// calls is a pool of records.
type calls struct {
	all  []call
	free int32 // head of the free list
}

// openCall begins a call of a guarded edge with its first attempt, whose ref still
// leads to the caller. gates is the first of the caller's.
func (w *World) openCall(f *frame, e *edgeModel, gates int32) {
	k := w.calls.free
	if k == nobody {
		k = int32(len(w.calls.all))
		w.calls.all = append(w.calls.all, call{})
	} else {
		w.calls.free = w.calls.all[k].next
	}
	c := &w.calls.all[k]
	c.leads, c.stale = false, false
	c.ref, c.gate, c.n = f.ref, gates+e.guard.slot, 0
	g := &w.gates[c.gate]
	c.epoch = g.epoch
	if e.guard.budgeted {
		g.budget.Deposit(e.guard.budget)
	}
	f.ref = uint64(k)
}

// close frees a record; hedges that were to come find it stale.
func (p *calls) close(k uint64) {
	c := &p.all[k]
	c.gen++
	c.next = p.free
	p.free = int32(k)
}

// passCall is pass for an attempt of a service's call, which begins with the first.
func (w *World) passCall(i int32, f *frame, e *edgeModel) bool {
	if f.attempt == 0 && f.pending == 0 {
		caller := w.caller
		if p := w.frames.at(int32(uint32(f.ref))); p.gen == uint32(f.ref>>32) {
			caller = p.inst
		}
		w.openCall(f, e, w.insts[caller].gates)
		if e.guard.aside != nil {
			w.askCache(i, f, e)
			return false
		}
	}
	return w.pass(i, f, e)
}

// pass puts attempt i of a guarded edge before its gate. If it is kept back, that
// is its outcome, and its frame is free; a hedge is then just not made.
func (w *World) pass(i int32, f *frame, e *edgeModel) bool {
	if e.guard.asksFor >= 0 {
		f.pending = 0
		return true
	}
	k, hedge := f.ref, f.pending == aHedge
	f.pending = 0
	c := &w.calls.all[k]
	ticket, stop := w.ask(c, e, f.key)
	if !hedge {
		c.key, c.try, c.hedges = f.key, f.attempt, 0
	}
	switch {
	case stop == trace.None:
		c.out[c.n] = attempt{i, ticket}
		c.n++
		if !hedge && e.guard.hedges > 0 {
			w.planHedge(k, f)
		}
		return true
	case !hedge:
		w.resolve(f, e, failure(stop, e.service))
	}
	w.frames.give(i, f)
	return false
}

// settleGuarded tells the gate and the call of an attempt's outcome. A good one
// decides the call; a bad one does if no other attempt is out, who might do better.
func (w *World) settleGuarded(f *frame, e *edgeModel, o outcome) {
	if e.guard.asksFor >= 0 {
		w.asked(f, e, o)
		return
	}
	k := f.ref
	c := &w.calls.all[k]
	if o.kind == trace.None && c.n == 1 && e.guard.usual {
		w.answerCall(k, c, f, e)
		return
	}
	if a, was := w.takeBack(c, f); was {
		w.learn(c, a, e, o)
	}
	if c.n > 0 {
		if o.failed() {
			return
		}
		w.giveUpOthers(c, e)
	}
	ref, key := c.ref, c.key
	if o.failed() && e.triesAgain(f, o) && w.wanted(c, e) && w.affords(c, e) {
		w.retry(f, e, key)
		return
	}
	if e.guard.aside != nil {
		o = w.endAside(k, e, o, f.zone)
	} else {
		w.calls.close(k)
	}
	if e.client < 0 {
		w.conclude(f, e, ref, key, o)
	} else if o.failed() {
		w.clientFailed(f, e, ref, key, o)
	} else {
		w.clientDone(e, key-uint64(f.attempt)*w.m.perTry, des.Time(ref), o)
	}
}

// answerCall ends a call by the good answer of the only attempt that is out, in
// short: its gate is one of the usual.
func (w *World) answerCall(k uint64, c *call, f *frame, e *edgeModel) {
	c.n = 0
	if g := &w.gates[c.gate]; g.epoch == c.epoch {
		g.inFlight--
		if e.guard.breaker {
			w.learnOutcome(g, e.guard, c.out[0].ticket, false)
		}
	}
	ref, key := c.ref, c.key
	w.calls.close(k)
	if e.client >= 0 {
		w.clientDone(e, key-uint64(f.attempt)*w.m.perTry, des.Time(ref), outcome{})
		return
	}
	if p, parent := w.frames.parent(ref); parent != nil {
		w.join(p, parent)
	}
}

// conclude tells the caller that ref leads to what became of its call.
func (w *World) conclude(f *frame, e *edgeModel, ref, key uint64, o outcome) {
	p, parent := w.frames.parent(ref)
	switch {
	case parent == nil: // it has failed or died meanwhile
	case o.kind == trace.None:
		w.join(p, parent)
	case o.kind == asDegraded:
		parent.degrade(o.cause, o.root)
		w.join(p, parent)
	default:
		w.doWithout(p, parent, f, e, ref, key, o)
	}
}

// wanted tells whether somebody waits for a call.
func (w *World) wanted(c *call, e *edgeModel) bool { return e.client >= 0 || !w.ended(c.ref) }

// takeBack removes an attempt from those that are out. One that was kept back at
// the gate never was.
func (w *World) takeBack(c *call, f *frame) (attempt, bool) {
	for j := range c.n {
		if a := c.out[j]; w.frames.at(a.frame) == f {
			c.n--
			c.out[j] = c.out[c.n]
			return a, true
		}
	}
	return attempt{}, false
}

// affords asks the retry budget.
func (w *World) affords(c *call, e *edgeModel) bool {
	return !e.guard.budgeted || w.gates[c.gate].budget.Withdraw()
}

// callerOf returns what leads to the caller of frame f, an attempt or something to
// come of a call between services.
func (w *World) callerOf(f *frame) uint64 {
	if w.edges[f.edge].guard == nil || f.state == substituting {
		return f.ref
	}
	c := &w.calls.all[uint32(f.ref)]
	if f.state == hedging && c.gen != uint32(f.ref>>32) {
		return noCaller // its call is over
	}
	return c.ref
}

// moved: an attempt has got another frame.
func (w *World) moved(k uint64, from *frame, to int32) {
	c := &w.calls.all[k]
	for j := range c.n {
		if w.frames.at(c.out[j].frame) == from {
			c.out[j].frame = to
		}
	}
}
