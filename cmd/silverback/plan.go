package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// tellPlan says what will be played, before it is.
func (s *streams) tellPlan(in *input, variants []scenarios.Variant) {
	name := in.Name
	if name == "" {
		name = "the system"
	}
	if strings.HasPrefix(name, "::") {
		name = strconv.Quote(name) // a runner of workflows would take it for a command
	}
	fmt.Fprintf(s.err, "%s, seed %d: %s of %s after %s of warm-up\n", name, in.Simulation.Seed, counted(len(variants), "run"),
		topology.FormatDuration(in.Simulation.Duration), topology.FormatDuration(in.Simulation.Warmup))
	for len(variants) > 0 {
		n := 1
		for n < len(variants) && variants[n].Scenario == variants[0].Scenario {
			n++
		}
		s.tellRuns(in, variants[:n])
		variants = variants[n:]
	}
}

// tellRuns tells the variants of one scenario.
func (s *streams) tellRuns(in *input, variants []scenarios.Variant) {
	label := variants[0].Name + ":"
	scenario := variants[0].Scenario
	if scenario == nil {
		fmt.Fprintf(s.err, "  %s nothing fails\n", label)
		return
	}
	if len(variants) > 1 {
		label = fmt.Sprintf("%s, %s:", scenario.Name, counted(len(variants), "run"))
	}
	if len(scenario.Faults) > 1 {
		fmt.Fprintf(s.err, "  %s\n", label)
		label = " "
	}
	faults, each := scenario.Faults, 0
	if len(variants) == 1 {
		faults = variants[0].Faults()
	}
	for _, f := range faults {
		var zones []string
		if f.Gorilla != nil && f.Gorilla.Zone.Each {
			zones = eachZones(variants, each)
		}
		for _, c := range f.Choices() {
			if c.Each {
				each++
			}
		}
		writeIndented(s.err, terminalWidth(s.err), "  "+label, in.when(f)+", "+in.what(f, zones))
	}
}

// eachZones are the zones that stand in the variants for the i-th `each` of
// their scenario.
func eachZones(variants []scenarios.Variant, i int) []string {
	var zones []string
	for _, v := range variants {
		list := strings.TrimSuffix(strings.TrimPrefix(v.Name, v.Scenario.Name+"["), "]")
		if zone := strings.Split(list, ",")[i]; !slices.Contains(zones, zone) {
			zones = append(zones, zone)
		}
	}
	return zones
}

// when a fault begins and ends.
func (in *input) when(f *topology.Fault) string {
	text := "at " + topology.FormatDuration(f.At)
	if f.Kill == nil {
		text = "from " + topology.FormatDuration(f.At)
		if end := f.At + f.For; f.For > 0 && end < in.Simulation.Duration {
			text += " to " + topology.FormatDuration(end)
		} else {
			text += " to the end"
		}
	}
	if f.At >= in.Simulation.Duration {
		text = "at " + topology.FormatDuration(f.At) + " (the run has ended by then)"
	}
	return text
}

// what a fault does; zones are those that stand for `each`.
func (in *input) what(f *topology.Fault, zones []string) string {
	switch {
	case f.Gorilla != nil:
		return in.whatGorilla(f.Gorilla, zones)
	case f.Monkey != nil && f.Monkey.Calendar == nil:
		m := f.Monkey
		text := fmt.Sprintf("every %s one instance of %s dies", topology.FormatDuration(m.Every), in.services(m.Services, "each of "))
		if m.MaxPerRun > 1 {
			text = fmt.Sprintf("every %s up to %d instances of %s die", topology.FormatDuration(m.Every), m.MaxPerRun, in.services(m.Services, "each of "))
		}
		if m.PerZone {
			text += " in each zone"
		}
		if m.Probability < 1 {
			text += " with probability " + topology.FormatShare(m.Probability)
		}
		return text + in.inZones(&m.Zones)
	case f.Kill == nil:
		return scenarios.Describe(in.Topology, f)
	default:
		k := f.Kill
		if k.Count == 1 {
			return "an instance of " + in.services(k.Services, "") + " dies" + in.inZones(&k.Zones)
		}
		if k.Count > 1 {
			return fmt.Sprintf("%d instances of %s die%s", k.Count, in.services(k.Services, ""), in.inZones(&k.Zones))
		}
		return fmt.Sprintf("%s of the instances of %s die%s", topology.FormatShare(k.Share), in.services(k.Services, ""), in.inZones(&k.Zones))
	}
}

func (in *input) whatGorilla(g *topology.Gorilla, zones []string) string {
	const few = 6
	var text string
	switch {
	case g.Zone.Same:
		text = "the same zone is lost"
	case g.Zone.Random:
		text = "a random zone is lost"
	case !g.Zone.Each:
		text = "zone " + in.ZoneNames()[g.Zone.Of[0]] + " is lost"
	case len(zones) == 1:
		text = "zone " + zones[0] + " is lost"
	case len(zones) > few:
		text = fmt.Sprintf("one of %d zones is lost", len(zones))
	default:
		text = "zone " + strings.Join(zones[:len(zones)-1], ", ") + " or " + zones[len(zones)-1] + " is lost"
	}
	switch {
	case g.RefuseCapacityElsewhere >= 1:
		text += " and the others launch nothing"
	case g.RefuseCapacityElsewhere > 0:
		text += " and the others refuse " + topology.FormatShare(g.RefuseCapacityElsewhere) + " of the launches"
	}
	return text
}

// services names services; each goes before a list.
func (in *input) services(chosen []int, each string) string {
	if chosen == nil {
		chosen = in.SelectedServices(&topology.Selection{})
	}
	if len(chosen) == len(in.Services) && len(chosen) > 1 {
		if each == "" {
			return "all services"
		}
		return "each service"
	}
	var names []string
	for _, i := range chosen {
		names = append(names, in.Services[i].Name)
	}
	if len(names) == 1 {
		return names[0]
	}
	return each + strings.Join(names, ", ")
}

// inZones names the zones to which a fault is restricted.
func (in *input) inZones(c *topology.Choice) string {
	switch {
	case c.Each:
		return ", in each zone in turn"
	case c.Random:
		return ", in a random zone"
	case c.Same:
		return ", in the same zone"
	}
	chosen := c.Of
	if chosen == nil || len(chosen) == len(in.ZoneNames()) {
		return ""
	}
	var names []string
	for _, z := range chosen {
		names = append(names, in.ZoneNames()[z])
	}
	return ", in " + strings.Join(names, ", ")
}
