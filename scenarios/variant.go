// Package scenarios turns a scenario of the language into what is played: its
// variants (one per zone for `each`) and, for each, a Player that tells when the
// next fault is due and does it to a Target. Players hold no clock: the
// simulator moves them with virtual time, and the same player can be paced by
// the wall clock.
package scenarios

import (
	"strings"

	"github.com/silverback-sim/silverback/topology"
)

// None is the name of the run without faults.
const None = "none"

// Variant is a scenario with every `each` decided.
type Variant struct {
	Name     string             // "gorilla[us-east-1a]", or the scenario's name, or "none"
	Scenario *topology.Scenario // nil for the run without faults
	zones    []int              // per fault: the zone of a gorilla, or undecided (random)
}

const undecided = -1

// Healthy is the variant without faults.
func Healthy() Variant { return Variant{Name: None} }

// Variants lists what a scenario stands for; several `each` give their product,
// the first varying slowest.
func Variants(t *topology.Topology, s *topology.Scenario) []Variant {
	names := t.ZoneNames()
	type choice struct {
		zones  []int
		labels []string
	}
	choices := []choice{{}}
	for _, f := range s.Faults {
		options := []int{undecided}
		each := false
		if g := f.Gorilla; g != nil {
			switch {
			case g.Zone.Each:
				each = true
				options = options[:0]
				for z := range names {
					options = append(options, z)
				}
			case !g.Zone.Random:
				options = g.Zone.Of
			}
		}
		var next []choice
		for _, c := range choices {
			for _, z := range options {
				n := choice{append(append([]int(nil), c.zones...), z), c.labels}
				if each {
					n.labels = append(append([]string(nil), c.labels...), names[z])
				}
				next = append(next, n)
			}
		}
		choices = next
	}
	variants := make([]Variant, 0, len(choices))
	for _, c := range choices {
		name := s.Name
		if len(c.labels) > 0 {
			name += "[" + strings.Join(c.labels, ",") + "]"
		}
		variants = append(variants, Variant{Name: name, Scenario: s, zones: c.zones})
	}
	return variants
}

// Description of the variant's scenario.
func (v *Variant) Description() string {
	if v.Scenario == nil {
		return "no faults"
	}
	return v.Scenario.Description
}
