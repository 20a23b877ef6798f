package scenarios

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/silverback-sim/silverback/topology"
)

// What is told of effects when they begin.

// object names whom an effect strikes.
func (p *Player) object(f *topology.Fault, e *Effect) string {
	t := p.topology
	switch e.Kind {
	case ZoneLoss, Shift:
		if f.Kong != nil {
			return regionName(t, f.Kong.Region.Of[0])
		}
		return names(t.ZoneNames(), e.Where.Zones, "all zones")
	case Partition, Loss:
		if isEverySide(&e.From) && isEverySide(&e.To) {
			return "everything"
		}
		link := " - "
		if e.OneWay {
			link = " > "
		}
		return p.sideName(&e.From) + link + p.sideName(&e.To)
	case Surge:
		var traffics []string
		for _, c := range t.Traffic {
			traffics = append(traffics, c.Name)
		}
		return names(traffics, e.Traffic, "all traffic")
	default:
		return p.whereName(&e.Where)
	}
}

func (p *Player) whereName(w *Where) string {
	all := "all services"
	if p.topology.Components() > len(p.topology.Services) {
		all = "all components"
	}
	text := names(p.serviceNames(), w.Services, all)
	if w.Operations != nil {
		var operations []string
		for _, o := range w.Operations {
			operations = append(operations, p.topology.TargetName(o))
		}
		text = strings.Join(operations, ", ")
	}
	if w.Zones != nil {
		text += " in " + names(p.topology.ZoneNames(), w.Zones, "all zones")
	}
	switch n := len(w.Instances); {
	case w.Instances == nil:
		return text
	case n == 1:
		return text + " (1 instance)"
	default:
		return text + " (" + strconv.Itoa(n) + " instances)"
	}
}

func isEverySide(s *Side) bool { return !s.Rest && s.Zones == nil && s.Services == nil }

func (p *Player) sideName(s *Side) string {
	if s.Rest {
		return "the rest"
	}
	if isEverySide(s) {
		return "everything"
	}
	zones := names(p.topology.ZoneNames(), s.Zones, "")
	switch {
	case s.Services == nil:
		return zones
	case s.Zones == nil:
		return names(p.serviceNames(), s.Services, "")
	}
	return names(p.serviceNames(), s.Services, "") + " in " + zones
}

// serviceNames are those of all components, by their indices.
func (p *Player) serviceNames() []string {
	var all []string
	for i := range p.topology.Components() {
		all = append(all, p.topology.ComponentName(i))
	}
	return all
}

// names of the chosen; nil are all.
func names(list []string, chosen []int, all string) string {
	if chosen == nil || all != "" && len(chosen) == len(list) && len(list) > 1 {
		if len(list) == 1 {
			return list[0]
		}
		return all
	}
	var some []string
	for _, k := range chosen {
		some = append(some, list[k])
	}
	return strings.Join(some, ", ")
}

// what a fault does.
func what(f *topology.Fault) string {
	switch {
	case f.Pause != nil:
		return "instances freeze"
	case f.Latency != nil && f.Latency.Add != nil:
		return "replies come " + late(f.Latency.Add) + " later"
	case f.Latency != nil:
		return "work takes " + factor(f.Latency.Slowdown) + " times as long"
	case f.Errors != nil:
		return topology.FormatShare(f.Errors.Rate) + " of the requests fail"
	case f.BadData != nil:
		return topology.FormatShare(f.BadData.Rate) + " of the replies are malformed"
	case f.Partition != nil && f.Partition.Mode == topology.Refuse:
		return "connections are refused"
	case f.Partition != nil:
		return "no messages pass"
	case f.Loss != nil:
		return topology.FormatShare(f.Loss.Rate) + " of the messages are lost"
	case f.Surge != nil:
		return "the load is " + factor(f.Surge.Factor) + " times the usual"
	default:
		return ""
	}
}

func factor(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// late is how much, in the mean.
func late(d *topology.Distribution) string {
	mean := d.MeanSeconds()
	if d.Kind == topology.Constant {
		return topology.FormatDuration(d.Mean)
	}
	if mean > 1e6 {
		return "much"
	}
	return topology.FormatDuration(time.Duration(math.Round(mean*1e3))*time.Millisecond) + " on average"
}
