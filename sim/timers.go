package sim

import "github.com/silverback-sim/silverback/sim/des"

// Timeouts of one constant length end in the order in which they were set: each
// length has a line, a doubly linked list through the frames, so that an answer
// unlinks its frame at once and memory follows what is in flight, not rate times
// timeout. Only the head's time matters, and lazily: armed may be too early.
//
// At equal times a timeout comes last: an answer that arrives at the very moment
// of the timeout has arrived.
type timerLine struct {
	delay      des.Time
	head, tail int32
	armed      des.Time // not later than the head's time; Never if empty when it last fired
}

// startTimer links a frame that is sent now.
func (w *World) startTimer(i int32, f *frame, line uint16) {
	l := &w.timers[line]
	f.tnext, f.tprev = nobody, l.tail
	if l.tail == nobody {
		l.head = i
		if l.armed == des.Never {
			l.armed = w.now + l.delay
			if l.armed < w.timerAt {
				w.timerAt = l.armed
				w.outside()
			}
		}
	} else {
		w.frames.at(l.tail).tnext = i
	}
	l.tail = i
}

// stopTimer unlinks a frame; its caller does not wait any more.
func (w *World) stopTimer(f *frame) {
	l := &w.timers[w.m.edges[f.edge].timer]
	if f.tprev == nobody {
		l.head = f.tnext
	} else {
		w.frames.at(f.tprev).tnext = f.tnext
	}
	if f.tnext == nobody {
		l.tail = f.tprev
	} else {
		w.frames.at(f.tnext).tprev = f.tprev
	}
	f.tprev = detached
}

// fireTimers ends the attempts whose time is up now.
func (w *World) fireTimers() {
	for k := range w.timers {
		l := &w.timers[k]
		for l.armed <= w.now {
			if l.head == nobody {
				l.armed = des.Never
				break
			}
			f := w.frames.at(l.head)
			if due := f.sent + l.delay; due > w.now {
				l.armed = due
				break
			}
			w.timeout(l.head, f)
		}
	}
	w.timerAt = des.Never
	for k := range w.timers {
		w.timerAt = min(w.timerAt, w.timers[k].armed)
	}
	w.outside()
}
