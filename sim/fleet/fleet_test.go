package fleet_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/sim/fleet"
	"github.com/silverback-sim/silverback/topology"
)

func model(t *testing.T, d time.Duration) (*topology.Topology, *sim.Model) {
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

func jobs(top *topology.Topology, n int) []fleet.Job {
	var list []fleet.Job
	for k := range n {
		s := top.Library[k%len(top.Library)]
		for _, v := range scenarios.Variants(top, s) {
			list = append(list, fleet.Job{Variant: v, Seed: uint64(k)})
		}
	}
	return list
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
	top, m := model(t, 20*time.Second)
	list := jobs(top, 3)
	one := lines(t, fleet.Play(m, list, fleet.Options{Workers: 1}))
	eight := lines(t, fleet.Play(m, list, fleet.Options{Workers: 8}))
	if !bytes.Equal(one, eight) {
		t.Error("1 and 8 workers differ")
	}
}

func TestStopGivesWhatThereIs(t *testing.T) {
	top, m := model(t, time.Hour)
	var told float64
	runs := fleet.Play(m, jobs(top, 1), fleet.Options{
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
