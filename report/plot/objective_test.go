package plot

import (
	"testing"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/topology"
)

func TestObjectivesOfAVariant(t *testing.T) {
	for _, test := range []struct {
		scenario, variant string
		judged            bool
	}{
		{"gorilla", "gorilla[us-east-1a]", true},
		{"gorilla[us-east-1a]", "gorilla[us-east-1a]", true},
		{"gorilla[us-east-1b]", "gorilla[us-east-1a]", false},
		{"gorilla", "gorilla-elastic[us-east-1a]", false},
		{"*", "monkey", true},
		{"", "none", true},
		{"none", "monkey", false},
	} {
		file := &topology.Topology{Objectives: []*topology.Objective{{Metric: "availability", Scenario: test.scenario}, {Metric: "latency"}}}
		if got := len(objectives(file, test.variant, "availability")) == 1; got != test.judged {
			t.Errorf("an objective of %q judges %q: %v", test.scenario, test.variant, got)
		}
	}
}

func TestPhaseTime(t *testing.T) {
	r := report.Summarize(streaming(), play(gorilla(1)))
	for during, want := range map[string][2]float64{
		"": {0, 1800}, "all": {0, 1800}, "before": {0, 300}, "fault": {300, 900}, "recovery": {900, 1800},
	} {
		from, to, ok := phaseTime(r, during)
		if !ok || from != want[0] || to != want[1] {
			t.Errorf("%q lasts from %v to %v", during, from, to)
		}
	}
	if _, _, ok := phaseTime(report.Summarize(streaming(), play(base())), "fault"); ok {
		t.Error("a healthy run has a fault")
	}
}
