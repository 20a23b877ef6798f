package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
)

// Variants that have one seed are one run until the first of their faults. That
// part is played once; a copy of the world goes on from there for each.

// Common plays what the variants have in common, up to the first fault of any.
// Branch plays the rest of each; many may at once.
func Common(m *Model, variants []scenarios.Variant, opts Options) *World {
	w := newWorld(m, scenarios.Healthy(), opts)
	until := w.end
	for _, v := range variants {
		p := scenarios.NewPlayer(m.topology, v, opts.Seed)
		if at, ok := p.Next(); ok {
			until = min(until, int64(at))
		}
		if at, _, ok := p.FaultPhase(); ok {
			until = min(until, int64(at))
		}
	}
	for !w.meter.stopped && min(w.set.Min().At, w.outAt) < until {
		w.step()
		w.maybeStop()
	}
	return w
}

// Branch plays a variant on from here to its end; w stays as it is. The run is
// the same as Play's of the same seed. opts.Seed is not used.
func (w *World) Branch(v scenarios.Variant, opts Options) *trace.Run {
	c := w.branch(v, opts)
	c.play()
	return c.record(v)
}

func (w *World) branch(v scenarios.Variant, opts Options) *World {
	c := w.clone()
	opts.Seed = w.seed
	c.opts = opts
	c.player = scenarios.NewPlayer(c.m.topology, v, c.seed)
	c.schedulePhases()
	c.nextStep()
	return c
}

// clone is a copy, from before any fault, that shares nothing but the model and the
// options.
func (w *World) clone() *World {
	c := *w
	c.set = w.set.Clone()
	c.lines = slices.Clone(w.lines)
	for k := range c.lines {
		c.lines[k] = w.lines[k].Clone()
	}
	c.frames = w.frames.clone()
	c.timers = slices.Clone(w.timers)
	for k := range c.timers {
		c.timers[k].ends = c.frames.at(c.timers[k].index)
	}
	c.late.ends = c.frames.at(c.late.index)
	c.control.entries = slices.Clone(w.control.entries)
	c.dying, c.resets, c.lists = slices.Clone(w.dying), slices.Clone(w.resets), nil
	c.insts = slices.Clone(w.insts)
	c.inFlight = slices.Clone(w.inFlight)
	c.cores = slices.Clone(w.cores)
	for k := range c.cores {
		c.cores[k].done = slices.Clone(w.cores[k].done)
	}
	c.disciplines = slices.Clone(w.disciplines)
	for k := range c.disciplines {
		c.disciplines[k].unshare()
	}
	c.nodes, c.zoneOf, c.copied = slices.Clone(w.nodes), slices.Clone(w.zoneOf), nil
	for k := range c.nodes {
		c.nodes[k].unshare()
	}
	c.services = slices.Clone(w.services)
	for k := range c.services {
		c.services[k].unshare()
		c.services[k].view = c.newView(&c.services[k])
	}
	c.traffic = slices.Clone(w.traffic)
	for k := range c.traffic {
		c.traffic[k].unshare()
	}
	c.zones, c.inForce = slices.Clone(w.zones), slices.Clone(w.inForce)
	c.ice = slices.Clone(w.ice)
	c.calls.all = slices.Clone(w.calls.all)
	c.gates, c.breakers = slices.Clone(w.gates), slices.Clone(w.breakers)
	c.balancers = slices.Clone(w.balancers)
	for k := range c.balancers {
		c.balancers[k].unshare()
	}
	for k := range c.gates {
		c.gates[k].unshare()
	}
	c.ailments, c.disturbances = slices.Clone(w.ailments), slices.Clone(w.disturbances)
	c.player = nil
	m := &c.meter
	m.spans, m.causes, m.events = slices.Clone(m.spans), slices.Clone(m.causes), slices.Clone(m.events)
	m.batches.starts = slices.Clone(m.batches.starts)
	m.names, m.held, m.origins = slices.Clone(m.names), slices.Clone(m.held), slices.Clone(m.origins)
	c.strikes.going, c.strikes.over = slices.Clone(w.strikes.going), slices.Clone(w.strikes.over)
	c.spans = w.spans.clone()
	return &c
}

func (p *pool) clone() pool {
	c := pool{free: p.free}
	for _, chunk := range p.chunks {
		copied := *chunk
		c.chunks = append(c.chunks, &copied)
	}
	return c
}

// unshare gives a copied service everything of its own.
func (s *service) unshare() {
	s.insts, s.rotation = slices.Clone(s.insts), slices.Clone(s.rotation)
	s.inZone = slices.Clone(s.inZone)
	for z := range s.inZone {
		s.inZone[z].rotation = slices.Clone(s.inZone[z].rotation)
	}
	s.turns, s.addresses = slices.Clone(s.turns), slices.Clone(s.addresses)
	s.sojourn = s.sojourn.clone()
	wait, waits := *s.wait, s.waits.Clone()
	s.wait, s.waits = &wait, &waits
	s.record = s.record.Clone()
	unshareOutcomes(&s.out, &s.record.Phases)
	s.columns.unshare()
	s.upPart = slices.Clone(s.upPart)
	s.hits, s.misses = slices.Clone(s.hits), slices.Clone(s.misses)
	s.upBy = slices.Clone(s.upBy) // the rows are never written again
}

// unshare gives a copied client everything of its own.
func (c *client) unshare() {
	c.demand = slices.Clone(c.demand)
	c.latency = c.latency.clone()
	c.record = c.record.Clone()
	unshareOutcomes(&c.out, &c.record.Phases)
	c.columns.unshare()
	c.entered = slices.Clone(c.entered) // likewise
}

func unshareOutcomes(out *[phases]*trace.Outcomes, reported *[trace.Phases]trace.Outcomes) {
	warmup := out[0].Clone()
	out[0] = &warmup
	for p := range reported {
		out[1+p] = &reported[p]
	}
}

func (l *latency) clone() *latency {
	c := *l
	c.window, c.batch = l.window.Clone(), l.batch.Clone()
	return &c
}

func (c *columns) unshare() {
	for _, column := range []*[]uint32{&c.requests, &c.attempts, &c.ok, &c.degraded, &c.failed, &c.answered} {
		*column = slices.Clone(*column)
	}
}
