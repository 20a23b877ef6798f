package sim

import (
	"fmt"
	"slices"
	"time"

	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
)

// Balancers that know more than the rotation, in the twin.

// twinBalancer is that of a service, or of one of its callers, who forgets it when it
// dies. What is out keeps it to itself.
type twinBalancer struct {
	s        *twinService
	caller   *twinCaller // of a per_caller service
	turns    map[string]*policy.RoundRobin
	inFlight []int32
	outliers policy.Outliers
}

// twinCaller is an instance or a traffic as one that picks.
type twinCaller struct {
	luck      uint64
	lives     int
	balancers map[*twinService]*twinBalancer
}

func (tw *twin) balancerOf(s *twinService, r *twinRequest) *twinBalancer {
	if !s.t.PerCaller {
		if s.balancer == nil {
			s.balancer = &twinBalancer{s: s, turns: map[string]*policy.RoundRobin{}}
		}
		return s.balancer
	}
	var c *twinCaller
	if r.client != nil {
		c = &r.client.caller
		c.luck = r.client.key
	} else {
		in := r.parent.inst
		c = &in.caller
		c.luck = des.Mix(des.Stream(tw.seed, "caller", in.service.t.Name), uint64(in.zone)<<32|uint64(in.place))
	}
	if c.balancers == nil {
		c.balancers = map[*twinService]*twinBalancer{}
	}
	if c.balancers[s] == nil {
		c.balancers[s] = &twinBalancer{s: s, caller: c, turns: map[string]*policy.RoundRobin{}}
	}
	return c.balancers[s]
}

// forget what an instance knew as a caller: it has died.
func (c *twinCaller) forget() {
	c.lives++
	c.balancers = nil
}

// turn of the balancer; cursor names whose turns, and has a number.
func (b *twinBalancer) turn(from []int32, cursor string, number int) int32 {
	if b.turns[cursor] == nil {
		b.turns[cursor] = &policy.RoundRobin{}
		if b.caller != nil {
			draw := des.From(des.Stream(b.caller.luck, "turns", b.s.t.Name), uint64(b.caller.lives)<<32|uint64(number))
			b.turns[cursor].StartAt(len(from), draw.Uint64())
		}
	}
	return b.turns[cursor].Pick(from)
}

// flying counts the requests of a balancer at instances.
func (tw *twin) flying(b *twinBalancer) []int32 {
	if b.caller == nil {
		return tw.inFlight
	}
	for len(b.inFlight) < len(tw.instances) {
		b.inFlight = append(b.inFlight, 0)
	}
	return b.inFlight
}

// outcome of an attempt, for its balancer; judged is false for those that nobody
// waited for in the end.
func (tw *twin) tellBalancer(r *twinRequest, judged, failed bool) {
	b := r.balancer
	if b == nil || r.inst == nil {
		return
	}
	if b.caller != nil {
		b.inFlight[r.inst.id]--
		if b.caller.balancers[b.s] != b {
			return
		}
	}
	s, x := b.s, b.s.t.Ejection
	if !judged || x == nil {
		return
	}
	members := s.list(tw.known, func(int) bool { return true })
	if !slices.Contains(members, r.inst.id) {
		return
	}
	rule := policy.OutlierRule{Errors: x.ConsecutiveErrors, Eject: int64(x.Eject), Max: x.Max}
	until, ejected := b.outliers.Done(&rule, tw.now, r.inst.id, failed, members)
	if !ejected {
		return
	}
	tw.at(until, twinEjectionEnds, func() {})
	s.told++
	who, more := "the balancer leaves", ""
	if s.t.PerCaller {
		who = "a caller leaves"
	}
	if s.told == 20 {
		more = "; further ejections are not told"
	}
	if s.told <= 20 {
		tw.log("ejected", r.inst.name(), fmt.Sprintf("%s it out for %v%s", who, time.Duration(until-tw.now), more))
	}
}

// ejecting tells whether somebody leaves out an instance of a service.
func (tw *twin) ejecting(s *twinService) bool {
	some := func(b *twinBalancer) bool {
		return b != nil && slices.ContainsFunc(s.instances, func(in *twinInstance) bool { return b.outliers.Ejected(tw.now, in.id) })
	}
	return some(s.balancer) ||
		slices.ContainsFunc(tw.instances, func(in *twinInstance) bool { return some(in.caller.balancers[s]) }) ||
		slices.ContainsFunc(tw.clients, func(c *twinClient) bool { return some(c.caller.balancers[s]) })
}
