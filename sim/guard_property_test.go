package sim

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// guardedSystem is three layers, guarded in most ways, whose bottom is hit for a
// while. Without the fault nothing fails. A throttle is not among it: it remembers for
// two minutes, and clients whose breaker minds the few that it still rejects would let
// it remember for as long.
const guardedSystem = `
version: 1
zones: [a, b, c]
simulation: {duration: 60s, warmup: 2s, window: 5s}
traffic:
  users: {to: web, rate: %d/s, timeout: 300ms, retries: {max: %d, budget: %d%%}, breaker: {%s}}
services:
  web:
    instances: {per_zone: 1}
    work: 1ms
    startup: 1s
    calls: [{to: mid, timeout: 200ms, retries: {max: 2, budget: %d%%, on: [%s]}, breaker: {%s}, bulkhead: %d}]
  mid:
    instances: {per_zone: 1}
    work: 2ms
    startup: 1s
    balancing: least_requests
    calls: [{to: db, timeout: 50ms, hedge: {after: %s}, breaker: {%s}%s}]
  db: {instances: {per_zone: 1}, work: 3ms, startup: 2s, health_check: {interval: 500ms}}
scenarios:
  hit: {faults: [{%s, at: 10s, for: 5s}]}
`

func drawGuarded(t *rapid.T) string {
	n := func(low, high int) int { return rapid.IntRange(low, high).Draw(t, "n") }
	one := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "one") }
	breaker := func() string {
		return fmt.Sprintf("window: %s, min_requests: %d, error_rate: %d%%, open_for: %s, probes: %d",
			one("1s", "2s", "10s"), n(1, 20), n(5, 90), one("100ms", "1s", "3s"), n(1, 3))
	}
	return fmt.Sprintf(guardedSystem, n(20, 150), n(0, 3), n(0, 30), breaker(), n(0, 30), one("timeout, error", "error, open, rejected, refused, timeout"),
		breaker(), n(20, 60), one("5ms", "10ms", "p95"), breaker(), one("", ", optional: true", ", fallback: 1ms"),
		one("gorilla: {zone: a}", "gorilla: {zone: b, mode: refuse}", "kill: {services: [db]}", "kill: {services: [mid, db], share: 60%, mode: blackhole}"))
}

// TestGuardsLetGoWhenTheFaultIsOver: breakers close, hedges and retries stop, no
// call is left open; and no caller has ever retried more than its budget allows.
func TestGuardsLetGoWhenTheFaultIsOver(t *testing.T) {
	opened := 0
	rapid.Check(t, func(rt *rapid.T) {
		text := drawGuarded(rt)
		top, err := topology.Load([]topology.Source{{Name: "t.yaml", Data: []byte(text)}}, topology.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		m, err := Compile(top)
		if err != nil {
			rt.Fatal(err)
		}
		w := newWorld(m, scenarios.Variants(top, top.Scenarios[0])[0], Options{Seed: rapid.Uint64Range(0, 99).Draw(rt, "seed")})
		w.play()
		for k := range w.gates {
			if s := w.gates[k].breaker.State(); s != policy.Closed {
				rt.Errorf("gate %d is in state %d 45 s after the fault", k, s)
			}
		}
		for _, e := range w.meter.events {
			if e.Kind == "breaker" {
				opened++
			}
		}
		r := w.record(scenarios.Healthy())
		o := totals(&r.Clients[0].Phases)
		budget := top.Traffic[0].To[0].Call.Retries.Budget
		// All requests made before the end of the run pay in; those of the warm-up may
		// have paid for a bucket of 100 at most.
		if most := float64(o.Requests)*(1+budget) + 100; float64(o.Attempts) > most {
			rt.Errorf("%d attempts for %d requests with a budget of %v", o.Attempts, o.Requests, budget)
		}
		late := r.Clients[0].Windows
		for win := len(late.Requests) - 4; win < len(late.Requests)-1; win++ {
			if late.OK[win] != late.Requests[win] || late.Attempts[win] != late.Requests[win] {
				rt.Errorf("window %d: %d requests, %d attempts, %d ok", win, late.Requests[win], late.Attempts[win], late.OK[win])
			}
		}
		for _, p := range leftOver(w, len(w.timers)+1) {
			rt.Error(p)
		}
	})
	if opened == 0 {
		t.Error("no breaker has ever opened")
	}
}

// TestNothingIsSentThroughAnOpenBreaker: but for its probes, one every ten seconds.
func TestNothingIsSentThroughAnOpenBreaker(t *testing.T) {
	r := played(t, `
simulation: {duration: 100s, warmup: 0s, window: 1s}
zones: [a, b]
traffic: {users: {to: db, rate: 100/s, arrivals: regular, enters: {b: 1}, breaker: {open_for: 10s, probes: 1}, retries: {max: 3, on: [open, refused], backoff: {initial: 1ms}}}}
services:
  db: {instances: {a: 1}, work: 0, startup: 0s, health_check: {interval: 1h}}
scenarios:
  dead: {faults: [{gorilla: {zone: a, mode: refuse}, at: 20s, for: 40s}]}
`)
	sent := component(t, r, "db").Windows.Requests
	for s, n := range sent {
		switch open := s > 24 && s < 60; { // by then half of ten seconds have failed
		case open && n > 1:
			t.Errorf("%d attempts in second %d, through an open breaker", n, s)
		case s > 70 && n != 100:
			t.Errorf("%d attempts in second %d, after the fault", n, s)
		}
	}
	if o := clientTotals(r); o.Failed[trace.Open] < 3900 {
		t.Errorf("%v failed", o.Failed)
	}
}
