package scenarios

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/topology"
)

// fake is a target of three zones that writes down what is done to it.
type fake struct {
	living  [][][]int // service, zone, instances
	inForce map[int]*Effect
	log     []string
}

func newFake(services, perZone int) *fake {
	f := &fake{inForce: map[int]*Effect{}}
	id := 0
	for range services {
		var zones [][]int
		for range 3 {
			var ids []int
			for range perZone {
				ids = append(ids, id)
				id++
			}
			zones = append(zones, ids)
		}
		f.living = append(f.living, zones)
	}
	return f
}

func (f *fake) Candidates(service, zone int) []int { return slices.Clone(f.living[service][zone]) }

func (f *fake) Flush(instance int, fault string) {
	f.log = append(f.log, fmt.Sprint(fault, " ", instance))
}

func (f *fake) Kill(instance int, _ topology.DeathMode, fault string) {
	for s := range f.living {
		for z := range f.living[s] {
			if i := slices.Index(f.living[s][z], instance); i >= 0 {
				f.living[s][z] = slices.Delete(f.living[s][z], i, i+1)
				f.log = append(f.log, fmt.Sprintf("%s s%d z%d", fault, s, z))
				return
			}
		}
	}
	f.log = append(f.log, "killed a dead one")
}

func (f *fake) Begin(id int, e *Effect) {
	f.inForce[id] = e
	if e.Kind != ZoneLoss {
		f.log = append(f.log, e.Fault+" of "+e.Object+": "+e.What)
		return
	}
	f.log = append(f.log, fmt.Sprintf("lose z%d refusing %g", e.Where.Zones[0], e.RefuseElsewhere))
}

func (f *fake) End(id int) {
	e := f.inForce[id]
	delete(f.inForce, id)
	if e.Kind != ZoneLoss {
		f.log = append(f.log, e.Fault+" is over")
		return
	}
	f.log = append(f.log, fmt.Sprintf("restore z%d %v", e.Where.Zones[0], e.Restart))
}

func load(t *testing.T, text string) *topology.Topology {
	t.Helper()
	top, err := topology.Load([]topology.Source{{Name: "test.yaml", Data: []byte(`
version: 1
zones: [a, b, c]
services: {s0: {work: 1ms}, s1: {work: 1ms}}
` + text)}}, topology.Options{Library: Library()})
	if err != nil {
		t.Fatal(err)
	}
	return top
}

// playAll plays a variant to the end and returns the log with times.
func playAll(t *testing.T, top *topology.Topology, v Variant, seed uint64, f *fake, until time.Duration) []string {
	t.Helper()
	p := NewPlayer(top, v, seed)
	var log []string
	last := time.Duration(-1)
	for {
		at, ok := p.Next()
		if !ok || at > until {
			return log
		}
		if at < last {
			t.Fatalf("goes back from %v to %v", last, at)
		}
		last = at
		f.log = nil
		p.Step(f)
		for _, line := range f.log {
			log = append(log, fmt.Sprint(at, " ", line))
		}
	}
}

func TestEachGivesAVariantPerZone(t *testing.T) {
	top := load(t, `
scenarios:
  one: {faults: [{gorilla: {zone: each}, at: 1m, for: 1m}]}
  two: {faults: [{gorilla: {zone: each}, at: 1m}, {gorilla: {zone: each}, at: 2m}]}
  named: {faults: [{gorilla: {zone: b}, at: 1m}]}
`)
	for i, want := range []string{
		"[one[a] one[b] one[c]]",
		"[two[a,a] two[a,b] two[a,c] two[b,a] two[b,b] two[b,c] two[c,a] two[c,b] two[c,c]]",
		"[named]",
	} {
		var names []string
		for _, v := range Variants(top, top.Scenarios[i]) {
			names = append(names, v.Name)
		}
		if got := fmt.Sprint(names); got != want {
			t.Errorf("variants %s, want %s", got, want)
		}
	}
	v := Variants(top, top.Scenarios[0])[2]
	if got, want := fmt.Sprint(playAll(t, top, v, 1, newFake(2, 1), time.Hour)), "[1m0s lose z2 refusing 0 2m0s restore z2 true]"; got != want {
		t.Errorf("played %s, want %s", got, want)
	}
}

func TestRandomZoneBelongsToTheSeed(t *testing.T) {
	top := load(t, `scenarios: {r: {faults: [{gorilla: {zone: random, restart: false}, at: 1m, for: 1m}]}}`)
	v := Variants(top, top.Scenarios[0])[0]
	seen := map[string]int{}
	for seed := range uint64(300) {
		first := fmt.Sprint(playAll(t, top, v, seed, newFake(2, 1), time.Hour))
		if again := fmt.Sprint(playAll(t, top, v, seed, newFake(2, 1), time.Hour)); again != first {
			t.Fatalf("seed %d: %s, then %s", seed, first, again)
		}
		seen[first]++
	}
	for log, n := range seen {
		if n < 60 || n > 140 {
			t.Errorf("%d of 300 seeds: %s", n, log)
		}
	}
	if len(seen) != 3 {
		t.Errorf("%d different zones", len(seen))
	}
}

