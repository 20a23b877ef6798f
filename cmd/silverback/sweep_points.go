package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/topology"
)

// sweep is what is asked for.
type sweep struct {
	base         *input // as the files say
	overrides    overrides
	scenarios    []string // names, as asked for
	replications int
	parameters   []parameter
	points       []point
	program      string
}

// point is one choice of the parameters.
type point struct {
	settings []setting
	key      string // of everything that decides its figures
}

func (s *streams) loadSweep(c *cli.Context) (*sweep, error) {
	w := &sweep{program: programID(), scenarios: c.StringSlice("scenario")}
	var err error
	if w.replications, err = parseReplications(c); err != nil {
		return nil, err
	}
	if w.overrides, err = parseOverrides(c); err != nil {
		return nil, err
	}
	if w.parameters, err = parseParameters(c); err != nil {
		return nil, err
	}
	if err := undisputed(c, w.parameters); err != nil {
		return nil, err
	}
	if w.base, err = s.load("sweep", c.Args().Slice()); err != nil {
		return nil, err
	}
	if err := w.overrides.override(w.base.Topology); err != nil {
		return nil, err
	}
	if _, err := w.base.choose(w.scenarios); err != nil {
		return nil, err
	}
	if err := w.shareWarmup(s); err != nil {
		return nil, err
	}
	for _, p := range w.parameters {
		if _, err := topology.SetIn(w.base.sources, p.path, "0"); err != nil {
			return nil, badInput("sweep: --set %s: %w", p.path, err)
		}
	}
	for _, settings := range combinations(w.parameters) {
		w.points = append(w.points, point{settings, w.key(settings)})
	}
	return w, nil
}

// shareWarmup finds the warm-up out once, if nothing says it: points of different
// warm-ups would not meet the same luck.
func (w *sweep) shareWarmup(s *streams) error {
	sim := &w.base.Simulation
	if sim.WarmupWritten || slices.ContainsFunc(w.parameters, func(p parameter) bool { return within("simulation.warmup", p.path) }) {
		return nil
	}
	if err := s.settle(w.base.Topology); err != nil {
		return err
	}
	warmup := sim.Warmup
	w.overrides.warmup = &warmup
	return nil
}

// key is a hash of everything that decides the figures of a point: the files and
// what is changed in them, what is played, and the program.
func (w *sweep) key(settings []setting) string {
	decides := struct {
		Program          string
		Sources          [][]byte
		Settings         []string
		Scenarios        []string
		Replications     int
		Seed             uint64
		Duration, Warmup string
	}{
		Program: w.program, Scenarios: w.scenarios, Replications: w.replications, Seed: w.base.Simulation.Seed,
	}
	if d := w.overrides.duration; d != nil {
		decides.Duration = d.String()
	}
	if d := w.overrides.warmup; d != nil {
		decides.Warmup = d.String()
	}
	for _, source := range w.base.sources {
		decides.Sources = append(decides.Sources, source.Data)
	}
	for _, x := range settings {
		decides.Settings = append(decides.Settings, x.path+"="+x.value)
	}
	slices.Sort(decides.Settings)
	data, err := json.Marshal(decides)
	if err != nil {
		panic("sweep: plain values can be written: " + err.Error())
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}

// load the system of a point. What the language does not take is a problem, in
// one line.
func (w *sweep) load(p point) (in *input, variants []scenarios.Variant, model *sim.Model, problem string) {
	sources := w.base.sources
	for _, x := range p.settings {
		var err error
		if sources, err = topology.SetIn(sources, x.path, x.value); err != nil {
			return nil, nil, nil, err.Error()
		}
	}
	t, err := topology.Load(sources, topology.Options{Library: scenarios.Library()})
	if err != nil {
		return nil, nil, nil, firstProblem(err)
	}
	in = &input{Topology: t, command: w.base.command, sources: sources}
	if err := w.overrides.override(t); err != nil {
		return nil, nil, nil, err.Error()
	}
	if variants, err = in.choose(w.scenarios); err != nil {
		return nil, nil, nil, err.Error()
	}
	if model, err = sim.Compile(t); err != nil {
		return nil, nil, nil, err.Error()
	}
	return in, variants, model, ""
}

func firstProblem(err error) string {
	var problems topology.Errors
	if !errors.As(err, &problems) || len(problems) == 0 {
		return err.Error()
	}
	text := problems[0].Error()
	if n := len(problems) - 1; n > 0 {
		text += fmt.Sprintf(" (and %s)", counted(n, "more problem"))
	}
	return text
}

// report puts the points together.
func (w *sweep) report(played []*report.SweepPoint) *report.Sweep {
	r := &report.Sweep{
		Version: report.FormatVersion, Topology: w.base.Name, Seed: w.base.Simulation.Seed, Replications: w.replications,
		Confidence: confidence, Points: played, Missing: len(w.points) - len(played),
	}
	for _, p := range w.parameters {
		parameter := report.SweepParameter{Path: p.path, Unit: string(p.values[0].Unit)}
		for _, v := range p.values {
			if v.Unit != p.values[0].Unit {
				parameter.Unit = ""
			}
			parameter.Values = append(parameter.Values, report.SweepValue{Text: v.Text, Number: report.Number(v.Number)})
		}
		r.Parameters = append(r.Parameters, parameter)
	}
	return r
}
