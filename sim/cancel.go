package sim

import "github.com/silverback-sim/silverback/report/trace"

// Cancellation: a service that cancels (gRPC's deadline propagation) does not
// begin work that nobody waits for, and makes no calls or retries for it. Work
// that has begun goes on to its end.

// abandoned tells whether nobody waits for what will come of an attempt: its
// caller has given up, or somebody further up the chain of waiting callers has.
func (w *World) abandoned(f *frame) bool {
	for f.attached() {
		if w.edges[f.edge].client >= 0 {
			return false
		}
		_, caller := w.frames.parent(w.callerOf(f))
		if caller == nil {
			return true
		}
		f = caller
	}
	return true
}

// cancelled fails a request that is to make no more calls because nobody waits for
// it.
func (w *World) cancelled(f *frame, s *service) bool {
	if !s.m.cancel || !w.abandoned(f) {
		return false
	}
	f.fail(uint16(s.index), trace.Timeout)
	return true
}

// ended tells whether a request that made a call does not wait for it any more, or
// ends now because nobody waits for itself. It then makes no retry.
func (w *World) ended(ref uint64) bool {
	i, f := w.frames.parent(ref)
	if f == nil {
		return true
	}
	in := &w.insts[f.inst]
	s := &w.services[in.service]
	if !s.special || !w.cancelled(f, s) {
		return false
	}
	w.finish(i, f, in, s, w.edges[f.edge].op.blocking)
	return true
}
