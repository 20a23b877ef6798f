package report

import (
	"math"
	"testing"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

func TestCollapse(t *testing.T) {
	for name, c := range map[string]struct {
		share    func(int) float64
		down, ok bool
	}{
		"came back":    {func(int) float64 { return 1 }, false, true},
		"stayed down":  {func(i int) float64 { return map[bool]float64{true: 1, false: 0.2}[i < 3] }, true, true},
		"half is up":   {func(i int) float64 { return map[bool]float64{true: 1, false: 0.6}[i < 3] }, false, true},
		"down earlier": {func(i int) float64 { return map[bool]float64{true: 1, false: 0.1}[i < 3 || i > 15] }, false, true},
	} {
		if down, ok := recovering(c.share).Collapsed(); down != c.down || ok != c.ok {
			t.Errorf("%s: %v, %v", name, down, ok)
		}
	}
	r := recovering(func(int) float64 { return 0 })
	r.Spans = r.Spans[:2]
	if _, ok := r.Collapsed(); ok {
		t.Error("a fault to the end tells whether the system comes back")
	}
}

func TestStudyTellsTwoWorlds(t *testing.T) {
	s := NewStudy(shop(), 1, 0.95)
	for range 10 {
		s.Take(0, lost())
	}
	v := &s.variants[0]
	v.down, v.told = 3, 10
	doc := s.Document(7)
	c := doc.Runs[0].Collapse
	if c == nil || c.Probability != 0.3 || c.ProbabilityCI[0] < 0.1 || c.ProbabilityCI[0] > 0.11 || math.Abs(float64(c.ProbabilityCI[1])-0.603) > 0.001 {
		t.Errorf("collapse %+v, want 3 of 10 with Wilson's 10.8%% to 60.3%%", c)
	}
	if w := doc.Runs[0].Warnings; w[len(w)-1].Rule != WarnTwoWorlds {
		t.Errorf("warnings %v", w)
	}
	runs, results := s.First()
	if len(runs) != 1 || len(results) != 1 || runs[0].Scenario != doc.Runs[0].Scenario || results[0].Replications != 1 {
		t.Errorf("first runs %v with results %v", runs, results)
	}
}

func TestWidestIsOfTheShares(t *testing.T) {
	top := shop()
	top.Objectives = []*topology.Objective{
		{Metric: "availability", During: "all", Op: ">=", Value: 0.9},
		{Metric: "latency", During: "all", Quantile: "p99", Op: "<=", Value: 1},
	}
	s := NewStudy(top, 1, 0.95)
	if !math.IsInf(s.Widest(), 1) {
		t.Error("nothing taken is precise")
	}
	for k := range uint64(4) {
		run := lost()
		run.Clients[0].Phases[trace.Before].OK -= 100 * k
		run.Clients[0].Phases[trace.Before].Failed[trace.Timeout] += 100 * k
		s.Take(0, run)
		if k == 0 && !math.IsInf(s.Widest(), 1) {
			t.Error("one replication has an interval")
		}
	}
	v := s.Document(1).Runs[0].Objectives[0]
	if want := float64(v.High-v.Low) / 2; math.Abs(s.Widest()-want) > 1e-12 {
		t.Errorf("widest %v, want %v", s.Widest(), want)
	}
}
