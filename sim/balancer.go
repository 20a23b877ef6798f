package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
)

// balancer is what one balancer knows beyond the rotation: that of a service that
// ejects outliers, or that of one caller of a per_caller service. The attempts are
// those of guarded edges, so that all outcomes are told.
//
// Instances go by a handle: their index, or, where every caller has a balancer, their
// place among the addresses of the service, so that the callers' tables are small.
type balancer struct {
	service  int
	luck     uint64 // of a caller
	epoch    uint32 // lives of its instance so far
	turns    []turns
	inFlight []int32 // of this caller, by handle
	outliers policy.Outliers
	ejected  int  // instances that it leaves out
	changed  bool // since its view was made
	view     view // while it leaves some out
}

// turns of a caller, which begin at a place of its own.
type turns struct {
	policy.RoundRobin
	begun bool
}

// openBalancers makes those of the services.
func (w *World) openBalancers() {
	for k := range w.services {
		if s := &w.services[k]; s.m.ejects && !s.m.perCaller {
			s.balancer = int32(len(w.balancers))
			w.balancers = append(w.balancers, balancer{service: k})
		}
	}
}

// openBalancer makes that of a caller for the service of an edge, unless an edge
// before has one.
func (w *World) openBalancer(first int32, edges []uint16, slot int, luck uint64) int32 {
	service := w.edges[edges[slot]].service
	for k, edge := range edges[:slot] {
		if w.edges[edge].service == service {
			return w.gates[int(first)+k].balancer
		}
	}
	name := w.m.services[service].name
	b := balancer{service: int(service), luck: des.Stream(luck, "turns", name), turns: make([]turns, w.m.zones+w.m.regions+1)}
	w.balancers = append(w.balancers, b)
	return int32(len(w.balancers) - 1)
}

// balancerOf the caller of an attempt; nil if the rotation is all there is to know.
func (w *World) balancerOf(s *service, f *frame) *balancer {
	switch {
	case s.m.perCaller:
		b := &w.balancers[w.gates[w.calls.all[f.ref].gate].balancer]
		if n := len(s.addresses) - len(b.inFlight); n > 0 {
			b.inFlight = append(b.inFlight, make([]int32, n)...)
		}
		return b
	case s.m.ejects:
		return &w.balancers[s.balancer]
	}
	return nil
}

// viewOf a service by a balancer, up to date.
func (w *World) viewOf(s *service, b *balancer) *view {
	if b == nil || b.ejected == 0 {
		if s.view.version != s.version {
			w.refresh(s, &s.view, nil)
		}
		return &s.view
	}
	if b.view.zones == nil {
		b.view = w.newView(s)
	}
	if b.changed || b.view.version != s.version {
		b.changed = false
		w.refresh(s, &b.view, b)
	}
	return &b.view
}

// turn of a choice.
func (w *World) turn(s *service, b *balancer, from []int32, cursor int) int32 {
	if !s.m.perCaller {
		return s.turns[cursor].Pick(from)
	}
	t := &b.turns[cursor]
	if !t.begun {
		t.begun = true
		r := des.From(b.luck, uint64(b.epoch)<<32|uint64(cursor))
		t.StartAt(len(from), r.Uint64())
	}
	return t.Pick(from)
}

// tell the balancer that an attempt is over; judged: with an outcome.
func (w *World) tell(c *call, f *frame, e *edgeModel, judged, failed bool) {
	s := &w.services[e.service]
	if f.inst < 0 {
		return
	}
	g := &w.gates[c.gate]
	k, handle := s.balancer, f.inst
	if s.m.perCaller {
		if g.epoch != c.epoch {
			return // its caller has died since
		}
		k, handle = g.balancer, w.insts[f.inst].number-1
		w.balancers[k].inFlight[handle]--
	}
	if judged && s.m.ejects {
		w.judgeInstance(s, k, handle, failed)
	}
}

// handle of an instance in the balancers of its service.
func (w *World) handle(s *service, i int32) int32 {
	if s.m.perCaller {
		return w.insts[i].number - 1
	}
	return i
}

// instanceOf a handle.
func (s *service) instanceOf(handle int32) int32 {
	if s.m.perCaller {
		return s.addresses[handle]
	}
	return handle
}

// closeBalancer: its caller has died, and whoever comes after it in this life begins
// anew. Several gates may say so.
func (w *World) closeBalancer(k int32, epoch uint32) {
	b := &w.balancers[k]
	w.services[b.service].ejected -= b.ejected
	clear(b.turns)
	clear(b.inFlight)
	*b = balancer{service: b.service, luck: b.luck, epoch: epoch, turns: b.turns, inFlight: b.inFlight, view: b.view}
}

// unshare gives a copied balancer everything of its own.
func (b *balancer) unshare() {
	b.turns, b.inFlight = slices.Clone(b.turns), slices.Clone(b.inFlight)
	b.outliers = b.outliers.Clone()
	b.view, b.changed = view{}, true
}
