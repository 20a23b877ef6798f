package sim

import (
	"fmt"
	"testing"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// The users of a closed loop meet the same luck in a slower system: the requests
// they get to make there are those that they make in the faster one, whoever's
// answer comes first. Retries do not change it.
func TestUsersKeepTheirLuck(t *testing.T) {
	turns := func(work string) map[uint64]bool {
		top, err := topology.Load([]topology.Source{{Name: "loop.yaml", Data: []byte(fmt.Sprintf(`version: 1
name: loop
simulation: {duration: 100s, warmup: 0}
traffic: {people: {users: 7, think: {exponential: 200ms}, to: web, timeout: 60ms, retries: {max: 2}}}
services: {web: {concurrency: 2, work: {exponential: %s}}}
`, work))}}, topology.Options{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := Compile(top)
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(m, scenarios.Healthy(), Options{Seed: 1})
		keys := map[uint64]bool{}
		for w.now < 60e9 {
			w.step()
			for _, chunk := range w.frames.chunks {
				for k := range chunk {
					if f := &chunk[k]; f.state == paused && f.attempt == 0 && f.tprev == detached && f.key != 0 {
						keys[f.key] = true
					}
				}
			}
		}
		return keys
	}
	fast, slow := turns("10ms"), turns("30ms")
	if len(slow) < 300 || len(fast) < len(slow)+100 {
		t.Fatalf("%d and %d turns: the systems do not differ", len(fast), len(slow))
	}
	strange := 0
	for key := range slow {
		if !fast[key] {
			strange++
		}
	}
	if strange > 0 {
		t.Errorf("%d of %d turns in the slow system are not made in the fast one", strange, len(slow))
	}
}
