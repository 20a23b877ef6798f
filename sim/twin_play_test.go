package sim

import (
	"flag"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// The engine says the same as its twin about random systems, to the last
// request and nanosecond.
func TestEngineAgreesWithItsTwin(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	if checks.Value.String() == checks.DefValue {
		if err := flag.Set("rapid.checks", strconv.Itoa(twinChecks)); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = flag.Set("rapid.checks", checks.DefValue) }()
	}
	doubts := map[string]int{}
	systems, requests := 0, uint64(0)
	rapid.Check(t, func(rt *rapid.T) {
		text := drawSystem(rt)
		seed := rapid.Uint64Range(0, 1000).Draw(rt, "seed")
		tw, problems := playBoth(t, text, seed)
		if len(problems) > 0 {
			rt.Fatalf("%d differences:\n%s\nseed %d\n%s", len(problems), strings.Join(problems[:min(len(problems), 30)], "\n"), seed, text)
		}
		systems++
		requests += tw.requests
		for _, d := range tw.doubts {
			doubts[d]++
		}
		if len(tw.doubts) == 0 {
			doubts[""]++
		}
	})
	t.Logf("%d systems, %d attempts; compared %d; left out: %v", systems, requests, doubts[""], doubts)
}

// playBoth plays a system in the engine and in its twin and tells where they differ.
func playBoth(t *testing.T, text string, seed uint64) (*twin, []string) {
	t.Helper()
	top, err := topology.Load([]topology.Source{{Name: "twin.yaml", Data: []byte(text)}}, topology.Options{})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	m, err := Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	v := scenarios.Healthy()
	if len(top.Scenarios) > 0 {
		variants := scenarios.Variants(top, top.Scenarios[0])
		v = variants[seed%uint64(len(variants))]
	}
	tw := newTwin(top, v, seed)
	tw.play()

	w := newWorld(m, v, Options{Seed: seed})
	opened := w.frames.used()
	for _, c := range top.Traffic {
		opened -= c.Users // who think
	}
	if seed%2 == 1 { // as one of many that share what comes before the first fault
		w = Common(m, []scenarios.Variant{v}, Options{Seed: seed}).branch(v, Options{})
	}
	w.play()
	if checkWorld(t, w); t.Failed() {
		t.Fatalf("seed %d\n%s", seed, text)
	}
	r := w.record(v)
	var problems []string
	if len(tw.doubts) == 0 {
		problems = unbalanced(w, r)
		sortCauses(r.Causes)
		problems = append(problems, differences("run", reflect.ValueOf(*r), reflect.ValueOf(*tw.record(v)))...)
	}
	return tw, append(problems, leftOver(w, opened)...)
}
