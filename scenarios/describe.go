package scenarios

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/silverback-sim/silverback/topology"
)

// Describe says in a few words what a fault will do to whom, as it was written:
// before anything is chosen.
func Describe(t *topology.Topology, f *topology.Fault) string {
	p := &Player{topology: t}
	switch {
	case f.Kong != nil:
		k := f.Kong
		return p.choice(&k.Region, "region") + " is lost; its clients go elsewhere after " + topology.FormatDuration(k.DNSTTL)
	case f.Pause != nil:
		return p.struck(&f.Pause.Selection) + " freeze"
	case f.Latency != nil && f.Latency.Add != nil:
		return "replies of " + p.struck(&f.Latency.Selection) + " come " + late(f.Latency.Add) + " later"
	case f.Latency != nil:
		return "work of " + p.struck(&f.Latency.Selection) + " takes " + factor(f.Latency.Slowdown) + " times as long"
	case f.Errors != nil:
		return topology.FormatShare(f.Errors.Rate) + " of the requests to " + p.struck(&f.Errors.Selection) + " fail"
	case f.BadData != nil:
		return topology.FormatShare(f.BadData.Rate) + " of the replies of " + p.struck(&f.BadData.Selection) + " are malformed"
	case f.Partition != nil:
		return "no messages pass " + p.link(&f.Partition.From, &f.Partition.To, f.Partition.OneWay, "the rest")
	case f.Loss != nil:
		text := topology.FormatShare(f.Loss.Rate) + " of the messages are lost"
		if isEverything(&f.Loss.From) && isEverything(&f.Loss.To) {
			return text
		}
		return text + " " + p.link(&f.Loss.From, &f.Loss.To, f.Loss.OneWay, "all")
	case f.Surge != nil:
		return "the load of " + p.object(f, &Effect{Kind: Surge, Traffic: f.Surge.Traffic}) + " is " + factor(f.Surge.Factor) + " times the usual"
	case f.Failures != nil:
		who := "instances of " + p.struck(&f.Failures.Selection)
		if f.Failures.OfZones {
			who = p.choice(&f.Failures.Zones, "zone")
		}
		how := "fail"
		if f.Failures.Pauses {
			how = "freeze"
		}
		return fmt.Sprintf("%s %s after %s and are back after %s", who, how, late(&f.Failures.MTTF), late(&f.Failures.MTTR))
	case f.Monkey != nil && f.Monkey.Calendar != nil:
		c := f.Monkey.Calendar
		group := "each service"
		if f.Monkey.PerZone {
			group += " in each zone"
		}
		return fmt.Sprintf("of %s, one instance of %s dies with probability 1/%d a workday, between %d and %d o'clock in %s",
			p.struck(&f.Monkey.Selection), group, c.Mean, c.From, c.To, c.Location)
	}
	return f.Kind()
}

func isEverything(s *topology.Selection) bool {
	return s.Services == nil && isAny(&s.Zones) && isAny(&s.Regions)
}

func isAny(c *topology.Choice) bool { return c.Of == nil && !c.Each && !c.Random && !c.Same }

// choice of a place.
func (p *Player) choice(c *topology.Choice, place string) string {
	switch {
	case c.Each:
		return "each " + place + " in turn"
	case c.Random:
		return "a random " + place
	case c.Same:
		return "the same " + place
	case c.Of == nil:
		return "all " + place + "s"
	}
	if len(c.Of) > 1 {
		place += "s"
	}
	return place + " " + names(options(p.topology, c), c.Of, "")
}

// struck by a fault: so many instances of services in zones.
func (p *Player) struck(s *topology.Selection) string {
	text := names(p.serviceNames(), s.Services, "all services")
	if s.Operations != nil {
		text = p.whereName(&Where{Operations: s.Operations})
	}
	switch {
	case s.Count == 1:
		text = "an instance of " + text
	case s.Count > 1:
		text = strconv.Itoa(s.Count) + " instances of " + text
	case s.Share < 1:
		text = topology.FormatShare(s.Share) + " of the instances of " + text
	}
	if !isAny(&s.Zones) {
		text += " in " + p.choice(&s.Zones, "zone")
	}
	return text
}

func (p *Player) link(from, to *topology.Selection, oneWay bool, otherwise string) string {
	end := func(s *topology.Selection, all string) string {
		var parts []string
		if s.Services != nil {
			parts = append(parts, names(p.serviceNames(), s.Services, ""))
		}
		if !isAny(&s.Zones) {
			parts = append(parts, p.choice(&s.Zones, "zone"))
		}
		if !isAny(&s.Regions) {
			parts = append(parts, p.choice(&s.Regions, "region"))
		}
		if parts == nil {
			return all
		}
		return strings.Join(parts, " in ")
	}
	if oneWay {
		return "from " + end(from, "all") + " to " + end(to, otherwise)
	}
	return "between " + end(from, "all") + " and " + end(to, otherwise)
}
