package sim

import (
	"slices"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// Who is admitted and who is served next, in the twin.

// abandoned: nobody waits for what will come of a request.
func (r *twinRequest) abandoned() bool {
	for ; ; r = r.parent {
		if !r.awaited {
			return true
		}
		if r.client != nil {
			return false
		}
		if r.parent.place != atCalls {
			return true
		}
	}
}

// cancelled ends a request that waits for its calls if nobody waits for it and
// its service cancels.
func (tw *twin) cancelled(r *twinRequest) bool {
	s := r.inst.service
	if !s.t.Cancel || !r.abandoned() {
		return false
	}
	r.twinAnswer = blamed(trace.Timeout, trace.Timeout, s.index)
	tw.finish(r)
	return true
}

// shed: the instance refuses a request although it has room for it.
func (tw *twin) shed(r *twinRequest) bool {
	in := r.inst
	sh := in.service.t.Shedding
	if sh == nil {
		return false
	}
	limit := func(n int) bool { return int64(len(in.present)) >= policy.Admits(int64(n), tw.below(r)) }
	if sh.MaxInFlight > 0 && limit(sh.MaxInFlight) {
		return true
	}
	rule := gradientOf(in.service.t)
	return sh.Adaptive && limit(in.gradient.Limit(&rule))
}

// below says how many steps a request's priority is below the highest of all traffic.
func (tw *twin) below(r *twinRequest) int {
	n := topology.Priority(0)
	for _, c := range tw.clients {
		n = max(n, c.t.Priority-r.priority)
	}
	return int(n)
}

// serveNext: a slot is free. Those who are not served after all get their answers
// when the slot is taken.
func (tw *twin) serveNext(in *twinInstance) {
	s := in.service
	var refused []*twinRequest
	leave := func(r *twinRequest, reason trace.Reason) {
		tw.unqueue(r)
		tw.leaveInstance(r)
		r.place = onTheWay
		r.twinAnswer = blamed(reason, reason, s.index)
		s.waits = append(s.waits, twinSpan{r.sent, tw.now, tw.now - r.arrived})
		s.sojourns = append(s.sojourns, twinSpan{r.sent, tw.now, tw.now - r.arrived})
		refused = append(refused, r)
	}
	for {
		r, reason := tw.overdue(in)
		if r == nil {
			break
		}
		leave(r, reason)
	}
	for len(in.queue) > 0 {
		r := tw.nextInQueue(in)
		if s.t.Cancel && r.abandoned() {
			leave(r, trace.Timeout)
			continue
		}
		tw.unqueue(r)
		tw.start(r, false)
		break
	}
	for _, r := range refused {
		tw.reply(r)
	}
}

func (tw *twin) unqueue(r *twinRequest) {
	in := r.inst
	in.queue = slices.DeleteFunc(in.queue, func(o *twinRequest) bool { return o == r })
	in.service.queue.change(tw.now, -1)
}

// overdue is the next request that has waited too long, and why it is not served;
// nil if there is none. It is the oldest, or under `order: priority` the oldest of
// a priority, the lowest first.
func (tw *twin) overdue(in *twinInstance) (*twinRequest, trace.Reason) {
	t := in.service.t
	if t.Shedding == nil || t.Shedding.MaxQueueDelay == 0 {
		return nil, trace.None
	}
	seen := map[topology.Priority]bool{}
	var found *twinRequest
	why := trace.None
	for _, r := range in.queue {
		class := r.priority
		if t.Queue.Order != topology.ByPriority {
			class = topology.NormalPriority
		}
		if seen[class] || found != nil && found.priority < r.priority {
			continue
		}
		seen[class] = true
		codel := policy.MaxQueueDelay(policy.Admits(int64(t.Shedding.MaxQueueDelay), tw.below(r)))
		switch {
		case t.Cancel && r.abandoned():
			found, why = r, trace.Timeout
		case codel.Drop(&in.backlog, tw.now, tw.now-r.arrived, len(in.queue)):
			found, why = r, trace.Rejected
		}
	}
	return found, why
}

// nextInQueue is the request whose turn it is; the queue is in the order of arrival.
func (tw *twin) nextInQueue(in *twinInstance) *twinRequest {
	oldest, newest := in.queue[0], in.queue[len(in.queue)-1]
	switch in.service.t.Queue.Order {
	case topology.LIFO:
		return newest
	case topology.AdaptiveLIFO:
		if in.backlog.NewestFirst(tw.now) {
			return newest
		}
	case topology.FIFO:
	case topology.ByPriority:
		for _, r := range in.queue {
			if r.priority > oldest.priority {
				oldest = r
			}
		}
	}
	return oldest
}

// unlucky draws whether a request is among a share.
func (r *twinRequest) unlucky(share float64, purpose uint64) bool {
	draw := des.From(r.key, purpose)
	return share > 0 && draw.Float64() < share
}

// malformed tells whether an answer's reader cannot make it out.
func (tw *twin) malformed(r *twinRequest) bool {
	a := tw.ailment(r)
	share := a.badData
	if r.parent != nil && r.parent.inst.service.t.Tolerant {
		share -= float64(share * a.salvage)
	}
	return r.reason == trace.None && r.unlucky(share, forBadData)
}

// ailment is what the faults in force, in the order of their begin, do to a
// request at its instance.
func (tw *twin) ailment(r *twinRequest) ailment {
	a := ailment{slowdown: 1}
	for _, e := range tw.inForce {
		if !strikes(&e.Where, r.inst, &r.call.To) {
			continue
		}
		switch e.Kind {
		case scenarios.Slowdown:
			a.slowdown = float64(a.slowdown * e.Factor)
		case scenarios.Errors:
			a.errors += float64((1 - a.errors) * e.Rate)
		case scenarios.BadData:
			a.badData += float64((1 - a.badData) * e.Rate)
			a.salvage = e.Salvage
		default:
		}
	}
	return a
}

// slowed is how long the work of a request takes at its instance.
func (tw *twin) slowed(r *twinRequest, work int64) int64 {
	in, factor := r.inst, tw.ailment(r).slowdown
	if warm := in.service.t.Warm; warm != nil && in.young && tw.now < in.since+int64(warm.For) {
		left := float64(in.since+int64(warm.For)-tw.now) / float64(warm.For) // 1 - age/For would lose bits
		factor = float64(factor * (1 + float64((warm.Slowdown-1)*left)))
	}
	factor = float64(factor * (1 + float64(in.service.t.Contention*float64(in.busy-1))))
	if factor == 1 {
		return work
	}
	return int64(time.Duration(float64(work) * factor).Round(time.Microsecond))
}
