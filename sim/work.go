package sim

import (
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
)

// workOf a request at its instance: as drawn, slower while the instance is young
// or something is wrong with it, and by whom it shares the instance with.
func (w *World) workOf(f *frame, in *instance, s *service, op *opModel) des.Time {
	r := des.From(f.key, forWork)
	work := op.work.delay.Sample(&r)
	if !s.special {
		return work
	}
	factor := 1.0
	if w.ailing {
		factor = w.ailmentOf(f.inst, op).slowdown
	}
	if in.discipline != nobody {
		factor = float64(factor * s.m.warm.Factor(w.now-w.disciplines[in.discipline].since))
	}
	if s.m.contend > 0 {
		// The first term of the universal scalability law (Gunther, Guerrilla Capacity
		// Planning, 2007), for those in service when the work begins.
		factor = float64(factor * (1 + float64(s.m.contend*float64(in.busy-1))))
	}
	if factor == 1 {
		return work
	}
	// Like every sampled delay, rounded to 1 us.
	return int64(min(float64(float64(work)*factor), longestShare)+500) / 1000 * 1000
}

// startSpecial begins the own work where it may be slowed down, shared, or looked at.
func (w *World) startSpecial(i int32, f *frame, in *instance, s *service, op *opModel, direct bool) {
	if w.spans != nil {
		w.spans.started(w, f)
	}
	if s.cores > 0 {
		w.share(i, f, in, s, op)
		return
	}
	if direct && op.work.line >= 0 && w.m.delays[op.work.line] == 0 {
		w.worked(i, f, in, s)
		return
	}
	w.set.Push(des.NewEvent(w.now+w.workOf(f, in, s, op), w.nextSeq(), uint32(i)))
}

// endsWithWork tells whether a request ends although its calls are still to come:
// it fails with an error, or is to make no calls because nobody waits for it.
//
//go:noinline // the plain path is shorter without
func (w *World) endsWithWork(f *frame, in *instance, s *service) bool {
	op := w.edges[f.edge].op
	if w.ailing && drawn(f, forError, w.ailmentOf(f.inst, op).errors) {
		f.fail(uint16(in.service), trace.Error)
		return true
	}
	return len(op.steps) > 0 && w.cancelled(f, s)
}

// malform draws whether a good answer becomes one that its reader cannot make out.
func (w *World) malform(f *frame, in *instance) {
	if !w.ailing || f.root() != trace.None && !f.degraded() {
		return
	}
	e := &w.edges[f.edge]
	a := w.ailmentOf(f.inst, e.op)
	share := a.badData
	if e.tolerant {
		share -= float64(share * a.salvage)
	}
	if drawn(f, forBadData, share) {
		f.fail(uint16(in.service), trace.Malformed)
	}
}

// drawn tells whether the request's luck for a purpose is among a share.
func drawn(f *frame, purpose uint64, share float64) bool {
	if share == 0 {
		return false
	}
	r := des.From(f.key, purpose)
	return r.Float64() < share
}
