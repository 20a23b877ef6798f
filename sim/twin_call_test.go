package sim

import (
	"fmt"
	"slices"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// Gates and hedges in the twin. Here every call has a record and a gate, whether it
// is guarded or not.

// twinCall is a call with its attempts.
type twinCall struct {
	gate   *twinGate
	key    uint64 // of the present try
	try    int
	hedges int // of the present try
	out    []*twinRequest
	over   bool

	call   *topology.Call // of one with a look-aside cache
	data   uint32         // its key
	stale  bool           // the cache has something stale
	flight *twinFlight    // that it leads
	node   *twinInstance  // there
}

// twinGate is what one caller knows of one of its calls. An instance that dies
// forgets its gates; calls that are out keep them to themselves.
type twinGate struct {
	out       int
	budget    policy.Budget
	breaker   policy.Breaker
	throttle  policy.Throttle
	latencies policy.Latencies
}

type twinGates map[*topology.Call]*twinGate

// of a call; it is opened when it is first asked for.
func (g *twinGates) of(c *topology.Call) *twinGate {
	if *g == nil {
		*g = twinGates{}
	}
	if (*g)[c] == nil {
		(*g)[c] = &twinGate{}
	}
	return (*g)[c]
}

// beginCall: r is the first attempt of a call.
func (tw *twin) beginCall(r *twinRequest) {
	var gates *twinGates
	if r.client != nil {
		gates = &r.client.gates
	} else {
		gates = &r.parent.inst.gates
	}
	r.of = &twinCall{gate: gates.of(r.call)}
	if r.call.Retries.Budgeted {
		r.of.gate.budget.Deposit(policy.Tokens(r.call.Retries.Budget))
	}
}

// ask whether an attempt may be made; None lets it pass.
func (tw *twin) ask(r *twinRequest) trace.Reason {
	c, g := r.call, r.of.gate
	if !r.hedge {
		r.of.key, r.of.try, r.of.hedges = r.key, r.try, 0
	}
	if c.Throttle != nil {
		draw := des.From(r.key, forThrottle)
		if g.throttle.Reject(c.Throttle.K, tw.now, draw.Uint64()) {
			return trace.Rejected
		}
	}
	if c.Breaker != nil {
		passed := false
		tw.onBreaker(r, func(rule *policy.BreakerRule) {
			r.ticket, passed = g.breaker.Allow(rule, tw.now)
		})
		if !passed {
			return trace.Open
		}
	}
	if c.Bulkhead > 0 && g.out == c.Bulkhead {
		if c.Breaker != nil {
			tw.onBreaker(r, func(rule *policy.BreakerRule) { g.breaker.Done(rule, tw.now, r.ticket, true) })
		}
		return trace.Rejected
	}
	g.out++
	r.of.out = append(r.of.out, r)
	if !r.hedge {
		tw.planHedge(r)
	}
	return trace.None
}

// planHedge: the next hedge of a try comes if there is no answer by then.
func (tw *twin) planHedge(r *twinRequest) {
	h, of := r.call.Hedge, r.of
	if h == nil || of.hedges == h.Max {
		return
	}
	wait, known := int64(h.After), true
	if h.Percentile > 0 {
		wait, known = of.gate.latencies.Percentile(int(100*h.Percentile + 0.5))
	}
	if !known {
		return
	}
	tw.at(tw.now+wait, twinEvent, func() { tw.hedgeDue(r) })
}

// hedgeDue: what else happens now comes before the hedge.
func (tw *twin) hedgeDue(r *twinRequest) {
	if tw.mayHedge(r, func() { tw.hedgeDue(r) }) {
		tw.at(tw.now, twinEvent, func() { tw.hedge(r) })
	}
}

// mayHedge tells whether somebody waits for an answer to r's try, and not only till
// now. A caller that is frozen does later what it would do.
func (tw *twin) mayHedge(r *twinRequest, later func()) bool {
	of := r.of
	gone := r.client == nil && r.parent.place != atCalls
	if of.over || of.try != r.try || gone || tw.heldBack(r, later) {
		return false
	}
	hasTime := func(o *twinRequest) bool { return o.sent+max(1, int64(r.call.Timeout)) > tw.now }
	return slices.ContainsFunc(of.out, hasTime) && (r.client != nil || !tw.cancelled(r.parent))
}

// hedge makes another attempt of the same try as r.
func (tw *twin) hedge(r *twinRequest) {
	of := r.of
	if !tw.mayHedge(r, func() { tw.hedge(r) }) {
		return
	}
	of.hedges++
	hedge := tw.request(twinRequest{
		key: tw.hedgeKey(of.key, of.hedges), call: r.call, client: r.client, parent: r.parent, of: of, hedge: true,
		try: r.try, wait: r.wait, zone: r.zone, first: r.first, whole: r.whole, turn: r.turn, nth: r.nth, priority: r.priority,
	})
	tw.planHedge(hedge)
	tw.send(hedge)
}

// decides tells whether an outcome is that of the try: the first good one, or the
// last of those that are out.
func (tw *twin) decides(r *twinRequest, a twinAnswer) bool {
	failed := a.reason != trace.None
	if slices.Contains(r.of.out, r) {
		tw.tellBalancer(r, true, failed)
		tw.leave(r, failed, a.reason == trace.Timeout, func(rule *policy.BreakerRule) {
			r.of.gate.breaker.Done(rule, tw.now, r.ticket, failed)
		})
	}
	for !failed && len(r.of.out) > 0 {
		loser := r.of.out[0]
		tw.waitNoMore(loser)
		if loser.count != nil {
			loser.count.ended, loser.count.over = true, tw.now // as if answered
		}
		tw.tellBalancer(loser, false, false)
		tw.leave(loser, false, false, func(*policy.BreakerRule) { r.of.gate.breaker.Forget(loser.ticket) })
	}
	return len(r.of.out) == 0
}

// leave: an attempt is out no more.
func (tw *twin) leave(r *twinRequest, failed, late bool, tell func(*policy.BreakerRule)) {
	g := r.of.gate
	r.of.out = slices.DeleteFunc(r.of.out, func(o *twinRequest) bool { return o == r })
	g.out--
	if r.call.Breaker != nil {
		tw.onBreaker(r, tell)
	}
	if r.call.Throttle != nil {
		g.throttle.Done(tw.now, !failed)
	}
	if !r.hedge && (!failed || late) {
		g.latencies.Add(tw.now - r.sent)
	}
}

// mayRetry tells whether a failed try is followed by another.
func (tw *twin) mayRetry(r *twinRequest, reason trace.Reason) bool {
	if reason == trace.Dependency {
		reason = trace.Error
	}
	names := map[trace.Reason]topology.Reasons{
		trace.Timeout: topology.Timeout, trace.Refused: topology.Refused, trace.Rejected: topology.Rejected,
		trace.Open: topology.Open, trace.Unavailable: topology.Unavailable, trace.Error: topology.Failed,
		trace.Malformed: topology.Malformed,
	}
	t := r.call.Retries
	return r.try < t.Max && t.On.Has(names[reason]) && (r.client != nil || !tw.cancelled(r.parent)) &&
		(!t.Budgeted || r.of.gate.budget.Withdraw())
}

// twinBreakers is what was told of the breakers of a call.
type twinBreakers struct{ open, opened, told int }

// onBreaker does something with the breaker of an attempt's gate and tells what
// came of it.
func (tw *twin) onBreaker(r *twinRequest, do func(*policy.BreakerRule)) {
	b := r.call.Breaker
	was := r.of.gate.breaker.State()
	do(&policy.BreakerRule{
		Window: int64(b.Window), MinRequests: b.MinRequests, ErrorRate: b.ErrorRate,
		OpenFor: int64(b.OpenFor), Probes: b.Probes,
	})
	gates, name := []*twinGate{}, ""
	if r.client != nil {
		gates, name = append(gates, r.client.gates[r.call]), r.client.t.Name
	} else {
		s := r.parent.inst.service
		name = s.t.Name
		for _, in := range s.instances {
			gates = append(gates, in.gates[r.call])
		}
	}
	if is := r.of.gate.breaker.State(); slices.Contains(gates, r.of.gate) && is == policy.Open && was != is {
		tw.breakers(r.call).opened++
	}
	tw.noteBreakers(r.call, name, gates)
}

func (tw *twin) breakers(c *topology.Call) *twinBreakers {
	if tw.told == nil {
		tw.told = map[*topology.Call]*twinBreakers{}
	}
	if tw.told[c] == nil {
		tw.told[c] = &twinBreakers{}
	}
	return tw.told[c]
}

// noteBreakers logs the first breaker of a call that opens and the last that is
// not closed any more, ten times at most.
func (tw *twin) noteBreakers(c *topology.Call, caller string, gates []*twinGate) {
	open := 0
	for _, g := range gates {
		if g != nil && g.breaker.State() != policy.Closed {
			open++
		}
	}
	b := tw.breakers(c)
	was := b.open
	b.open = open
	name := caller + " > " + tw.top.ComponentName(c.To.Service)
	switch {
	case was == 0 && open > 0 && b.told < 10:
		tw.log("breaker", name, "the first breaker opens")
	case was > 0 && open == 0:
		if b.told++; b.told <= 10 {
			how := fmt.Sprintf("%d times", b.opened)
			if b.opened == 1 {
				how = "once"
			}
			if b.told == 10 {
				how += "; further openings are not told"
			}
			tw.log("breaker", name, "no breaker is open any more, opened "+how)
		}
		b.opened = 0
	}
}

// forgetGates: an instance has died.
func (tw *twin) forgetGates(in *twinInstance) {
	in.gates = nil
	for _, o := range in.service.t.Operations {
		for _, step := range o.Steps {
			for _, c := range step {
				var gates []*twinGate
				for _, other := range in.service.instances {
					gates = append(gates, other.gates[c])
				}
				tw.noteBreakers(c, in.service.t.Name, gates)
			}
		}
	}
}
