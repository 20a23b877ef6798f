package fleet_test

import (
	"testing"
	"time"

	"github.com/silverback-sim/silverback/sim/fleet"
	"github.com/silverback-sim/silverback/topology"
)

func warmup(t *testing.T, top *topology.Topology, seed uint64) (time.Duration, bool) {
	t.Helper()
	d, ok, err := fleet.Warmup(top, seed)
	if err != nil {
		t.Fatal(err)
	}
	return d, ok
}

func parse(t *testing.T, text string) *topology.Topology {
	t.Helper()
	top, err := topology.Load([]topology.Source{{Name: "test.yaml", Data: []byte("version: 1\n" + text)}}, topology.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return top
}

// Work that takes 20 s, of which any number is done at once: the requests at the
// service grow for 20 s and then stay what they are.
const fillsIn20s = `
zones: [a]
simulation: {duration: 2m, window: 3s}
traffic: {clients: {to: slow, rate: 20/s, timeout: 1m}}
services: {slow: {concurrency: unlimited, work: 20s}}
`

func TestWarmupIsHowLongASystemTakesToSettle(t *testing.T) {
	late := 0 // cuts more than it need
	for seed := range uint64(10) {
		got, ok := warmup(t, parse(t, fillsIn20s), seed)
		if got > 30*time.Second {
			late++
		}
		if !ok || got < 18*time.Second || got > time.Minute || got%(3*time.Second) != 0 {
			t.Errorf("seed %d: %v (%v), want about 20s, in windows of 3s", seed, got, ok)
		}
		if again, _ := warmup(t, parse(t, fillsIn20s), seed); again != got {
			t.Errorf("seed %d: %v, then %v", seed, got, again)
		}
	}
	if late > 3 {
		t.Errorf("%d of 10 warm-ups are longer than 30s", late)
	}
}

func TestWarmupOfWhatNeverSettles(t *testing.T) {
	top := parse(t, `
zones: [a]
simulation: {duration: 2m}
traffic: {clients: {to: short, rate: 20/s, timeout: 1m}}
services: {short: {concurrency: 1, queue: {limit: unlimited}, work: 70ms}}
`)
	if got, ok := warmup(t, top, 1); ok || got != 2*time.Minute {
		t.Errorf("an ever longer queue: %v (%v), want the default", got, ok)
	}
}

func TestWarmupIsAtMostHalfOfThePilot(t *testing.T) {
	top := parse(t, `
zones: [a]
simulation: {duration: 1m, window: 50s}
traffic: {clients: {to: slow, rate: 20/s, timeout: 1m}}
services: {slow: {concurrency: unlimited, work: 20s}}
`)
	if got, ok := warmup(t, top, 1); !ok || got != 30*time.Second {
		t.Errorf("%v (%v), want 30s, half of the pilot", got, ok)
	}
	fast := parse(t, `
zones: [a]
simulation: {duration: 1m, window: 1s}
traffic: {clients: {to: fast, rate: 20/s, timeout: 1s}}
services: {fast: {work: 1ms}}
`)
	if got, ok := warmup(t, fast, 1); !ok || got < time.Second || got > 6*time.Second {
		t.Errorf("%v (%v), want a window or a few", got, ok)
	}
}
