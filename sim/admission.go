package sim

import (
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/policy"
)

// Who gets into an instance, and who of those that waited is served after all.

// reachSpecial: a request is at the address of an instance that is choosy.
func (w *World) reachSpecial(i int32, f *frame, in *instance, s *service, op *opModel) {
	f.state = travelling // without a hop it has none yet
	switch {
	case s.m.cancel && w.abandoned(f):
		w.reject(i, f, in, trace.Timeout)
	case w.full(f.priority(), in, s):
		w.reject(i, f, in, trace.Rejected)
	case in.busy < s.slots:
		w.start(i, f, in, s, op, true)
	case in.queued < s.room:
		w.enqueueSpecial(i, f, in, s)
	default:
		w.reject(i, f, in, trace.Rejected)
	}
}

// full tells whether an instance holds as many as it takes of a priority. Higher
// ones may use more of its limits.
func (w *World) full(p priority, in *instance, s *service) bool {
	n := int64(in.inFlight())
	if n >= s.m.inFlight[p] {
		return true
	}
	if !s.m.adaptive {
		return false
	}
	limit := int64(w.disciplines[in.discipline].gradient.Limit(&s.m.gradient))
	return n >= policy.Admits(limit, w.m.below[p])
}

// inFlight counts the requests at an instance: waiting, in service, or waiting for
// their calls.
func (in *instance) inFlight() int32 { return in.busy + in.queued + in.away }

// serveNext gives a free slot to the next of the queue that is to be served. Those
// that are not to be are answered when that is done, or a retry could overtake.
func (w *World) serveNext(in *instance, s *service) {
	d := &w.disciplines[in.discipline]
	out := turnedAway{first: nobody, last: nobody}
	if s.m.codel[normal].Interval > 0 {
		w.shedOverdue(&out, d, in, s)
	}
	for in.queued > 0 {
		i := d.next(w.now, s)
		f := w.frames.at(i)
		in.queued--
		s.queue.sub(w.now)
		if !s.m.cancel || !w.abandoned(f) {
			w.start(i, f, in, s, w.edges[f.edge].op, false)
			break
		}
		w.turnAway(&out, i, f, in, trace.Timeout)
	}
	for i := out.first; i != nobody; {
		f := w.frames.at(i)
		next := f.next
		w.reply(i, f, in)
		i = next
	}
}

// shedOverdue takes out of the queue who has waited too long: the oldest, whoever
// is next, and of those the least important first.
func (w *World) shedOverdue(out *turnedAway, d *discipline, in *instance, s *service) {
	for k := priorities - 1; k >= 0; k-- {
		for r := &d.rings[k]; r.n > 0; {
			i := r.first()
			f := w.frames.at(i)
			reason := trace.Rejected
			switch {
			case s.m.cancel && w.abandoned(f):
				reason = trace.Timeout
			case !s.m.codel[f.priority()].Drop(&d.backlog, w.now, w.now-f.arrived, int(in.queued)):
				reason = trace.None
			}
			if reason == trace.None {
				break
			}
			r.oldest()
			in.queued--
			s.queue.sub(w.now)
			w.turnAway(out, i, f, in, reason)
		}
	}
}

// turnedAway are those who waited and are not served, a list through the frames.
type turnedAway struct{ first, last int32 }

// turnAway puts one among them. Its time there counts: Little's law is about all who
// came in.
func (w *World) turnAway(out *turnedAway, i int32, f *frame, in *instance, reason trace.Reason) {
	s := &w.services[in.service]
	s.wait.record(w.now - f.arrived)
	if sojourn := w.now - f.arrived; f.sent >= w.meter.cut {
		s.sojourn.now.record(sojourn)
	} else {
		w.meter.servedLate(s, f.sent, sojourn)
	}
	f.fail(uint16(in.service), reason)
	f.state, f.next = replying, nobody
	if out.first == nobody {
		out.first = i
	} else {
		w.frames.at(out.last).next = i
	}
	out.last = i
}

// leave: a request is about to leave its instance with an answer.
//
//go:noinline // the plain path is shorter without
func (w *World) leave(f *frame, in *instance, s *service) {
	f.state = replying // what the next of the queue sets off finds no caller in it
	if s.m.adaptive {
		w.disciplines[in.discipline].gradient.Done(&s.m.gradient, w.now, w.now-f.arrived, int(in.inFlight()))
	}
	if s.m.cache != nil {
		w.bring(f, in, s)
	}
	w.malform(f, in)
}