func TestMonkeyFiresInTime(t *testing.T) {
	top := load(t, `scenarios: {m: {faults: [{monkey: {services: [s1], every: 5m}, at: 2m, for: 15m}]}}`)
	log := playAll(t, top, Variants(top, top.Scenarios[0])[0], 1, newFake(2, 2), time.Hour)
	if len(log) != 3 || log[0][:4] != "2m0s" || log[1][:4] != "7m0s" || log[2][:5] != "12m0s" {
		t.Errorf("fired %v, want at 2m, 7m and 12m, not at the end", log)
	}
	for _, line := range log {
		if !slices.Contains([]string{"z0", "z1", "z2"}, line[len(line)-2:]) || line[len(line)-5:len(line)-3] != "s1" {
			t.Errorf("hit %q", line)
		}
	}
}

func TestMonkeyGroupsAndProbability(t *testing.T) {
	top := load(t, `scenarios: {m: {faults: [{monkey: {services: "*", zones: [a, c], every: 1m, probability: 30%, group_by: service_zone, max_per_run: 2}, at: 0s}]}}`)
	f := newFake(2, 4000)
	log := playAll(t, top, Variants(top, top.Scenarios[0])[0], 7, f, 1000*time.Minute)
	by := map[string]int{}
	for _, line := range log {
		by[line[len(line)-5:]]++
	}
	if len(by) != 4 {
		t.Errorf("groups %v, want s0 and s1 in zones 0 and 2", by)
	}
	for group, n := range by {
		if n < 2*250 || n > 2*350 { // 1001 firings, 30%, two at a time
			t.Errorf("%s: %d deaths, want about 600", group, n)
		}
	}
}

func TestMonkeyOfAnEmptyFleet(t *testing.T) {
	top := load(t, `scenarios: {m: {faults: [{monkey: {services: "*", every: 1m}, at: 0s}]}}`)
	if log := playAll(t, top, Variants(top, top.Scenarios[0])[0], 1, newFake(2, 1), time.Hour); len(log) != 6 {
		t.Errorf("%d deaths of 6 instances: %v", len(log), log)
	}
}

func TestKill(t *testing.T) {
	for text, want := range map[string]int{
		"count: 4":                              4,
		"count: 100":                            18,
		"share: 50%":                            9,
		"share: 1%":                             1, // a share of a small fleet still kills
		"services: [s0], zones: [b], count: 2":  2,
		"services: [s0], zones: [b], share: 1%": 1,
	} {
		top := load(t, `scenarios: {k: {faults: [{kill: {`+text+`}, at: 1m}]}}`)
		if log := playAll(t, top, Variants(top, top.Scenarios[0])[0], 1, newFake(2, 3), time.Hour); len(log) != want {
			t.Errorf("%s: %d deaths, want %d", text, len(log), want)
		}
	}
}

func TestFaultPhase(t *testing.T) {
	top := load(t, `
scenarios:
  gaps: {faults: [{gorilla: {zone: a}, at: 5m, for: 1m}, {gorilla: {zone: b}, at: 8m, for: 2m}]}
  open: {faults: [{kill: {count: 1}, at: 5m}, {gorilla: {zone: b}, at: 2m, for: 2m}]}
`)
	for i, want := range []struct{ start, end time.Duration }{
		{5 * time.Minute, 10 * time.Minute},
		{2 * time.Minute, 0},
	} {
		p := NewPlayer(top, Variants(top, top.Scenarios[i])[0], 1)
		if start, end, ok := p.FaultPhase(); !ok || start != want.start || end != want.end {
			t.Errorf("%s: from %v to %v", top.Scenarios[i].Name, start, end)
		}
	}
	healthy := NewPlayer(top, Healthy(), 1)
	if _, _, ok := healthy.FaultPhase(); ok {
		t.Error("the healthy run has a fault phase")
	}
}

func TestLibraryFitsAnyTopology(t *testing.T) {
	top := load(t, "")
	for _, s := range top.Library {
		if s.Description == "" {
			t.Errorf("%s has no description", s.Name)
		}
		for _, v := range Variants(top, s) {
			if log := playAll(t, top, v, 1, newFake(2, 2), 24*time.Hour); len(log) == 0 {
				t.Errorf("%s does nothing", v.Name)
			}
		}
	}
	if len(top.Library) < 3 {
		t.Errorf("%d scenarios in the library", len(top.Library))
	}
}

// TestLuckIsNobodyElses: another service, or one instance more, does not change
// whom the monkey takes elsewhere.
func TestLuckIsNobodyElses(t *testing.T) {
	scenario := "scenarios: {m: {faults: [{monkey: {services: [%s], every: 1m, group_by: service_zone}, at: 0s, for: 30m}]}}"
	taken := func(top *topology.Topology, service int) []int {
		f := newFake(3, 9)
		playAll(t, top, Variants(top, top.Scenarios[0])[0], 3, f, time.Hour)
		var left []int
		for _, zone := range f.living[service] {
			left = append(left, len(zone))
			for _, i := range zone {
				left = append(left, i%9)
			}
		}
		return left
	}
	alone := load(t, fmt.Sprintf(scenario, "s1"))
	both := load(t, fmt.Sprintf(scenario, "s0, s1"))
	if a, b := taken(alone, 1), taken(both, 1); !slices.Equal(a, b) {
		t.Errorf("s1 has %v left alone, %v beside s0", a, b)
	}
}
