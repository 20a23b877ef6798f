package fleet_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/sim/fleet"
	"github.com/silverback-sim/silverback/topology"
)

func model(t testing.TB, d time.Duration) (*topology.Topology, *sim.Model) {
	t.Helper()
	data, err := os.ReadFile("../../testdata/streaming.yaml")
	if err != nil {
		t.Fatal(err)
	}
	top, err := topology.Load([]topology.Source{{Name: "streaming.yaml", Data: data}}, topology.Options{Library: scenarios.Library()})
	if err != nil {
		t.Fatal(err)
	}
	top.Simulation.Duration, top.Simulation.Warmup = d, 10*time.Second
	m, err := sim.Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	return top, m
}

// troubled is a system that loses zones and instances, and has them replaced,
// within the ten seconds of a run.
const troubled = `
zones: [a, b, c]
simulation: {duration: 10s, warmup: 1s, window: 1s}
traffic: {users: {to: web, rate: 200/s, timeout: 1s, retries: {max: 1}}}
services:
  web: {instances: {per_zone: 2}, work: {exponential: 5ms}, startup: 500ms, health_check: {interval: 500ms}, calls: [{to: db, timeout: 200ms}]}
  db: {instances: {per_zone: 2}, work: {exponential: 2ms}, startup: 500ms, health_check: {interval: 500ms}}
scenarios:
  gorilla: {faults: [{gorilla: {zone: each}, at: 2s, for: 5s}]}
  monkey: {faults: [{monkey: {services: [web, db], every: 1s}, at: 0s}]}
`

// jobs play every variant of the scenarios of troubled, and the healthy run.
func jobs(t *testing.T) []fleet.Job {
	t.Helper()
	top := parse(t, troubled)
	m, err := sim.Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	list := []fleet.Job{{Model: m, Variant: scenarios.Healthy(), Seed: 1}}
	for _, s := range top.Scenarios {
		for _, v := range scenarios.Variants(top, s) {
			list = append(list, fleet.Job{Model: m, Variant: v, Seed: uint64(len(list))})
		}
	}
	return list
}

// checkTroubled holds that every run but the healthy one met its fault.
func checkTroubled(t *testing.T, runs []*trace.Run) {
	t.Helper()
	for _, r := range runs {
		kind, _, _ := strings.Cut(r.Scenario, "[")
		met := slices.ContainsFunc(r.Events, func(e trace.Event) bool { return e.Kind == kind })
		if healthy := r.Scenario == scenarios.Healthy().Name; met == healthy {
			t.Errorf("%s: its fault is among the events: %v", r.Scenario, met)
		}
	}
}

func lines(t *testing.T, runs []*trace.Run) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, r := range runs {
		if err := trace.WriteLines(&b, r); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestAnyNumberOfWorkersGivesTheSameBytes(t *testing.T) {
	list := jobs(t)
	runs := fleet.Play(list, fleet.Options{Workers: 1})
	checkTroubled(t, runs)
	one := lines(t, runs)
	eight := lines(t, fleet.Play(list, fleet.Options{Workers: 8}))
	if !bytes.Equal(one, eight) {
		t.Error("1 and 8 workers differ")
	}
}

func TestStopGivesWhatThereIs(t *testing.T) {
	_, m := model(t, time.Hour)
	var told float64
	runs := fleet.Play([]fleet.Job{{Model: m, Variant: scenarios.Healthy()}, {Model: m, Variant: scenarios.Healthy()}}, fleet.Options{
		Progress: func(share float64) {
			if share < told {
				t.Errorf("progress went back from %v to %v", told, share)
			}
			told = share
		},
		Stop: func() bool { return true },
	})
	for _, r := range runs {
		if !r.Interrupted || r.Duration >= time.Hour {
			t.Errorf("%s: interrupted %v after %v", r.Scenario, r.Interrupted, r.Duration)
		}
	}
}

func TestReplicationsAreTakenInOrderByAnyNumberOfWorkers(t *testing.T) {
	list := jobs(t)
	var variants []scenarios.Variant
	for _, j := range list {
		variants = append(variants, j.Variant)
	}
	var want []byte
	for _, workers := range []int{1, 3, 8} {
		var runs []*trace.Run
		p := fleet.Replications{
			Variants: variants, Seed: 7, Most: 9, Workers: workers,
			Take: func(replication, variant int, run *trace.Run) {
				if n := len(runs); replication != n/len(variants) || variant != n%len(variants) {
					t.Fatalf("run %d is replication %d of variant %d", n, replication, variant)
				}
				runs = append(runs, run)
			},
			Enough: func(done int) bool { return done == 5 },
		}
		if done := p.Play(list[0].Model); done != 5 || len(runs) != 5*len(variants) {
			t.Fatalf("%d replications, %d runs", done, len(runs))
		}
		if runs[0].Seed != 7 || runs[len(variants)].Seed == 7 {
			t.Error("the first replication has the study's seed, and only it")
		}
		checkTroubled(t, runs)
		if got := lines(t, runs); want == nil {
			want = got
		} else if !bytes.Equal(got, want) {
			t.Errorf("%d workers differ", workers)
		}
	}
}

func TestABrokenRunTellsWhereItBroke(t *testing.T) {
	list := jobs(t)
	defer func() {
		var broken *fleet.Broken
		if err, _ := recover().(error); !errors.As(err, &broken) {
			t.Fatalf("%v is not a *fleet.Broken", err)
		}
		if broken.Error() != "no such progress" || !bytes.Contains(broken.Stack, []byte("breaksHere")) {
			t.Errorf("%v at\n%s", broken, broken.Stack)
		}
	}()
	fleet.Play(list, fleet.Options{Workers: 2, Progress: breaksHere})
	t.Error("a broken run went unnoticed")
}

func breaksHere(float64) { panic("no such progress") }
