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

func TestReplicationsAreTakenInOrderByAnyNumberOfWorkers(t *testing.T) {
	top, m := model(t, 10*time.Second)
	variants := append(scenarios.Variants(top, top.Library[0]), scenarios.Healthy())
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
		if done := p.Play(m); done != 5 || len(runs) != 5*len(variants) {
			t.Fatalf("%d replications, %d runs", done, len(runs))
		}
		if runs[0].Seed != 7 || runs[len(variants)].Seed == 7 {
			t.Error("the first replication has the study's seed, and only it")
		}
		if got := lines(t, runs); want == nil {
			want = got
		} else if !bytes.Equal(got, want) {
			t.Errorf("%d workers differ", workers)
		}
	}
}
