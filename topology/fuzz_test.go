package topology

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParse holds that no input panics, that every problem has its place in the
// input, and that what loads can be formatted without changing its meaning.
func FuzzParse(f *testing.F) {
	for _, source := range append(valid(f), yamlFiles(f, "../testdata/invalid")...) {
		if len(source.Data) < 16<<10 {
			f.Add(source.Data)
		}
	}
	f.Add([]byte(streaming))
	f.Add([]byte(striking))
	f.Add([]byte(storing))
	f.Add([]byte("version: 1\nx: &a [*a]"))
	f.Add([]byte("? - - a\n: - <<: *b\n"))
	f.Add([]byte("{version: 1, services: {a: {work: {quantiles: {0: 1ms, 100: 2ms}}}}}"))
	f.Add([]byte("\ufeffversion: 1\r\nservices:\r  a: {work: \"\\x1b[31m\"}\u2028"))
	f.Fuzz(func(t *testing.T, data []byte) {
		source := Source{Name: "fuzz.yaml", Data: data}
		topology, err := Load([]Source{source}, Options{})
		if err != nil {
			checkProblems(t, data, err)
			return
		}
		checkComplete(t, topology)
		out, err := Format(source)
		if err != nil {
			return
		}
		again, err := Format(Source{Name: "fuzz.yaml", Data: out})
		if err != nil || !bytes.Equal(out, again) {
			t.Fatalf("formatting twice: %v\n%q\n%q", err, out, again)
		}
		if _, err := Load([]Source{{Name: "fuzz.yaml", Data: out}}, Options{}); err != nil {
			t.Fatalf("formatting broke it: %v", err)
		}
	})
}

func checkProblems(t *testing.T, data []byte, err error) {
	t.Helper()
	var problems Errors
	if !errors.As(err, &problems) || len(problems) == 0 {
		t.Fatalf("not Errors: %T %v", err, err)
	}
	lines := len(splitLines(string(data)))
	for i, p := range problems {
		if p.Pos.File != "fuzz.yaml" || p.Pos.Line < 1 || p.Pos.Line > lines+1 || p.Pos.Col < 1 || p.Rule == "" {
			t.Fatalf("misplaced: %+v", p)
		}
		if i > 0 && problems[i-1].Pos.Line > p.Pos.Line {
			t.Fatalf("unsorted: %v", problems)
		}
		if text := p.String(); !utf8.ValidString(text) || strings.ContainsAny(text, "\x1b\x07\r") || len(text) > 4000 {
			t.Fatalf("unfit for a terminal: %q", text)
		}
	}
}

// checkComplete holds what other packages rely on.
func checkComplete(t *testing.T, topology *Topology) {
	t.Helper()
	zones := len(topology.ZoneNames())
	if zones == 0 || topology.Components() == 0 {
		t.Fatal("no zones or services")
	}
	inside := func(to Target) {
		if to.Service >= topology.Components() || to.Operation >= len(topology.operationsOf(to.Service)) {
			t.Fatalf("dangling target %+v", to)
		}
	}
	for _, s := range topology.Services {
		if len(s.Instances) != zones || len(s.Operations) == 0 || s.Concurrency == 0 {
			t.Fatalf("incomplete: %+v", s)
		}
	}
	for _, c := range topology.Caches {
		if len(c.Instances) != zones || c.Concurrency == 0 || c.Keys < 1 || c.Replicas < 1 || c.Capacity == 0 || c.Source >= topology.Components() {
			t.Fatalf("incomplete: %+v", c)
		}
	}
	for _, s := range topology.Stores {
		if len(s.Nodes) != zones || s.Factor < 1 || s.Shards < 1 || s.Quorum && (s.ReadLevel < 1 || s.WriteLevel > s.Factor) {
			t.Fatalf("incomplete: %+v", s)
		}
	}
	topology.eachCall(func(_ Target, call *Call) {
		inside(call.To)
		if call.Timeout <= 0 || call.Times < 1 || call.Retries.Factor < 1 {
			t.Fatalf("incomplete: %+v", call)
		}
	})
	for _, traffic := range topology.Traffic {
		sum := 0.0
		for _, to := range traffic.To {
			inside(to.Call.To)
			sum += to.Weight
		}
		if len(traffic.Enters) != zones || sum < 0.999 || sum > 1.001 {
			t.Fatalf("incomplete: %+v", traffic)
		}
	}
	for _, scenario := range topology.Scenarios {
		for _, fault := range scenario.Faults {
			checkFault(t, topology, fault)
		}
	}
	s := topology.Simulation
	if s.Window <= 0 || s.Window > s.Duration || s.Warmup < 0 {
		t.Fatalf("incomplete: %+v", s)
	}
}

// checkFault holds that nothing that a fault names is out of range.
func checkFault(t *testing.T, topology *Topology, fault *Fault) {
	t.Helper()
	within := func(list []int, n int) {
		for _, i := range list {
			if i < 0 || i >= n {
				t.Fatalf("%s: index %d of %d", fault.Kind(), i, n)
			}
		}
	}
	for _, s := range fault.Selections() {
		within(s.Services, topology.Components())
		within(s.Zones.Of, len(topology.ZoneNames()))
		within(s.Regions.Of, len(topology.Regions))
		for _, at := range s.Operations {
			within([]int{at.Service}, topology.Components())
			within([]int{at.Operation}, len(topology.operationsOf(at.Service)))
		}
		if s.Count < 0 || s.Share < 0 || s.Share > 1 {
			t.Fatalf("incomplete: %+v", s)
		}
	}
	if m := fault.Monkey; m != nil && (m.Every > 0) == (m.Calendar != nil) {
		t.Fatalf("incomplete: %+v", m)
	}
	if g := fault.Gorilla; g != nil && !g.Zone.Each && !g.Zone.Random {
		within(g.Zone.Of[:1], len(topology.ZoneNames()))
	}
	if k := fault.Kong; k != nil && !k.Region.Each && !k.Region.Random {
		within(k.Region.Of[:1], len(topology.Regions))
	}
	if l := fault.Latency; l != nil && (l.Slowdown < 1 || l.Add != nil && l.Slowdown != 1) {
		t.Fatalf("incomplete: %+v", l)
	}
}
