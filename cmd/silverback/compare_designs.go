package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/topology"
)

// designs are two topologies that are compared, A and B.
type designs struct {
	inputs       [2]*input
	models       [2]*sim.Model
	variants     [2][]scenarios.Variant // of the same names
	only         [2][]string            // names of variants that the other has not
	replications int
}

func (s *streams) loadDesigns(c *cli.Context) (*designs, error) {
	replications, err := parseReplications(c)
	if err != nil {
		return nil, err
	}
	d := &designs{replications: replications}
	o, err := parseOverrides(c)
	if err != nil {
		return nil, err
	}
	files := c.Args().Slice()
	if len(files) != 2 {
		return nil, badInput("compare: two files are compared, A and B; %s given", counted(len(files), "file"))
	}
	for i, file := range files {
		in, err := s.load("compare", []string{file})
		if err != nil {
			return nil, err
		}
		d.inputs[i] = in
	}
	s.sameTimes(d.inputs[0], d.inputs[1], o)
	for _, in := range d.inputs {
		if err := o.override(in.Topology); err != nil {
			return nil, err
		}
	}
	// Both need the same warm-up to meet the same luck: that of A.
	if err := s.settle(d.inputs[0].Topology); err != nil {
		return nil, err
	}
	d.inputs[1].Simulation.Warmup = d.inputs[0].Simulation.Warmup
	for i, in := range d.inputs {
		if d.models[i], err = sim.Compile(in.Topology); err != nil {
			return nil, inputError{err}
		}
	}
	return d, d.choose(c.StringSlice("scenario"))
}

// sameTimes makes b play as a does, and says so where b's file says otherwise and
// no flag decides.
func (s *streams) sameTimes(a, b *input, o overrides) {
	was := b.Simulation
	b.Simulation = a.Simulation
	for _, t := range []struct {
		name       string
		was, plays time.Duration
		flag       bool
	}{
		{"duration", was.Duration, a.Simulation.Duration, o.duration != nil},
		{"warmup", was.Warmup, a.Simulation.Warmup, o.warmup != nil},
		{"window", was.Window, a.Simulation.Window, false},
	} {
		if t.was != t.plays && !t.flag {
			fmt.Fprintf(s.err, "%s %s has a %s of %s; both are played with %s, as %s has\n", s.yellow("warning:"), b.sources[0].Name,
				t.name, topology.FormatDuration(t.was), topology.FormatDuration(t.plays), a.sources[0].Name)
		}
	}
}

// choose the variants that both designs have of what is asked for. Without names
// that is their own scenarios, or the healthy run if they share none.
func (d *designs) choose(names []string) error {
	var found [2][]scenarios.Variant
	for i, in := range d.inputs {
		if len(names) == 0 && len(in.Scenarios) > 0 {
			found[i], _ = in.choose(nil) // it knows its own
		}
		for _, name := range names {
			for _, v := range in.named(name) {
				if !has(found[i], v.Name) {
					found[i] = append(found[i], v)
				}
			}
		}
	}
	for _, name := range names {
		if len(d.inputs[0].named(name))+len(d.inputs[1].named(name)) == 0 {
			return d.inputs[0].unknownScenario(name)
		}
	}
	for i, variants := range found {
		for _, v := range variants {
			if has(found[1-i], v.Name) {
				d.variants[i] = append(d.variants[i], v)
			} else {
				d.only[i] = append(d.only[i], v.Name)
			}
		}
	}
	if len(d.variants[0]) == 0 {
		if len(names) > 0 {
			return badInput("compare: A and B have nothing of %q in common", names)
		}
		d.variants = [2][]scenarios.Variant{{scenarios.Healthy()}, {scenarios.Healthy()}}
	}
	// In the order of A.
	slices.SortStableFunc(d.variants[1], func(v, w scenarios.Variant) int {
		return place(d.variants[0], v.Name) - place(d.variants[0], w.Name)
	})
	return nil
}

func has(variants []scenarios.Variant, name string) bool { return place(variants, name) >= 0 }

func place(variants []scenarios.Variant, name string) int {
	return slices.IndexFunc(variants, func(v scenarios.Variant) bool { return v.Name == name })
}
