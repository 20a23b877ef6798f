// Package scenarios turns a scenario of the language into what is played: its
// variants (one per zone for `each`) and, for each, a Player that tells when the
// next fault is due and does it to a Target. Players hold no clock: the
// simulator moves them with virtual time, and the same player can be paced by
// the wall clock.
package scenarios

import (
	"slices"
	"strings"

	"github.com/silverback-sim/silverback/topology"
)

// None is the name of the run without faults.
const None = "none"

// Variant is a scenario with every `each` decided.
type Variant struct {
	Name     string             // "gorilla[us-east-1a]", or the scenario's name, or "none"
	Scenario *topology.Scenario // nil for the run without faults
	faults   []*topology.Fault  // the scenario's, with what the variant has chosen
}

// Healthy is the variant without faults.
func Healthy() Variant { return Variant{Name: None} }

// Variants lists what a scenario stands for; several `each` give their product,
// the first varying slowest.
func Variants(t *topology.Topology, s *topology.Scenario) []Variant {
	type decision struct {
		faults []*topology.Fault
		labels []string
	}
	decisions := []decision{{}}
	for i, f := range s.Faults {
		for k := range decisions {
			decisions[k].faults = append(slices.Clone(decisions[k].faults), f)
		}
		for {
			c := slices.IndexFunc(decisions[0].faults[i].Choices(), func(c *topology.Choice) bool { return c.Each })
			if c < 0 {
				break
			}
			var next []decision
			for _, d := range decisions {
				for option, name := range options(t, d.faults[i].Choices()[c]) {
					n := decision{slices.Clone(d.faults), append(slices.Clone(d.labels), name)}
					n.faults[i] = decide(n.faults[i], c, option)
					next = append(next, n)
				}
			}
			decisions = next
		}
	}
	variants := make([]Variant, 0, len(decisions))
	for _, d := range decisions {
		name := s.Name
		if len(d.labels) > 0 {
			name += "[" + strings.Join(d.labels, ",") + "]"
		}
		variants = append(variants, Variant{Name: name, Scenario: s, faults: d.faults})
	}
	return variants
}

// With is the variant with one more fault, after its own: their luck stays.
func (v Variant) With(f *topology.Fault) Variant {
	v.faults = append(slices.Clone(v.faults), f)
	return v
}

// options are the names of what a choice is among.
func options(t *topology.Topology, c *topology.Choice) []string {
	if !c.Region {
		return t.ZoneNames()
	}
	var names []string
	for k := range t.Regions {
		names = append(names, regionName(t, k))
	}
	return names
}

// regionName is what a region is called; the one that `zones:` makes has no name
// of its own.
func regionName(t *topology.Topology, k int) string {
	if name := t.Regions[k].Name; name != "" {
		return name
	}
	return "region"
}

// decide returns a copy of a fault in which one of its open choices is taken.
func decide(f *topology.Fault, choice, option int) *topology.Fault {
	f = clone(f)
	c := f.Choices()[choice]
	*c = topology.Choice{Region: c.Region, Of: []int{option}}
	return f
}

// clone copies a fault as deep as its choices.
func clone(f *topology.Fault) *topology.Fault {
	c := *f
	c.Monkey, c.Gorilla, c.Kong = copied(f.Monkey), copied(f.Gorilla), copied(f.Kong)
	c.Kill, c.Pause, c.Latency = copied(f.Kill), copied(f.Pause), copied(f.Latency)
	c.Errors, c.BadData, c.Failures = copied(f.Errors), copied(f.BadData), copied(f.Failures)
	c.Partition, c.Loss, c.Surge = copied(f.Partition), copied(f.Loss), copied(f.Surge)
	return &c
}

func copied[T any](v *T) *T {
	if v == nil {
		return nil
	}
	c := *v
	return &c
}

// Faults are those of the variant's scenario, with what each stands for decided.
func (v *Variant) Faults() []*topology.Fault { return v.faults }

// Description of the variant's scenario.
func (v *Variant) Description() string {
	if v.Scenario == nil {
		return "no faults"
	}
	return v.Scenario.Description
}
