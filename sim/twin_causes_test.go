package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// Which fault is to blame, in the twin: all strikes are remembered, and looked
// through anew for every failure.

// twinStrike is one effect of a fault, or the death of one instance.
type twinStrike struct {
	effect *twinEffect
	inst   *twinInstance
	fault  string
	ended  bool // the effect has
	over   bool // and what it took is back
	until  int64
}

type twinBlame struct {
	strikes []*twinStrike
	names   []string // of faults, by the numbers that withFault adds
	calm    bool

	all, missed    int // outcomes of clients in this window
	before, misses int // outcomes before the first strike
}

func (b *twinBlame) count(a twinAnswer) {
	b.all++
	if a.reason != trace.None || a.degraded {
		b.missed++
	}
}

// feel, at the end of a window, whether its users noticed more than before.
func (tw *twin) feel() {
	b := &tw.blaming
	all, missed := b.all, b.missed
	b.all, b.missed = 0, 0
	if len(b.strikes) == 0 {
		b.before += all
		b.misses += missed
		return
	}
	usual := 0.0
	if b.before > 0 {
		usual = float64(b.misses) / float64(b.before)
	}
	b.calm = all > 0 && float64(missed)/float64(all) <= usual+0.001
}

func (tw *twin) struck(s *twinStrike) {
	tw.blaming.strikes = append(tw.blaming.strikes, s)
	tw.blaming.calm = false
	tw.held = append(tw.held, twinHeld{tw.now, s.fault})
}

func (tw *twin) strikeEnds(id int) {
	for _, s := range tw.blaming.strikes {
		if s.effect != nil && s.effect.id == id {
			s.ended = true
		}
	}
}

// ease ends strikes of which nothing is left, and says who is responsible now.
func (tw *twin) ease() {
	holder := ""
	whole := map[*twinService]bool{} // as found out for another strike
	for _, s := range tw.blaming.strikes {
		if s.ended && !s.over && tw.restored(s, whole) {
			s.over, s.until = true, tw.now
		}
		if !s.over {
			holder = s.fault
		}
	}
	if holder != "" || tw.blaming.calm {
		tw.held = append(tw.held, twinHeld{tw.now, holder})
	}
}

func (tw *twin) restored(s *twinStrike, whole map[*twinService]bool) bool {
	took := tw.services
	if s.effect == nil {
		took = []*twinService{s.inst.service}
	} else if k := s.effect.Kind; k != scenarios.ZoneLoss && k != scenarios.Outage && k != scenarios.Pause {
		took = nil
	}
	for _, service := range took {
		is, known := whole[service]
		if !known {
			is = tw.whole(service)
			whole[service] = is
		}
		if !is {
			return false
		}
	}
	return true
}

// whole tells whether a service has what it wants, and everybody knows.
func (tw *twin) whole(s *twinService) bool {
	up := s.count(func(in *twinInstance) bool { return in.state == up })
	return up == s.wanted && s.count(tw.inRotation) == s.wanted && s.count(tw.wrong) == 0 && !tw.ejecting(s)
}

// causes of a fault are that many apart.
const twinFaultStep = 1 << 10

func (tw *twin) withFault(service int, fault string) int {
	if fault == "" {
		return service
	}
	b := &tw.blaming
	if !slices.Contains(b.names, fault) {
		b.names = append(b.names, fault)
	}
	return service + twinFaultStep*(1+slices.Index(b.names, fault))
}

func (tw *twin) origin(cause int) (service int, fault string) {
	if cause >= twinFaultStep {
		fault = tw.blaming.names[cause/twinFaultStep-1]
	}
	return cause % twinFaultStep, fault
}

// touching is the fault that touched a failed attempt.
func (tw *twin) touching(r *twinRequest, reason trace.Reason) string {
	best, fault := 0, ""
	for _, s := range tw.blaming.strikes {
		if s.over && s.until < r.sent {
			continue
		}
		if near := tw.nearness(s, r, reason); near > 0 && near >= best {
			best, fault = near, s.fault
		}
	}
	return fault
}

func (tw *twin) nearness(s *twinStrike, r *twinRequest, reason trace.Reason) int {
	to := r.call.To.Service
	switch {
	case r.inst != nil && s.meets(r):
		if slices.Contains(s.doings(), reason) {
			return 4
		}
		return 3
	case s.concerns(tw, to):
		return 2
	case reason == trace.Error || reason == trace.Malformed || reason == trace.Refused:
		return 0
	}
	var below []int
	for look := []int{to}; len(look) > 0; look = look[1:] {
		for _, o := range tw.services[look[0]].t.Operations {
			for _, step := range o.Steps {
				for _, c := range step {
					if !slices.Contains(below, c.To.Service) {
						below, look = append(below, c.To.Service), append(look, c.To.Service)
					}
					if c.Cache != nil && !slices.Contains(below, c.Cache.To.Service) {
						below, look = append(below, c.Cache.To.Service), append(look, c.Cache.To.Service)
					}
				}
			}
		}
	}
	if slices.ContainsFunc(below, func(k int) bool { return s.concerns(tw, k) }) {
		return 1
	}
	return 0
}

func (s *twinStrike) meets(r *twinRequest) bool {
	if s.effect == nil {
		return s.inst == r.inst
	}
	switch s.effect.Kind {
	case scenarios.Partition, scenarios.Loss:
		caller, server := r.ends()
		return between(*s.effect, caller, server) || between(*s.effect, server, caller)
	case scenarios.Surge, scenarios.Shift:
		return false
	default:
	}
	return strikes(&s.effect.Where, r.inst, &r.call.To)
}

// concerns some instance of a service.
func (s *twinStrike) concerns(tw *twin, service int) bool {
	if s.effect == nil {
		return s.inst.service.index == service
	}
	switch w := &s.effect.Where; s.effect.Kind {
	case scenarios.Partition, scenarios.Loss, scenarios.Surge, scenarios.Shift:
		return false
	default:
		t := tw.services[service].t
		return slices.ContainsFunc(tw.instances, func(in *twinInstance) bool { return in.service.index == service && strikes(w, in, nil) }) &&
			(w.Operations == nil || slices.ContainsFunc(w.Operations, func(to topology.Target) bool { return tw.services[to.Service].t == t }))
	}
}

// doings are the reasons by which a strike makes requests fail.
func (s *twinStrike) doings() []trace.Reason {
	if s.effect == nil {
		return []trace.Reason{trace.Refused, trace.Timeout}
	}
	return map[scenarios.EffectKind][]trace.Reason{
		scenarios.ZoneLoss:  {trace.Refused, trace.Timeout},
		scenarios.Outage:    {trace.Refused, trace.Timeout},
		scenarios.Partition: {trace.Refused, trace.Timeout},
		scenarios.Slowdown:  {trace.Timeout, trace.Rejected},
		scenarios.Pause:     {trace.Timeout, trace.Rejected},
		scenarios.Delay:     {trace.Timeout},
		scenarios.Loss:      {trace.Timeout},
		scenarios.Errors:    {trace.Error},
		scenarios.BadData:   {trace.Malformed},
	}[s.effect.Kind]
}
