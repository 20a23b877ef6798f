package topology

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// lines gives the first lines of the problems, which is what these tests are about.
func lines(err error) string {
	var problems Errors
	if !errors.As(err, &problems) {
		return fmt.Sprint(err)
	}
	var out []string
	for _, p := range problems {
		out = append(out, p.Error())
	}
	return strings.Join(out, "\n")
}

func TestSeveralFilesAreOneTopology(t *testing.T) {
	system := Source{Name: "system.yaml", Data: []byte("version: 1\nname: shop\nservices:\n  web: {calls: [{to: stock, timeout: 1s}]}\n")}
	more := Source{Name: "more.yaml", Data: []byte("version: 1\nname: other\nzones: [a, b]\nservices:\n  stock: {work: 1ms}\ntraffic: {all: {to: web, rate: 1/s, timeout: 1s}}\n")}
	play := Source{Name: "play.yaml", Data: []byte("version: 1\nscenarios:\n  lose-a: {faults: [{gorilla: {zone: a}, at: 1m}]}\nobjectives: [{scenario: lose-a, availability: \">= 99%\"}]\n")}
	topology, err := Load([]Source{system, more, play}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if topology.Name != "shop" || len(topology.Services) != 2 || len(topology.Scenarios) != 1 || len(topology.Objectives) != 1 || len(topology.Services[0].Instances) != 2 {
		t.Errorf("%+v", topology)
	}
	_, err = Load([]Source{system, more, system, {Name: "zones.yaml", Data: []byte("version: 1\nzones: [c]\n")}}, Options{})
	want := "system.yaml:4:3: the name `web` is already taken at 4:3 [duplicate-name]\n" +
		"zones.yaml:2:1: `zones` is already given: `zones` at more.yaml:3:8 [duplicate-name]"
	if lines(err) != want {
		t.Errorf("got:\n%s\nwant:\n%s", lines(err), want)
	}
	// One file that cannot be read does not make the names of the others dangle.
	_, err = Load([]Source{system, {Name: "more.yaml", Data: []byte("version: [")}}, Options{})
	if text := lines(err); strings.Count(text, "\n") != 0 || !strings.Contains(text, "[syntax]") {
		t.Error(text)
	}
	if _, err := Load(nil, Options{}); err == nil {
		t.Error("nothing is no topology")
	}
}

func TestLibrary(t *testing.T) {
	const system = "version: 1\nzones: [a]\nservices: {web: {work: 1ms}}\n"
	load := func(user, library string) (*Topology, error) {
		return Load([]Source{{Name: "user.yaml", Data: []byte(system + user)}}, Options{Library: []Source{{Name: "library.yaml", Data: []byte("version: 1\n" + library)}}})
	}
	const mine = "scenarios:\n  gorilla: {description: mine, faults: [{gorilla: {zone: a}, at: 1m}]}\n"
	const theirs = "scenarios:\n  gorilla: {faults: [{gorilla: {zone: each}, at: 1m}]}\n  stores: {faults: [{kill: {services: [db], count: 1}, at: 1m}]}\n"
	topology, err := load(mine, theirs)
	if err != nil || len(topology.Library) != 0 || topology.Scenarios[0].Description != "mine" {
		t.Errorf("the user's scenario does not win: %v %+v", err, topology)
	}
	topology, err = load("objectives: [{scenario: gorilla, availability: \">= 99%\"}]\n", theirs)
	if err != nil || len(topology.Library) != 1 || len(topology.Scenarios) != 0 {
		t.Errorf("a scenario that does not apply is not left out: %v %+v", err, topology)
	}
	_, err = load("objectives: [{scenario: stores, availability: \">= 99%\"}]\n", theirs)
	if want := "library.yaml:4:40: there is no service `db`; use `web` [unknown-name]"; lines(err) != want {
		t.Errorf("got %s, want %s", lines(err), want)
	}
	_, err = load("", "scenarios:\n  s: {faults: [{deploy: {}, at: 1m}]}\nservices: {db: {work: 1ms}}\n")
	if !strings.Contains(lines(err), "not-supported-yet") || !strings.Contains(lines(err), "a library holds scenarios only") {
		t.Errorf("got %s", lines(err))
	}
}

func TestRegionsAndMatrix(t *testing.T) {
	const in = `version: 1
regions: {eu: {zones: [a, b]}, us: {zones: [c]}, ap: {zones: [d]}}
network: {cross_region: {eu>us: 40ms, us>eu: {exponential: 45ms}, eu>ap: 90ms}}
services: {web: {work: 1ms, instances: {c: 3, a: 1}}}
`
	topology, err := Load([]Source{{Name: "r.yaml", Data: []byte(in)}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(topology.ZoneNames(), topology.Services[0].Instances)
	for _, delay := range topology.Network.Matrix {
		got += fmt.Sprintf(" %s>%s=%s", delay.From, delay.To, delay.Delay)
	}
	want := "[a b c d] [1 0 3 0] eu>us=40ms us>eu={exponential: 45ms} eu>ap=90ms ap>eu=90ms"
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestDefaults(t *testing.T) {
	topology, err := Load([]Source{{Name: "d.yaml", Data: []byte("version: 1\nservices: {a: {work: 1ms, calls: [{to: b}]}, b: {work: 1ms}}\n")}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, c := topology.Services[0], topology.Services[0].Operations[0].Steps[0][0]
	if got := fmt.Sprint(topology.ZoneNames(), s.Instances, s.Concurrency, s.Queue, s.Cores, s.Blocking, s.Balancing, s.ZoneRouting, s.Startup, s.Replace); got != "[zone-a] [1] 100 {1000 0} 0 true 0 0 1m true" {
		t.Errorf("service: %s", got)
	}
	if s.HealthCheck != (HealthCheck{Interval: 5 * time.Second, UnhealthyAfter: 2, HealthyAfter: 2}) {
		t.Errorf("health check: %+v", s.HealthCheck)
	}
	if c.Timeout != 30*time.Second || c.TimeoutWritten || c.Probability != 1 || c.Times != 1 || c.Retries != (Retries{Factor: 2, On: DefaultRetryOn}) || c.Fallback != nil {
		t.Errorf("call: %+v", c)
	}
	if topology.Simulation != (Simulation{30 * time.Minute, 2 * time.Minute, 5 * time.Second, 1, false}) {
		t.Errorf("simulation: %+v", topology.Simulation)
	}
	if n := topology.Network; n.SameZone.String() != "250us" || n.CrossZone.String() != "750us" || n.CrossRegion.String() != "40ms" || n.Loss != 0 {
		t.Errorf("network: %+v", n)
	}
}

func TestNotesAndMergesEverywhere(t *testing.T) {
	const in = `version: 1
x-work: &work {work: 2ms, concurrency: 5, x-why: {any: [thing]}}
x-list: &calls [&call {to: b, timeout: 1s}]
services:
  x-not-a-service: {nonsense: true}
  a: {<<: *work, work: 3ms, calls: *calls}
  b: {<<: [{work: 7ms}, *work]}
  c: {calls: [{<<: *call, times: 2}, [*call, *call]]}
traffic:
  all: {to: {a: 1, x-b: zero}, rate: 1/s, timeout: 1s, enters: {zone-a: 1, x-: 2}}
`
	topology, err := Load([]Source{{Name: "m.yaml", Data: []byte(in)}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, b, c := topology.Services[0], topology.Services[1], topology.Services[2]
	if a.Operations[0].Work.Mean != 3*time.Millisecond || a.Concurrency != 5 || len(a.Operations[0].Steps) != 1 ||
		b.Operations[0].Work.Mean != 7*time.Millisecond || b.Concurrency != 5 ||
		c.Operations[0].Steps[0][0].Times != 2 || len(c.Operations[0].Steps[1]) != 2 || len(topology.Services) != 3 {
		t.Errorf("%+v %+v %+v", a, b, c)
	}
}

func TestHostileInputsAreRefusedQuickly(t *testing.T) {
	start := time.Now()
	for name, data := range map[string]string{
		"huge":     strings.Repeat("a", 100<<20),
		"brackets": strings.Repeat("[", 100_000),
		"braces":   strings.Repeat("{a: ", 100_000),
		"dashes":   strings.Repeat("- ", 100_000),
		"problems": "version: 1\nservices: {" + strings.Repeat("a: 1, ", 20_000) + "}",
		"doubling": "version: 1\nx-0: &a0 [1, 2]\n" + doubling(60),
	} {
		_, err := Load([]Source{{Name: name, Data: []byte(data)}}, Options{})
		var problems Errors
		if ok := errors.As(err, &problems); !ok || len(problems) > maxProblems+1 || len(err.Error()) > 1<<20 {
			t.Errorf("%s: %d problems: %T", name, len(problems), err)
		}
		if _, err := Format(Source{Name: name, Data: []byte(data)}); err == nil && name != "problems" {
			t.Errorf("%s is formatted", name)
		}
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func doubling(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "x-%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	return b.String()
}

func TestDeepChainIsNoCycle(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: 1\nservices:\n")
	const n = 5000
	for i := range n {
		fmt.Fprintf(&b, "  s%d: {calls: [{to: s%d, timeout: 1s}]}\n", i, i+1)
	}
	fmt.Fprintf(&b, "  s%d: {work: 1ms}\n", n)
	if _, err := Load([]Source{{Name: "chain.yaml", Data: []byte(b.String())}}, Options{}); err != nil {
		t.Error(lines(err))
	}
	closed := strings.Replace(b.String(), "  s5000: {work: 1ms}", "  s5000: {calls: [{to: s0, timeout: 1s}]}", 1)
	_, err := Load([]Source{{Name: "ring.yaml", Data: []byte(closed)}}, Options{})
	if !strings.Contains(lines(err), "s0 -> s1 -> ") || !strings.Contains(lines(err), "-> … ->") {
		t.Error(lines(err))
	}
}

func TestReferenceExamplesLoad(t *testing.T) {
	page, err := os.ReadFile("../docs/reference/language.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```yaml\n")[1:]
	for _, block := range blocks {
		example, _, _ := strings.Cut(block, "```")
		topology, err := Load([]Source{{Name: "example.yaml", Data: []byte(example)}}, Options{})
		if err != nil || len(topology.Warnings) > 0 {
			t.Errorf("%v\n%s", err, example)
		}
	}
	// The tables name every key, and nothing that is not accepted.
	for section, shape := range map[string]*shape{
		"services": serviceShape(), "caches": cacheShape(), "stores": storeShape(), "externals": externalShape(), "cdns": cdnShape(),
	} {
		_, text, _ := strings.Cut(string(page), "\n## `"+section+"`\n")
		text, _, _ = strings.Cut(text, "\n## ")
		var keys string
		for _, line := range strings.Split(text, "\n") {
			if cell, row := strings.CutPrefix(line, "| "); row {
				cell, _, _ = strings.Cut(cell, " | ")
				keys += cell
			}
		}
		for _, k := range shape.keys {
			if named := strings.Contains(keys, "`"+k.name+"`"); named == k.isLater() {
				t.Errorf("%s.%s: in the reference %v, not supported yet %v", section, k.name, named, k.isLater())
			}
		}
	}
}
