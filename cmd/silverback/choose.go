package main

import (
	"slices"
	"strings"

	"github.com/silverback-sim/silverback/scenarios"
)

// every is the name that stands for every scenario.
const every = "all"

// choose lists the variants that names ask for, each once. A name is that of a
// scenario or of one of its variants, "none" or "all". Without names it is the
// files' own scenarios, or the healthy run if they have none.
func (in *input) choose(names []string) ([]scenarios.Variant, error) {
	var chosen []scenarios.Variant
	if len(names) == 0 {
		for _, sc := range in.Scenarios {
			chosen = append(chosen, scenarios.Variants(in.Topology, sc)...)
		}
		if len(chosen) == 0 {
			chosen = []scenarios.Variant{scenarios.Healthy()}
		}
		return chosen, nil
	}
	for _, name := range names {
		variants := in.named(name)
		if len(variants) == 0 {
			return nil, in.unknownScenario(name)
		}
		for _, v := range variants {
			if !slices.ContainsFunc(chosen, func(c scenarios.Variant) bool { return c.Name == v.Name }) {
				chosen = append(chosen, v)
			}
		}
	}
	return chosen, nil
}

// named lists the variants for which one name stands.
func (in *input) named(name string) []scenarios.Variant {
	if name == scenarios.None {
		return []scenarios.Variant{scenarios.Healthy()}
	}
	var found []scenarios.Variant
	for _, sc := range in.allScenarios() {
		for _, v := range scenarios.Variants(in.Topology, sc) {
			if name == every || name == sc.Name || name == v.Name {
				found = append(found, v)
			}
		}
	}
	return found
}

func (in *input) unknownScenario(name string) error {
	names := []string{scenarios.None, every}
	for _, sc := range in.allScenarios() {
		names = append(names, sc.Name)
	}
	known := "there are " + strings.Join(names, ", ")
	for _, sc := range in.allScenarios() {
		if strings.HasPrefix(name, sc.Name+"[") {
			var variants []string
			for _, v := range scenarios.Variants(in.Topology, sc) {
				names = append(names, v.Name)
				variants = append(variants, v.Name)
			}
			known = "of " + sc.Name + " there are " + strings.Join(variants, ", ")
		}
	}
	return badInput("%s: no scenario %q%s; %s", in.command, name, didYouMean(name, names), known)
}
