package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/sim/des"
)

// agenda holds the rare events that change the world itself: faults, health
// checks, start-ups, phases and windows. They come before requests at equal
// times, among themselves in the order of their kind and then of scheduling.
type agenda struct {
	at      des.Time // of the first; Never if there is none
	entries []entry  // sorted, the first last
	seq     uint64
}

type entry struct {
	at    des.Time
	seq   uint64
	kind  controlKind
	arg   int32
	epoch uint32
}

type controlKind uint8

const (
	windowEnd  controlKind = iota // so that what happens at the edge is in the next window
	phaseStart                    // arg: 1 fault, 0 recovery
	faultStep                     // the scenario's player has something to do
	seesDeath                     // arg: instance
	seesReturn
	inService
	relaunch     // arg: service
	ejectionEnds // arg: balancer
)

func (a *agenda) add(now, at des.Time, kind controlKind, arg int32, epoch uint32) {
	a.seq++
	e := entry{at: max(at, now), seq: a.seq, kind: kind, arg: arg, epoch: epoch}
	i, _ := slices.BinarySearchFunc(a.entries, e, func(x, y entry) int {
		if x.before(y) {
			return 1 // later first
		}
		return -1
	})
	a.entries = slices.Insert(a.entries, i, e)
	a.at = a.entries[len(a.entries)-1].at
}

func (e entry) before(o entry) bool {
	if e.at != o.at {
		return e.at < o.at
	}
	if e.kind != o.kind {
		return e.kind < o.kind
	}
	return e.seq < o.seq
}

func (a *agenda) pop() entry {
	n := len(a.entries) - 1
	e := a.entries[n]
	a.entries = a.entries[:n]
	a.at = des.Never
	if n > 0 {
		a.at = a.entries[n-1].at
	}
	return e
}

// playControl plays the first control event.
func (w *World) playControl() {
	e := w.control.pop()
	w.played++
	if e.kind >= seesDeath && e.kind <= inService && w.insts[e.arg].epoch != e.epoch {
		w.outside()
		return // of an earlier life
	}
	switch e.kind {
	case windowEnd:
		w.endWindow()
	case phaseStart:
		w.meter.setFault(w, e.arg == 1)
	case faultStep:
		w.stepAt = des.Never
		if at, ok := w.player.Next(); ok && int64(at) <= w.now {
			w.player.Step(w)
		}
		w.nextStep()
	case seesDeath:
		w.seeDeath(e.arg)
	case seesReturn:
		w.believe(e.arg)
	case inService:
		w.started(e.arg)
	case ejectionEnds:
		w.endEjection(e.arg, e.epoch)
	case relaunch:
		s := &w.services[e.arg]
		s.retrying = false
		w.reconcile(s)
	}
	w.ease()
	w.outside()
}

// nextStep puts the scenario's next step on the agenda.
func (w *World) nextStep() {
	if at, ok := w.player.Next(); ok && int64(at) < w.stepAt {
		w.stepAt = int64(at)
		w.control.add(w.now, w.stepAt, faultStep, 0, 0)
	}
	w.outside()
}

// schedulePhases puts the fault phase of the scenario on the agenda.
func (w *World) schedulePhases() {
	start, end, ok := w.player.FaultPhase()
	if !ok {
		return
	}
	w.control.add(w.now, int64(start), phaseStart, 1, 0)
	if end > 0 {
		w.control.add(w.now, int64(end), phaseStart, 0, 0)
	}
}
