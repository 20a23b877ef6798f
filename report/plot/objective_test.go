package plot

import (
	"strings"
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

func TestServicesWithAnObjectiveAreNamed(t *testing.T) {
	list := func(names string) (ranked []busy) {
		for _, name := range strings.Split(names, "") {
			ranked = append(ranked, busy{name: name})
		}
		return ranked
	}
	for _, test := range [][3]string{
		{"abcdef", "", "abcdef"},
		{"abcdef", "e", "abecdf"},
		{"abcdef", "b", "abcdef"},
		{"abcdef", "def", "defabc"},
		{"abcdef", "bdef", "bdeacf"},
		{"ab", "b", "ab"},
	} {
		ranked := list(test[0])
		var found []*topology.Objective
		for _, o := range list(test[1]) {
			found = append(found, &topology.Objective{Service: o.name})
		}
		promote(ranked, min(3, len(ranked)), found)
		got := ""
		for _, c := range ranked {
			got += c.name
		}
		if got != test[2] {
			t.Errorf("%s with objectives for %q: %s, want %s", test[0], test[1], got, test[2])
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
