package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// The instance's side in the twin: queue, slots, work, calls, answer.

// twinPlace is where a request is at its instance.
type twinPlace uint8

const (
	onTheWay twinPlace = iota // to the instance, or with its answer
	inQueue
	atWork
	atCalls // waiting for what it calls
	dropped // its instance has died
)

// twinStep is one round of calls made at once.
type twinStep struct {
	call  *topology.Call
	salt  uint64
	times int
}

// rounds of an operation: a call on its own is made several times in order, one
// in a parallel step all at once.
func (s *twinService) rounds(call *topology.Call) [][]twinStep {
	o := s.t.Operations[call.To.Operation]
	var rounds [][]twinStep
	for k, step := range o.Steps {
		var round []twinStep
		for j, c := range step {
			round = append(round, twinStep{c, callSalt(s.t.Name, o.Name, k, j), c.Times})
		}
		again := 1
		if !step[0].Parallel {
			again, round[0].times = round[0].times, 1
		}
		for range again {
			rounds = append(rounds, round)
		}
	}
	return rounds
}

// reach: a request is at its instance's address.
func (tw *twin) reach(r *twinRequest) {
	in := r.inst
	s := in.service
	switch {
	case in.frozen:
		in.inbox = append(in.inbox, twinIce{do: func() { tw.reach(r) }})
	case in.state != up && tw.modeAt(in) == topology.Blackhole:
		return
	case in.state != up:
		tw.refuse(r, trace.Refused)
	case s.t.Cancel && r.abandoned():
		tw.refuse(r, trace.Timeout)
	case tw.shed(r):
		tw.refuse(r, trace.Rejected)
	case in.busy < s.slots():
		tw.enterInstance(r)
		tw.start(r, true)
	case len(in.queue) < s.queueLimit():
		tw.enterInstance(r)
		r.place = inQueue
		in.backlog.Enqueue(tw.now, len(in.queue))
		in.queue = append(in.queue, r)
		s.queue.change(tw.now, +1)
		s.queueMax = max(s.queueMax, len(in.queue))
	default:
		tw.refuse(r, trace.Rejected)
	}
}

func (tw *twin) refuse(r *twinRequest, reason trace.Reason) {
	r.twinAnswer = blamed(reason, reason, r.inst.service.index)
	tw.reply(r)
}

func (tw *twin) enterInstance(r *twinRequest) {
	r.arrived = tw.now
	r.inst.present = append(r.inst.present, r)
	r.inst.service.inSystem.change(tw.now, +1)
}

// leaveInstance takes a request out of the books of its instance.
func (tw *twin) leaveInstance(r *twinRequest) {
	in := r.inst
	in.present = slices.DeleteFunc(in.present, func(o *twinRequest) bool { return o == r })
	in.service.inSystem.change(tw.now, -1)
}

// start: the request has a slot. Work that is always 0 is done at once, unless
// the request comes from the queue.
func (tw *twin) start(r *twinRequest, fromNetwork bool) {
	s := r.inst.service
	r.inst.busy++
	s.held.change(tw.now, +1)
	s.waits = append(s.waits, twinSpan{r.sent, tw.now, tw.now - r.arrived})
	r.place = atWork
	work := s.t.Operations[r.call.To.Operation].Work
	takes := tw.slowed(r, sampled(work, r.key, forWork))
	switch {
	case s.t.Cores > 0:
		tw.shareCores(r, takes)
	case fromNetwork && work.Kind == topology.Constant && work.Mean == 0:
		tw.worked(r)
	default:
		r.end = tw.at(tw.now+takes, twinEvent, func() { tw.worked(r) })
	}
}

// worked: the own work is done.
func (tw *twin) worked(r *twinRequest) {
	if r.place != atWork {
		return // it has died meanwhile
	}
	if r.unlucky(tw.ailment(r).errors, forError) {
		r.twinAnswer = blamed(trace.Error, trace.Error, r.inst.service.index)
		tw.finish(r)
		return
	}
	if r.inst.service.cache != nil && tw.lookUp(r) {
		return
	}
	if len(r.inst.service.rounds(r.call)) == 0 {
		tw.finish(r)
		return
	}
	if tw.cancelled(r) {
		return
	}
	r.place = atCalls
	if !r.inst.service.t.Blocking {
		tw.release(r.inst)
	}
	tw.makeCalls(r)
}

