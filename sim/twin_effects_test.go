package sim

import (
	"math"
	"slices"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// Effects in force, in the twin: nothing is prepared, everyone asks the list.

type twinEffect struct {
	id int
	*scenarios.Effect
}

// of a kind, those in force.
func (tw *twin) effects(kind scenarios.EffectKind) (all []twinEffect) {
	for _, f := range tw.inForce {
		if f.Kind == kind {
			all = append(all, f)
		}
	}
	return all
}

// strikes tells whether an effect meets an instance, and requests of a target
// there (nil = any).
func strikes(w *scenarios.Where, in *twinInstance, to *topology.Target) bool {
	in1 := func(list []int, k int) bool { return list == nil || slices.Contains(list, k) }
	return in1(w.Instances, int(in.id)) && in1(w.Services, in.service.index) && in1(w.Zones, in.zone) &&
		(to == nil || w.Operations == nil || slices.Contains(w.Operations, *to))
}

func (tw *twin) followEffects(changed scenarios.EffectKind) {
	switch changed {
	case scenarios.Pause:
		for _, in := range tw.instances {
			switch paused := tw.paused(in); {
			case in.state != up:
			case paused && !in.frozen:
				tw.freeze(in)
			case !paused && in.frozen:
				tw.thaw(in)
			}
		}
	case scenarios.Surge:
		for k := range tw.clients {
			tw.followSurge(k)
		}
	default:
	}
}

func (tw *twin) paused(in *twinInstance) bool {
	return slices.ContainsFunc(tw.effects(scenarios.Pause), func(f twinEffect) bool { return strikes(&f.Where, in, nil) })
}

// twinEnd is one end of a message.
type twinEnd struct{ zone, service int } // service -1: a client

func (r *twinRequest) ends() (caller, server twinEnd) {
	caller = twinEnd{r.zone, -1}
	if r.parent != nil {
		caller.service = r.parent.inst.service.index
	}
	return caller, twinEnd{r.inst.zone, r.inst.service.index}
}

// named tells whether an end is what a side names.
func (e twinEnd) named(s *scenarios.Side) bool {
	return (s.Zones == nil || slices.Contains(s.Zones, e.zone)) && (s.Services == nil || slices.Contains(s.Services, e.service))
}

// between tells whether messages of this direction are those of an effect.
func between(f twinEffect, a, b twinEnd) bool {
	other := func(e twinEnd) bool {
		if f.To.Rest {
			return !e.named(&f.From)
		}
		return e.named(&f.To)
	}
	return a.named(&f.From) && other(b) || b.named(&f.From) && other(a) && !f.OneWay
}

// fate of a message: arrives, is refused on the way, or neither.
func (tw *twin) fate(key, purpose uint64, from, to twinEnd) (arrives, refused bool) {
	for _, f := range slices.Backward(tw.effects(scenarios.Partition)) {
		if between(f, from, to) {
			return false, f.Mode == topology.Refuse
		}
	}
	lost := tw.top.Network.Loss
	for _, f := range tw.effects(scenarios.Loss) {
		if between(f, from, to) {
			lost += (1 - lost) * f.Rate
		}
	}
	draw := des.From(key, purpose)
	return draw.Float64() >= lost, false
}

// late is how much later the reply to a request comes.
func (tw *twin) late(r *twinRequest) (d int64) {
	for _, f := range tw.effects(scenarios.Delay) {
		if strikes(&f.Where, r.inst, &r.call.To) {
			d += sampled(f.Delay, r.key, forLate+uint64(f.id)*perAttempt)
		}
	}
	return d
}

// freeze: from now on the instance does nothing.
func (tw *twin) freeze(in *twinInstance) {
	in.frozen, in.mute = true, tw.now
	tw.notePhase()
	in.dropPlans()
	var working []*twinRequest
	for _, r := range in.present {
		if r.place == atWork && in.service.t.Cores == 0 {
			working = append(working, r)
		}
	}
	slices.SortFunc(working, func(a, b *twinRequest) int {
		if (moments{a.end, b.end}).Less(0, 1) {
			return -1
		}
		return 1
	})
	for _, r := range working {
		r.end.off = true
		in.inbox = append(in.inbox, twinIce{left: r.end.at - tw.now, do: r.end.do, work: r})
	}
	if c := &in.cores; in.service.t.Cores > 0 {
		c.pass(tw.now, in.service.t.Cores)
		tw.dropEnd(c)
	}
	switch h := in.checks(); {
	case !in.believed:
	case in.service.t.HealthCheck.None:
		tw.seeDeath(in)
	default:
		tw.plan(in, h.SeesDeath(tw.now, in.phase), twinSeesDeath, func() { tw.seeDeath(in) })
	}
}

// twinIce is what waits for a frozen instance.
type twinIce struct {
	left int64 // of own work
	do   func()
	work *twinRequest // that is at work
}

func (tw *twin) thaw(in *twinInstance) {
	in.frozen = false
	tw.notePhase()
	if in.service.t.Cores > 0 {
		in.cores.at = tw.now
		tw.setEnd(in)
	}
	tw.melt(in, true)
	tw.landLate(in)
	in.dropPlans()
	in.seen = false
	switch h := in.checks(); {
	case in.believed:
	case in.service.t.HealthCheck.None:
		in.believe()
	default:
		tw.plan(in, h.SeesReturn(tw.now, in.phase), twinSeesReturn, in.believe)
	}
}

// melt lets what has waited for an instance happen; its own work only if it lives.
func (tw *twin) melt(in *twinInstance, alive bool) {
	inbox, overdue := in.inbox, in.overdue
	in.inbox, in.overdue = nil, nil
	for _, ice := range inbox {
		switch {
		case ice.work == nil:
			tw.at(tw.now, twinEvent, ice.do)
		case alive:
			ice.work.end = tw.at(tw.now+ice.left, twinEvent, ice.do)
		}
	}
	for _, r := range overdue {
		if r.awaited {
			tw.setGiveUp(r, tw.now)
		}
	}
}

// held back, what has come for the caller of a request, if that is frozen.
func (tw *twin) heldBack(r *twinRequest, do func()) bool {
	p := r.parent
	if p == nil || p.place != atCalls || !p.inst.frozen {
		return false
	}
	p.inst.inbox = append(p.inst.inbox, twinIce{do: do})
	return true
}

// twinSurge of one client.
type twinSurge struct {
	factor float64
	gaps   des.Rand
	next   *moment
	begun  uint64 // of a closed loop: users who ever came
	since  int64
	number int
	users  int
	there  int
}

func (tw *twin) followSurge(k int) {
	c := tw.clients[k]
	s := &c.surge
	was := s.factor
	s.factor = 1
	for _, f := range tw.effects(scenarios.Surge) {
		if f.Traffic == nil || slices.Contains(f.Traffic, k) {
			s.factor *= f.Factor
		}
	}
	if s.factor == was {
		return
	}
	if c.t.Users > 0 {
		s.users = int(math.Round(s.factor * float64(c.t.Users)))
		for s.there < s.users {
			s.there++
			tw.think(c, des.Mix(c.key, s.begun), 0)
			s.begun++
		}
		return
	}
	left := int64(0)
	if s.next != nil {
		left = s.next.at - tw.now
		s.next.off = true
	}
	switch {
	case c.t.Rate == 0 || s.factor <= 1:
		s.next = nil
	case c.t.Arrivals == topology.RegularArrivals:
		s.since, s.number = tw.now, 0
		tw.nextExtra(c)
	case was <= 1:
		tw.nextExtra(c)
	default:
		s.next = tw.at(tw.now+int64(float64(left)*((was-1)/(s.factor-1))+0.5), twinEvent, func() { tw.arriveExtra(c) })
	}
}

func (tw *twin) nextExtra(c *twinClient) {
	s := &c.surge
	gap := 1e9 / c.t.Rate / (s.factor - 1)
	at := tw.now
	if c.t.Arrivals == topology.RegularArrivals {
		at = s.since + int64(math.Round((float64(s.number)+0.5)*gap))
		s.number++
	} else {
		at += int64(s.gaps.Exp()*gap + 0.5)
	}
	s.next = tw.at(at, twinEvent, func() { tw.arriveExtra(c) })
}

func (tw *twin) arriveExtra(c *twinClient) {
	c.surge.begun++
	tw.makeFrom(c, des.Mix(des.Mix(c.key, forSurge), c.surge.begun), 0, 0)
	tw.nextExtra(c)
}

// staysAway: with a surge below 1 some of the usual requests are not made.
func (c *twinClient) staysAway() bool {
	draw := des.From(des.Mix(c.key, c.begun), forSurge)
	return c.surge.factor < 1 && draw.Float64() >= c.surge.factor
}
