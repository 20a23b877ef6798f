package sim

import (
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
)

// Hedges: while a try has no answer, further attempts are made one after the
// other, and the first good answer wins (Dean and Barroso, "The Tail at Scale",
// CACM 56(2), 2013). A hedge is an attempt: it passes the gate, draws its own luck
// and has its own timeout.

// planHedge sets when the next hedge of a call is due, k being its record and f
// one of its attempts.
func (w *World) planHedge(k uint64, f *frame) {
	c := &w.calls.all[k]
	m := w.edges[f.edge].guard
	wait := des.Time(-1)
	if m.percentile > 0 {
		known := false
		if wait, known = w.gates[c.gate].latencies.Percentile(m.percentile); !known {
			return
		}
	}
	i, h := w.frames.take()
	h.ref, h.edge, h.zone, h.attempt = uint64(c.gen)<<32|k, f.edge, f.zone, c.try
	h.state, h.mark = hedging, f.mark&priorityBits
	if wait < 0 {
		w.inLine(i, m.hedge.line)
		return
	}
	w.set.Push(des.NewEvent(w.now+wait, w.nextSeq(), uint32(i)))
}

// hedgeDue makes a hedge in the frame that was waiting for its time, if its try is
// still without an answer and somebody wants one. An answer that comes at this very
// moment has come: the hedge lets pass first what else happens now.
func (w *World) hedgeDue(i int32, f *frame) {
	k := f.ref & (1<<32 - 1)
	c := &w.calls.all[k]
	e := &w.edges[f.edge]
	if c.gen != uint32(f.ref>>32) || c.try != f.attempt || !w.hasTime(c, e) || !w.wanted(c, e) {
		w.frames.give(i, f)
		return
	}
	if f.step == 0 {
		f.step = 1
		w.set.Push(des.NewEvent(w.now, w.nextSeq(), uint32(i)))
		return
	}
	f.step = 0
	c.hedges++
	f.key, f.ref = c.key+uint64(c.hedges)*w.m.perHedge, k
	if c.hedges < e.guard.hedges {
		w.planHedge(k, f)
	}
	f.pending = aHedge
	w.send(i, f)
}

// hasTime tells whether an attempt is out that is not given up right now.
func (w *World) hasTime(c *call, e *edgeModel) bool {
	for _, a := range c.out[:c.n] {
		if w.frames.at(a.frame).sent+w.timers[e.timer].delay > w.now {
			return true
		}
	}
	return false
}

// giveUpOthers: the call has its answer; what its other attempts still do is for
// nobody. They count as answered: nobody can blame the component for them.
func (w *World) giveUpOthers(c *call, e *edgeModel) {
	for c.n > 0 {
		c.n--
		a := c.out[c.n]
		f := w.frames.at(a.frame)
		w.stopTimer(f)
		if w.spans != nil {
			w.spans.dropped(w, f)
		}
		if f.inst >= 0 {
			w.inFlight[f.inst]--
			w.meter.settled(&w.services[e.service], f.sent, trace.None)
		}
		w.unlearn(c, a, e)
		if f.state == gone {
			w.frames.give(a.frame, f)
		}
	}
}
