package main

import (
	"strings"
	"testing"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/sim/fleet"
	"github.com/silverback-sim/silverback/topology"
)

// shaky is a system of which little is the same twice: it carries its load with
// two zones and hardly with one.
const shaky = `
version: 1
name: till
zones: [a, b]
simulation: {duration: 2m, warmup: 5s, window: 5s}
traffic:
  buyers: {to: till, rate: 20/s, timeout: 500ms, retries: {max: 1, backoff: {initial: 50ms}}}
services:
  till:
    instances: {a: 2, b: 2}
    concurrency: 1
    queue: {limit: 20}
    work: {exponential: 70ms}
    health_check: {interval: 2s, unhealthy_after: 2}
    startup: 5s
scenarios:
  fire:
    faults:
      - {gorilla: {zone: each, refuse_capacity_elsewhere: 100%}, at: 20s, for: 15s}
objectives:
  - {scenario: none, latency: {p99: "<= 1s"}}
  - {scenario: fire, availability: ">= 50%", during: fault}
  - {scenario: fire, service: till, utilization: "<= 90%"}
  - {scenario: "*", recovers_within: 1m}
`

// watched plays a topology as check does and returns what a baseline is made of.
func watched(t *testing.T, source string, seed uint64) (*topology.Topology, *report.Watch) {
	t.Helper()
	loaded, err := topology.Load([]topology.Source{{Name: "till.yaml", Data: []byte(source)}}, topology.Options{Library: scenarios.Library()})
	if err != nil {
		t.Fatal(err)
	}
	variants, err := (&input{Topology: loaded}).judged()
	if err != nil {
		t.Fatal(err)
	}
	model, err := sim.Compile(loaded)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, v := range variants {
		names = append(names, v.Name)
	}
	watch := report.NewWatch(loaded, names)
	replications := fleet.Replications{
		Variants: variants, Seed: seed, Most: replicated,
		Take: func(_, variant int, run *trace.Run) { watch.Take(variant, report.Summarize(loaded, run)) },
	}
	replications.Play(model)
	return loaded, watch
}

// regressions of a design beside the baseline of shaky with a seed: in how many
// of so many studies with other seeds is anything worse?
func regressions(t *testing.T, with uint64, design string, seeds int) (alarms int) {
	t.Helper()
	loaded, before := watched(t, shaky, with)
	loaded.Simulation.Seed = with
	baseline := report.NewBaseline(before, loaded.Simulation, replicated, report.UsualTolerances(), confidence)
	for i := range seeds {
		seed := uint64(1000 + i)
		_, now := watched(t, design, seed)
		c := baseline.Compare(now, seed, baseline.Tolerance)
		if c.Compared < 14 {
			t.Fatalf("only %d figures were compared, %d could not be, %d were new", c.Compared, len(c.Undecided), len(c.New))
		}
		if len(c.Regressions) > 0 {
			alarms++
			for _, r := range c.Regressions {
				t.Logf("seed %d: %s: %s: %s (p = %.2g)", seed, r.Scenario, r.Figure, r.Text, float64(r.P))
			}
		}
	}
	return alarms
}

// A pipeline that is green stays green with other luck.
func TestBaselineDoesNotFlicker(t *testing.T) {
	if alarms := regressions(t, 1, shaky, 40); alarms > 0 {
		t.Errorf("%d of 40 seeds find a regression in a system that has not changed", alarms)
	}
}

// But what has become worse is found, with any luck: an instance less.
func TestBaselineFindsALostInstance(t *testing.T) {
	weaker := strings.Replace(shaky, "{a: 2, b: 2}", "{a: 2, b: 1}", 1)
	if weaker == shaky {
		t.Fatal("nothing was taken away")
	}
	if alarms := regressions(t, 1, weaker, 10); alarms < 10 {
		t.Errorf("%d of 10 seeds find the lost instance", alarms)
	}
}