// makeCalls makes the calls of the next rounds until there is one to wait for.
// One that fails at once may end the request; the others of its round are made
// all the same.
func (tw *twin) makeCalls(r *twinRequest) {
	rounds := r.inst.service.rounds(r.call)
	for r.step < len(rounds) {
		r.pending = 1 // the round is not over while its calls are being made
		for _, c := range rounds[r.step] {
			for n := range c.times {
				key := tw.callKey(r, des.Mix(r.key, c.salt+(uint64(r.step)<<16|uint64(n))*forChoice))
				key = tw.dataKey(c.call, r.inst.service, key)
				if draw := des.From(key, forCall); c.call.Probability < 1 && draw.Float64() >= c.call.Probability {
					continue
				}
				r.pending++
				tw.send(tw.request(twinRequest{key: key, call: c.call, parent: r, zone: r.inst.zone, priority: r.priority}))
			}
		}
		r.pending--
		if r.place != atCalls || r.pending > 0 {
			return
		}
		r.step++
	}
	tw.finish(r)
}

// join: a call of the round is answered, or done without.
func (tw *twin) join(r *twinRequest) {
	r.pending--
	if r.pending == 0 {
		r.step++
		if r.step == len(r.inst.service.rounds(r.call)) || !tw.cancelled(r) {
			tw.makeCalls(r)
		}
	}
}

// finish: the request leaves its instance, with an answer.
func (tw *twin) finish(r *twinRequest) {
	s := r.inst.service
	holds := r.place == atWork || s.t.Blocking
	if sh := s.t.Shedding; sh != nil && sh.Adaptive {
		rule := gradientOf(s.t)
		r.inst.gradient.Done(&rule, tw.now, tw.now-r.arrived, len(r.inst.present))
	}
	r.place = onTheWay
	tw.bring(r)
	if tw.malformed(r) {
		r.twinAnswer = blamed(trace.Malformed, trace.Malformed, s.index)
	}
	r.place = onTheWay
	tw.leaveInstance(r)
	s.sojourns = append(s.sojourns, twinSpan{r.sent, tw.now, tw.now - r.arrived})
	if holds {
		tw.release(r.inst)
	}
	tw.reply(r)
}

// release frees a slot; the first of the queue gets it.
func (tw *twin) release(in *twinInstance) {
	s := in.service
	in.busy--
	s.held.change(tw.now, -1)
	s.releases = append(s.releases, tw.now)
	tw.serveNext(in)
}

// reply sends the answer, if somebody waits for it, and returns when it is
// there, or -1 if it never is.
func (tw *twin) reply(r *twinRequest) int64 {
	if !r.awaited {
		return -1
	}
	caller, server := r.ends()
	if arrives, _ := tw.fate(r.key, forReplyLoss, server, caller); !arrives {
		return -1
	}
	if late := tw.late(r); late > 0 {
		return tw.at(tw.now+late+sampled(tw.hop(r.inst.zone, r.zone), r.key, forReply), twinEvent, func() { tw.replied(r) }).at
	}
	return tw.after(tw.hop(r.inst.zone, r.zone), r.key, forReply, func() { tw.replied(r) })
}

// takeDown empties instances that have died together; then those who wait for
// what was in them get their resets.
func (tw *twin) takeDown(died []*twinInstance) {
	var resets []*twinRequest
	for _, in := range died {
		s := in.service
		for _, r := range in.present {
			s.inSystem.change(tw.now, -1)
			if r.place == inQueue {
				s.queue.change(tw.now, -1)
			} else if r.place == atWork || s.t.Blocking {
				s.held.change(tw.now, -1)
			}
			r.place = dropped
			if r.awaited && in.mode == topology.Refuse {
				resets = append(resets, r)
			}
		}
		tw.stopCores(in)
		tw.dieCold(in)
		in.present, in.queue, in.busy, in.backlog, in.gradient = nil, nil, 0, policy.Backlog{}, policy.Gradient{}
	}
	slices.SortFunc(resets, func(a, b *twinRequest) int { return int(a.id) - int(b.id) })
	arrivals := map[int64]bool{}
	for _, r := range resets {
		r.twinAnswer = blamed(trace.Refused, trace.Refused, r.inst.service.index)
		at := tw.reply(r)
		if at >= tw.now && arrivals[at] {
			tw.doubt("order of resets at equal times")
		}
		arrivals[at] = true
	}
}
