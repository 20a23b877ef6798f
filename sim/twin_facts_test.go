package sim

import (
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

// What the twin notes while it plays, one by one.

type twinFacts struct {
	phases []twinPhaseAt // changes
	events []trace.Event
	causes map[trace.Cause]twinCause
}

type twinPhaseAt struct {
	at    int64
	phase trace.Phase
}

type twinCause struct{ failed, degraded uint64 }

// twinCount is one request or attempt.
type twinCount struct {
	at    int64
	ended bool
	over  int64 // when it ended
	twinAnswer
}

// twinTry is an attempt of a client's request that was first made at `first`.
type twinTry struct{ at, first int64 }

// twinSpan is something that took a time and was over at `at`; began is when its
// request was sent.
type twinSpan struct{ began, at, took int64 }

type twinEntry struct {
	at   int64
	zone int
}

type twinServiceFacts struct {
	attempts                         []*twinCount
	waits, sojourns                  []twinSpan
	held, queue, inSystem, busyCores twinLevel
	up                               twinUp
	queueMax                         int
	releases                         []int64
}

// twinLevel is the history of a number.
type twinLevel []twinChange

type twinChange struct{ at, by int64 }

func (l *twinLevel) change(at, by int64) { *l = append(*l, twinChange{at, by}) }

// over is its integral from a to b, in s.
func (l twinLevel) over(a, b int64) float64 {
	var sum int64
	for _, c := range l {
		sum += c.by * (b - min(max(c.at, a), b))
	}
	return float64(sum) / 1e9
}

// now is its value at the end.
func (l twinLevel) now() (n int64) {
	for _, c := range l {
		n += c.by
	}
	return n
}

// twinUp is the history of instances in service.
type twinUp struct {
	all    twinLevel
	byZone map[int]*twinLevel
	warmup int // changes until the end of the warm-up
}

func (u *twinUp) change(at int64, zone int, by int64) {
	if u.byZone == nil {
		u.byZone = map[int]*twinLevel{}
	}
	if u.byZone[zone] == nil {
		u.byZone[zone] = &twinLevel{}
	}
	u.byZone[zone].change(at, by)
	u.all.change(at, by)
}

func (u *twinUp) in(zone int) twinLevel {
	if u.byZone[zone] == nil {
		return nil
	}
	return *u.byZone[zone]
}

// extremes since the end of the warm-up.
func (u *twinUp) extremes() (least, most int) {
	n := int(u.all[:u.warmup].now())
	least, most = n, n
	for _, c := range u.all[u.warmup:] {
		n += int(c.by)
		least, most = min(least, n), max(most, n)
	}
	return least, most
}

func (tw *twin) counted(list *[]*twinCount) *twinCount {
	c := &twinCount{at: tw.now}
	*list = append(*list, c)
	return c
}

func (tw *twin) notePhase() {
	if tw.now >= 0 {
		tw.facts.phases = append(tw.facts.phases, twinPhaseAt{tw.now, tw.phase()})
	}
}

// twinHeld is the kind of fault that is held responsible from a time on.
type twinHeld struct {
	at   int64
	kind string
}

func (tw *twin) responsible(t int64) string {
	kind := ""
	for _, h := range tw.held {
		if h.at <= t {
			kind = h.kind
		}
	}
	return kind
}

// blame counts the root of what befell a client's request, under the fault that
// touched it, or else that was held responsible when it was first made, or now.
func (tw *twin) blame(a twinAnswer, first int64) {
	service, fault := tw.origin(a.cause)
	if fault == "" {
		fault = tw.responsible(first)
	}
	if fault == "" {
		fault = tw.responsible(tw.now)
	}
	k := trace.Cause{Component: tw.top.ComponentName(service), Reason: a.root, Fault: fault}
	c := tw.facts.causes[k]
	if a.degraded {
		c.degraded++
	} else {
		c.failed++
	}
	tw.facts.causes[k] = c
}

// phaseOf a time: an index of 1 + trace.Phase, 0 = warm-up.
func (tw *twin) phaseOf(t int64) int {
	p := 0
	for _, c := range tw.facts.phases {
		if c.at <= t {
			p = 1 + int(c.phase)
		}
	}
	return p
}

// spans are the phases of some length, back to back.
func (tw *twin) spans() []trace.Span {
	var spans []trace.Span
	for _, c := range tw.facts.phases {
		at, p := time.Duration(c.at), trace.Phase(tw.phaseOf(c.at)-1)
		if n := len(spans); n == 0 || spans[n-1].Phase != p {
			spans = append(spans, trace.Span{Start: at, Phase: p})
		}
	}
	return spans
}
