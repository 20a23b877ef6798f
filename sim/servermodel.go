package sim

import (
	"math"

	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// serverModel is how the instances of a service choose whom they serve, and how
// fast they are when they are young.
type serverModel struct {
	order    topology.QueueOrder
	cancel   bool
	warm     policy.Warm
	contend  float64                  // topology.Service.Contention
	inFlight [priorities]int64        // that each priority may use; none above math.MaxInt32
	codel    [priorities]policy.CoDel // Interval 0: none
	adaptive bool
	gradient policy.GradientRule
	special  bool // any of these
}

// Of an adaptive limit: where it begins if the concurrency is unlimited, how far it
// shrinks at most, and how far it grows without max_in_flight (the defaults of
// concurrency-limits' Gradient2).
const (
	limitBegins = 20
	limitShrink = 20
	limitGrows  = 200
)

func (m *Model) compileServer(s *topology.Service) serverModel {
	c := serverModel{order: s.Queue.Order, cancel: s.Cancel, warm: policy.Warm{Slowdown: 1}, contend: s.Contention}
	shed := s.Shedding
	c.special = c.order != topology.FIFO || c.cancel || s.Warm != nil || s.Contention > 0 || shed != nil
	if s.Warm != nil {
		c.warm = policy.Warm{For: int64(s.Warm.For), Slowdown: s.Warm.Slowdown}
	}
	if shed == nil {
		shed = new(topology.Shedding)
	}
	most := int64(math.MaxInt32)
	if shed.MaxInFlight > 0 {
		most = int64(bounded(shed.MaxInFlight))
	}
	for p := range priority(priorities) {
		c.inFlight[p] = policy.Admits(most, m.below[p])
		if shed.MaxInFlight == 0 {
			c.inFlight[p] = most
		}
		if shed.MaxQueueDelay > 0 {
			c.codel[p] = policy.MaxQueueDelay(policy.Admits(int64(shed.MaxQueueDelay), m.below[p]))
		}
	}
	if c.adaptive = shed.Adaptive; c.adaptive {
		c.gradient = gradientOf(s)
	}
	return c
}

// gradientOf a service begins with as many as its instances serve at once.
func gradientOf(s *topology.Service) policy.GradientRule {
	g := policy.GradientRule{Initial: limitBegins, Max: limitGrows}
	if s.Concurrency != topology.Unlimited {
		g.Initial = s.Concurrency
	}
	if most := s.Shedding.MaxInFlight; most > 0 {
		g.Max = most
		g.Initial = min(g.Initial, most)
	}
	g.Max = max(g.Max, g.Initial)
	g.Min = min(g.Initial, limitShrink)
	return g
}

// stepsBelow says of every priority how many steps it is below the highest that a
// traffic has.
func stepsBelow(t *topology.Topology) (below [priorities]int) {
	highest := low
	for _, tr := range t.Traffic {
		if p := compilePriority(tr.Priority); p.rank() < highest.rank() {
			highest = p
		}
	}
	for p := range priority(priorities) {
		below[p] = max(0, p.rank()-highest.rank())
	}
	return below
}

func compilePriority(p topology.Priority) priority {
	switch {
	case p > topology.NormalPriority:
		return high
	case p < topology.NormalPriority:
		return low
	}
	return normal
}
