package sim

import (
	"fmt"
	"math"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// guardModel is what protects a guarded edge.
type guardModel struct {
	index      int   // of all guarded edges
	slot       int32 // among the gates of one caller
	name       string
	throttle   float64 // k; 0 = none
	breaker    bool
	rule       policy.BreakerRule
	bulkhead   int32 // math.MaxInt32 = no bound
	budgeted   bool
	budget     int64       // tokens per first attempt
	hedges     uint8       // of one try, at most
	hedge      timing      // constant; not used with a percentile
	usual      bool        // of all this no more than a breaker, a bulkhead and a budget
	balances   bool        // the balancer learns of its attempts
	percentile int         // of the observed latency, in place of a constant; 0 = none
	aside      *asideModel // the look-aside cache that is asked first; nil = none
	asksFor    int         // this edge is to the look-aside cache of another, whose index is this; else -1
}

// gate is one caller's state of one guarded edge: a calling instance has its own,
// a traffic has one. Every attempt passes throttle, breaker and bulkhead in this
// order.
type gate struct {
	epoch     uint32 // lives of its instance so far
	inFlight  int32  // attempts that have passed and have no outcome
	balancer  int32  // in World.balancers, of a per_caller service
	budget    policy.Budget
	breaker   policy.Breaker
	throttle  policy.Throttle
	latencies *policy.Latencies // of the tries' first attempts; nil if nobody asks
}

// guardLast compiles what the edge added last is guarded with, and adds it to the
// guarded ones of its caller.
func (m *Model) guardLast(guarded *[]uint16, c *topology.Call, caller string) error {
	guard, err := m.guardOf(c, caller, int32(len(*guarded)))
	if guard != nil {
		edge := len(m.edges) - 1
		m.edges[edge].guard = guard
		*guarded = append(*guarded, uint16(edge))
	}
	return err
}

// triedAgain is the set of reasons, one bit each. An attempt that failed by a
// dependency is an error to its caller.
func triedAgain(on topology.Reasons) uint16 {
	set := uint16(on) << trace.Timeout // which is the first in both orders
	if on.Has(topology.Failed) {
		set |= 1 << trace.Dependency
	}
	return set
}

// guardOf compiles what an edge is guarded with; nil if it is plain. slot is its
// place among the gates of its caller.
func (m *Model) guardOf(c *topology.Call, caller string, slot int32) (*guardModel, error) {
	target := m.fleets[c.To.Service]
	balances := target.PerCaller || target.Ejection != nil
	if c.Breaker == nil && c.Bulkhead == 0 && c.Hedge == nil && c.Throttle == nil && !c.Retries.Budgeted && !balances && c.Cache == nil {
		return nil, nil
	}
	g := &guardModel{
		index: m.guards, asksFor: nobody, slot: slot, name: caller + " > " + target.Name, balances: balances,
		bulkhead: math.MaxInt32, budgeted: c.Retries.Budgeted, budget: policy.Tokens(c.Retries.Budget),
	}
	m.guards++
	if c.Bulkhead > 0 {
		g.bulkhead = bounded(c.Bulkhead)
	}
	if c.Throttle != nil {
		g.throttle = c.Throttle.K
	}
	if b := c.Breaker; b != nil {
		g.breaker = true
		g.rule = policy.BreakerRule{
			Window: int64(b.Window), MinRequests: b.MinRequests, ErrorRate: b.ErrorRate,
			OpenFor: int64(b.OpenFor), Probes: b.Probes,
		}
	}
	g.usual = c.Throttle == nil && c.Hedge == nil && !balances && c.Cache == nil
	if h := c.Hedge; h != nil {
		if h.Max > maxHedges {
			return nil, fmt.Errorf("%s: %d hedges of one attempt: at most %d can be played", caller, h.Max, maxHedges)
		}
		g.hedges, g.percentile = uint8(h.Max), int(math.Round(100*h.Percentile))
		if h.Percentile == 0 {
			g.hedge = m.timing(topology.Distribution{Kind: topology.Constant, Mean: h.After})
		}
	}
	return g, nil
}

// openGates makes a caller's gates for its guarded edges and returns the first.
func (w *World) openGates(edges []uint16, luck uint64) int32 {
	first := int32(len(w.gates))
	for slot, edge := range edges {
		var g gate
		if w.m.services[w.edges[edge].service].perCaller {
			g.balancer = w.openBalancer(first, edges, slot, luck)
		}
		if w.edges[edge].guard.percentile > 0 {
			g.latencies = new(policy.Latencies)
		}
		w.gates = append(w.gates, g)
	}
	return first
}

// unshare gives a copied gate everything of its own.
func (g *gate) unshare() {
	if g.latencies != nil {
		own := *g.latencies
		g.latencies = &own
	}
}

// ask whether an attempt may be made now. What the bulkhead refuses has failed in
// the breaker's eyes, which stands outside of it (as in Hystrix).
func (w *World) ask(c *call, e *edgeModel, key uint64) (ticket uint32, stop trace.Reason) {
	g, m := &w.gates[c.gate], e.guard
	if m.throttle > 0 {
		r := des.From(key, forThrottle)
		if g.throttle.Reject(m.throttle, w.now, r.Uint64()) {
			return 0, trace.Rejected
		}
	}
	if m.breaker {
		was, ok := g.breaker.State(), false
		if ticket, ok = g.breaker.Allow(&m.rule, w.now); g.breaker.State() != was {
			w.noteBreaker(m, was, g.breaker.State())
		}
		if !ok {
			return 0, trace.Open
		}
	}
	if g.inFlight >= m.bulkhead {
		if m.breaker {
			w.learnOutcome(g, m, ticket, true)
		}
		return 0, trace.Rejected
	}
	g.inFlight++
	return ticket, trace.None
}

// learn tells the gate what became of an attempt, unless its instance has died
// since.
func (w *World) learn(c *call, a attempt, e *edgeModel, o outcome) {
	g, m := &w.gates[c.gate], e.guard
	failed := o.failed()
	if m.balances {
		w.tell(c, w.frames.at(a.frame), e, true, failed)
	}
	if g.epoch != c.epoch {
		return
	}
	g.inFlight--
	if m.breaker {
		w.learnOutcome(g, m, a.ticket, failed)
	}
	if m.throttle > 0 {
		g.throttle.Done(w.now, !failed)
	}
	if g.latencies != nil && (!failed || o.kind == trace.Timeout) {
		w.observe(g, c, a)
	}
}

// learnOutcome tells the gate's breaker of an attempt that it let pass.
func (w *World) learnOutcome(g *gate, m *guardModel, ticket uint32, failed bool) {
	was := g.breaker.State()
	g.breaker.Done(&m.rule, w.now, ticket, failed)
	if is := g.breaker.State(); is != was {
		w.noteBreaker(m, was, is)
	}
}

// unlearn tells the gate of an attempt that nobody waits for any more, because
// another one was faster: it is no failure and no rejection.
func (w *World) unlearn(c *call, a attempt, e *edgeModel) {
	g, m := &w.gates[c.gate], e.guard
	if m.balances {
		w.tell(c, w.frames.at(a.frame), e, false, false)
	}
	if g.epoch != c.epoch {
		return
	}
	g.inFlight--
	if m.breaker {
		g.breaker.Forget(a.ticket)
	}
	if m.throttle > 0 {
		g.throttle.Done(w.now, true)
	}
	if g.latencies != nil {
		w.observe(g, c, a)
	}
}

// observe how long the first attempt of a try took.
func (w *World) observe(g *gate, c *call, a attempt) {
	if f := w.frames.at(a.frame); f.key == c.key {
		g.latencies.Add(w.now - f.sent)
	}
}

// closeGates: the caller has died. What it knew is gone; whoever comes after it
// begins anew.
func (w *World) closeGates(first int32, edges []uint16) {
	for k, edge := range edges {
		g := &w.gates[first+int32(k)]
		if was := g.breaker.State(); was != policy.Closed {
			w.noteBreaker(w.edges[edge].guard, was, policy.Closed)
		}
		*g = gate{epoch: g.epoch + 1, balancer: g.balancer, latencies: g.latencies}
		if w.m.services[w.edges[edge].service].perCaller {
			w.closeBalancer(g.balancer, g.epoch)
		}
		if g.latencies != nil {
			*g.latencies = policy.Latencies{}
		}
	}
}
