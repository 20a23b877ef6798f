package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
)

// Pauses freeze instances, as a long garbage collection or a stopped container
// does. Nothing that a frozen instance would do is done: its work stands still,
// what comes for it (requests, answers to its calls, its timers) is put on ice.
// When it goes on, its work takes what it had left; then comes what was on ice,
// in the order in which it came, and at last the timeouts that are overdue: an
// answer that was there before its caller looked at the clock is an answer.
//
// Pauses are rare, so nothing is kept for them: what is pending is looked through.

// onIce is something that a frozen instance would have done or received.
type onIce struct {
	frame int32
	inst  int32    // that is frozen
	then  state    // of the frame when it goes on
	left  des.Time // of the own work
}

// pausedBy tells whether some effect in force pauses an instance.
func (w *World) pausedBy(i int32) bool {
	return slices.ContainsFunc(w.inForce, func(f force) bool {
		return f.Kind == scenarios.Pause && w.meets(&f.Where, i, nil)
	})
}

// reckonPauses freezes and thaws whom the pauses in force meet, or do no longer.
func (w *World) reckonPauses() {
	for i := range w.insts {
		in := &w.insts[i]
		if in.life != up {
			continue
		}
		switch paused := w.pausedBy(int32(i)); {
		case paused && !in.frozen:
			w.freeze(int32(i))
		case !paused && in.frozen:
			w.thaw(int32(i))
		}
	}
}

// freeze an instance that is up.
func (w *World) freeze(i int32) {
	in := &w.insts[i]
	s := &w.services[in.service]
	w.frozen++
	in.frozen = true
	in.mute = w.now
	w.reckon(in)
	if in.cores >= 0 {
		c := &w.cores[in.cores]
		c.move(w.now, s.m.cores)
		c.due = des.Never
	} else {
		w.stopWork(i)
	}
	in.epoch++ // its checks fail from now on
	switch {
	case !in.believed:
	case s.m.checked:
		w.control.add(w.now, s.m.health.SeesDeath(w.now, in.phase), seesDeath, i, in.epoch)
	default:
		w.seeDeath(i)
	}
}

// stopWork puts the work of an instance on ice, in the order in which it would
// have ended.
func (w *World) stopWork(i int32) {
	var ends []des.Event
	collect := func(e des.Event) {
		if e.ID()&lineID != 0 {
			return // the head of a line
		}
		if f := w.frames.at(int32(e.ID())); f.state == working && f.inst == i {
			ends = append(ends, e)
		}
	}
	w.set.Each(collect)
	for k := range w.lines {
		w.lines[k].Each(collect)
	}
	slices.SortFunc(ends, func(a, b des.Event) int {
		if a.Before(b) {
			return -1
		}
		return 1
	})
	for _, e := range ends {
		j, f := w.moveOut(w.frames.at(int32(e.ID())))
		f.inst, f.state = i, frozenWork
		w.ice = append(w.ice, onIce{j, i, working, e.At - w.now})
	}
}

// freezeUp puts a frame without a pending event on ice until an instance goes on.
func (w *World) freezeUp(i int32, f *frame, inst int32) {
	w.ice = append(w.ice, onIce{frame: i, inst: inst, then: f.state})
	f.state = frozen
}

// frozenCaller is the frozen instance that waits for an attempt, or nobody.
func (w *World) frozenCaller(f *frame) int32 {
	if w.edges[f.edge].client >= 0 {
		return nobody
	}
	_, p := w.frames.parent(w.callerOf(f))
	if p == nil || !w.insts[p.inst].frozen {
		return nobody
	}
	return p.inst
}

// callerIsFrozen puts frame i, in which something has come for its caller, on ice
// if the caller is frozen.
func (w *World) callerIsFrozen(i int32, f *frame) bool {
	c := w.frozenCaller(f)
	if c < 0 {
		return false
	}
	w.freezeUp(i, f, c)
	return true
}

// overdue: a timeout of a frozen caller has come; it is noticed when the caller
// goes on.
func (w *World) overdue(i int32, f *frame) bool {
	if w.frozenCaller(f) < 0 {
		return false
	}
	w.stopTimer(f)
	w.link(i, f, w.late.index)
	return true
}

// thaw lets an instance go on.
func (w *World) thaw(i int32) {
	in := &w.insts[i]
	s := &w.services[in.service]
	w.frozen--
	in.frozen = false
	w.reckon(in)
	if in.cores >= 0 {
		c := &w.cores[in.cores]
		c.at = w.now
		w.setCoresDue(i, c, s.m.cores)
	}
	w.melt(i, true)
	if in.node != nobody {
		w.landLate(i)
	}
	in.epoch++ // what the checks would have seen is past
	in.seen = false
	switch {
	case in.believed:
	case s.m.checked:
		w.control.add(w.now, s.m.health.SeesReturn(w.now, in.phase), seesReturn, i, in.epoch)
	default:
		w.believe(i)
	}
}

// breakIce: a frozen instance has died.
func (w *World) breakIce(i int32) {
	w.frozen--
	w.insts[i].frozen = false
	w.melt(i, false)
}

// melt gives what was on ice for an instance its events back, and sets off the
// overdue timeouts of its calls.
func (w *World) melt(i int32, alive bool) {
	kept := w.ice[:0]
	for _, ice := range w.ice {
		switch f := w.frames.at(ice.frame); {
		case ice.inst != i:
			kept = append(kept, ice)
		case ice.then == working && !alive: // it goes down with the instance
		default:
			f.state = ice.then
			w.set.Push(des.NewEvent(w.now+ice.left, w.nextSeq(), uint32(ice.frame)))
		}
	}
	w.ice = kept
	for k := w.late.ends.tprev; k != w.late.index; { // the last first, as each goes to the front of its line
		f := w.frames.at(k)
		next := f.tprev
		if w.frozenCaller(f) < 0 { // the caller goes on, or has ended
			w.stopTimer(f)
			l := &w.timers[w.edges[f.edge].timer]
			w.link(k, f, l.ends.tnext)
			l.armed = w.now
			w.timerAt = w.now
		}
		k = next
	}
	w.outside()
}
