package report

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/silverback-sim/silverback/report/stat"
)

func TestSweepVariant(t *testing.T) {
	gists := []Gist{
		{Availability: 1, During: unknown(), P99: unknown(), Spare: -0.9, Utilization: Named[Number]{{"a", 0.5}, {"b", 0.9}}, Bottleneck: "b", Told: true},
		{Availability: 0.2, During: unknown(), P99: 3, Spare: -0.2, Utilization: Named[Number]{{"a", 0.7}, {"b", 0.6}}, Bottleneck: "a", Told: true, Down: true},
		{Availability: 1, During: unknown(), P99: 1, Spare: -0.9, Utilization: Named[Number]{{"a", 0.1}, {"b", 0.9}}, Bottleneck: "b", Told: true},
		{Availability: 1, During: unknown(), P99: 2, Spare: -0.9, Utilization: Named[Number]{{"a", 0.1}, {"b", unknown()}}, Bottleneck: "", Down: true},
	}
	v := NewSweepVariant("none", gists, stat.Confidence)
	if a := v.Availability; math.Abs(float64(a.Mean)-0.8) > 1e-9 || a.High != 1 || a.Low < 0 || a.N != 4 {
		t.Errorf("a share stays within 0 and 1: %+v", a)
	}
	if v.LatencyP99.N != 3 || v.LatencyP99.Mean != 2 || v.LatencyP99.Low < 0 {
		t.Errorf("p99: %+v", v.LatencyP99)
	}
	if v.Bottleneck.Component != "b" || v.Bottleneck.Utilization.N != 3 {
		t.Errorf("bottleneck: %+v", v.Bottleneck)
	}
	if v.Collapse.Of != 3 || v.Collapse.Replications != 1 {
		t.Errorf("collapse: %+v", v.Collapse)
	}
	if v.Judged().Mean != v.Availability.Mean || v.Spare.Low < -1 {
		t.Errorf("judged %+v, spare %+v", v.Judged(), v.Spare)
	}
	if one := NewSweepVariant("none", gists[:1], stat.Confidence); one.Availability.Low.Known() || one.Availability.N != 1 {
		t.Errorf("one replication has no interval: %+v", one.Availability)
	}
	line, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var back SweepVariant
	if err := json.Unmarshal(line, &back); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(&back); err != nil || !bytes.Equal(line, again) {
		t.Errorf("read back: %v\n%s\n%s", err, line, again)
	}
}

func TestSweepTables(t *testing.T) {
	gists := []Gist{{Availability: 0.5, P99: 1, Utilization: Named[Number]{{"a", 0.5}}, Bottleneck: "a"}, {Availability: 0.7, P99: 2, Utilization: Named[Number]{{"a", 0.7}}, Bottleneck: "a"}}
	s := &Sweep{
		Topology: "shop", Seed: 1, Replications: 2, Confidence: 0.95, Missing: 1,
		Parameters: []SweepParameter{{Path: "services.a.instances.per_zone", Unit: "1", Values: []SweepValue{{"0", 0}, {"1", 1}, {"2", 2}}}},
		Points: []*SweepPoint{
			{Values: []string{"0"}, Problem: "system.yaml:1:2: no instances"},
			{Values: []string{"1"}, Variants: []*SweepVariant{NewSweepVariant("none", gists, 0.95)}},
		},
	}
	var text, table bytes.Buffer
	if err := WriteSweepText(&text, s, Style{}); err != nil {
		t.Fatal(err)
	}
	if err := WriteSweepCSV(&table, s); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"instances.per_zone", "services.a.instances.per_zone=0 cannot be played: system.yaml:1:2: no instances", "1 point of 3 not played yet"} {
		if !strings.Contains(strings.Join(strings.Fields(text.String()), " "), want) {
			t.Errorf("the summary lacks %q:\n%s", want, text.String())
		}
	}
	for _, want := range []string{
		"services.a.instances.per_zone,scenario,figure,component,value,low,high,n,unit\n0,,invalid,,,,,,\n1,none,availability,,0.6,",
		"\n1,none,bottleneck_utilization,a,0.6,",
	} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, table.String())
		}
	}
}
