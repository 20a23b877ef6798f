package scenarios

import (
	"github.com/silverback-sim/silverback/topology"
)

// effect that a fault has from its begin to its end.
func (p *Player) effect(f *topology.Fault, s step, target Target) *Effect {
	e := &Effect{Fault: f.Kind()}
	var on *topology.Selection
	switch {
	case f.Gorilla != nil:
		g := f.Gorilla
		e.Kind, e.Where.Zones, e.Mode, e.Restart = ZoneLoss, g.Zone.Of, g.Mode, g.Restart
		e.RefuseElsewhere, e.Surrender = g.RefuseCapacityElsewhere, g.Surrender
	case f.Kong != nil:
		k := f.Kong
		e.Kind, e.Mode, e.Restart = ZoneLoss, k.Mode, k.Restart
		e.Where.Zones = p.topology.SelectedZones(&topology.Selection{Regions: k.Region})
		e.RefuseElsewhere, e.Surrender, e.Follow = k.RefuseCapacityElsewhere, k.Surrender, k.DNSTTL
	case f.Pause != nil:
		e.Kind, on = Pause, &f.Pause.Selection
	case f.Latency != nil && f.Latency.Add != nil:
		e.Kind, e.Delay, on = Delay, *f.Latency.Add, &f.Latency.Selection
	case f.Latency != nil:
		e.Kind, e.Factor, on = Slowdown, f.Latency.Slowdown, &f.Latency.Selection
	case f.Errors != nil:
		e.Kind, e.Rate, on = Errors, f.Errors.Rate, &f.Errors.Selection
	case f.BadData != nil:
		e.Kind, e.Rate, e.Salvage, on = BadData, f.BadData.Rate, f.BadData.Salvage, &f.BadData.Selection
	case f.Partition != nil:
		e.Kind, e.Mode, e.OneWay = Partition, f.Partition.Mode, f.Partition.OneWay
		e.From, e.To = p.side(&f.Partition.From), p.side(&f.Partition.To)
		e.To.Rest = e.To.Zones == nil && e.To.Services == nil
	case f.Loss != nil:
		e.Kind, e.Rate, e.OneWay = Loss, f.Loss.Rate, f.Loss.OneWay
		e.From, e.To = p.side(&f.Loss.From), p.side(&f.Loss.To)
	case f.Surge != nil:
		e.Kind, e.Factor, e.Traffic = Surge, f.Surge.Factor, f.Surge.Traffic
	default:
		panic("scenarios: " + f.Kind() + " has no lasting effect")
	}
	if on != nil {
		e.Where = p.where(on, s, target)
	}
	e.Object, e.What = p.object(f, e), what(f)
	return e
}

// side of a partition or a loss.
func (p *Player) side(s *topology.Selection) Side {
	side := Side{Services: s.Services}
	if s.Zones.Of != nil || s.Regions.Of != nil {
		side.Zones = p.topology.SelectedZones(s)
	}
	return side
}

// where a selection holds. A share or a count is drawn now.
func (p *Player) where(on *topology.Selection, s step, target Target) Where {
	w := Where{Services: on.Services, Operations: on.Operations}
	if on.Zones.Of != nil || on.Regions.Of != nil {
		w.Zones = p.topology.SelectedZones(on)
	}
	if on.Count > 0 || on.Share < 1 {
		w.Instances = []int{}
		for _, c := range p.drawn(on, s, target) {
			w.Instances = append(w.Instances, c.instance)
		}
	}
	return w
}

// drawn are the instances that a selection takes, in the order of their lots.
func (p *Player) drawn(on *topology.Selection, s step, target Target) []candidate {
	all := p.candidates(s, p.topology.SelectedServices(on), p.topology.SelectedZones(on), target)
	n := on.Count
	if n == 0 {
		n = int(float64(on.Share*float64(len(all))) + 0.5)
		if n == 0 && on.Share > 0 {
			n = 1 // a share of a small fleet still hits
		}
	}
	return all[:min(n, len(all))]
}
