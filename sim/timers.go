package sim

import "github.com/silverback-sim/silverback/sim/des"

// Timeouts of one constant length end in the order in which they were set: each
// length has a line, a doubly linked list through the frames, so that an answer
// unlinks its frame at once and memory follows what is in flight, not rate times
// timeout. Only the head's time matters, and lazily: armed may be too early.
//
// At equal times a timeout comes last: an answer that arrives at the very moment
// of the timeout has arrived.
//
// The list is a ring through a frame of its own, so that linking has no cases.
type timerLine struct {
	delay des.Time
	armed des.Time // not later than the head's time; Never if empty when it last fired
	ends  *frame   // between tail and head
	index int32    // of ends
}

func (w *World) openTimers() {
	w.timerAt = des.Never
	w.late = w.newTimerLine(0)
	for _, d := range w.m.timeouts {
		w.timers = append(w.timers, w.newTimerLine(max(1, d)))
	}
}

func (w *World) newTimerLine(delay des.Time) timerLine {
	i, f := w.frames.take()
	f.tnext, f.tprev = i, i
	return timerLine{delay: delay, armed: des.Never, ends: f, index: i}
}

// link frame i into a line in front of another, or of its end.
func (w *World) link(i int32, f *frame, before int32) {
	next := w.frames.at(before)
	f.tprev, f.tnext = next.tprev, before
	w.frames.at(next.tprev).tnext = i
	next.tprev = i
}

// startTimer links a frame that is sent now.
func (w *World) startTimer(i int32, f *frame, line uint16) {
	l := &w.timers[line]
	tail := l.ends.tprev
	f.tprev, f.tnext = tail, l.index
	w.frames.at(tail).tnext = i
	l.ends.tprev = i
	if l.armed == des.Never {
		w.arm(l)
	}
}

func (w *World) arm(l *timerLine) {
	l.armed = w.now + l.delay
	w.timerAt = min(w.timerAt, l.armed)
	w.outside()
}

// stopTimer unlinks a frame; its caller does not wait any more.
func (w *World) stopTimer(f *frame) {
	w.frames.at(f.tprev).tnext = f.tnext
	w.frames.at(f.tnext).tprev = f.tprev
	f.tprev = detached
}

// fireTimers ends the attempts whose time is up now.
func (w *World) fireTimers() {
due:
	for k := range w.timers {
		l := &w.timers[k]
		for l.armed <= w.now {
			head := l.ends.tnext
			if head == l.index {
				l.armed = des.Never
				break
			}
			f := w.frames.at(head)
			if due := f.sent + l.delay; due > w.now {
				l.armed = due
				break
			}
			w.timeout(head, f)
			if w.set.Min().At <= w.now {
				break due // what a timeout has set off at once comes before the next
			}
		}
	}
	w.timerAt = des.Never
	for k := range w.timers {
		w.timerAt = min(w.timerAt, w.timers[k].armed)
	}
	w.outside()
}
