package sim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/silverback-sim/silverback/scenarios"
)

// Every fault meets every pattern, in a small system: nothing panics, sticks or
// leaks, and when the fault and the load are over all is as wanted again.

// pattern is a protection: keys of the services, of their calls or of the clients.
type pattern struct{ name, service, call, client string }

var patterns = []pattern{
	{name: "plain"},
	{name: "retries", call: "retries: {max: 2, backoff: {initial: 5ms, factor: 2}}", client: "retries: {max: 1}"},
	{name: "budget", call: "retries: {max: 2, budget: 10%}", client: "retries: {max: 1, budget: 10%}"},
	{name: "breaker", call: "breaker: {window: 2s, min_requests: 5, open_for: 500ms}", client: "breaker: {window: 2s, min_requests: 5, open_for: 500ms}"},
	{name: "bulkhead", call: "bulkhead: 3", client: "bulkhead: 9"},
	{name: "hedge", call: "hedge: {after: 20ms, max: 1}", client: "hedge: {after: p95, max: 1}"},
	{name: "throttle", call: "throttle: {k: 2}", client: "throttle: {k: 2}"},
	{name: "fallback", call: "fallback: 1ms"},
	{name: "optional", call: "optional: true"},
	{name: "all of a call", call: "retries: {max: 2, budget: 20%}, breaker: {}, bulkhead: 5, hedge: {after: 15ms, max: 2}, throttle: {k: 2}, fallback: 1ms"},
	{name: "lifo", service: "queue: {limit: 20, order: lifo}"},
	{name: "adaptive lifo", service: "queue: {limit: 20, order: adaptive_lifo}"},
	{name: "priority", service: "queue: {limit: 20, order: priority}", client: "priority: high"},
	{name: "max in flight", service: "shedding: {max_in_flight: 4}"},
	{name: "CoDel", service: "shedding: {max_queue_delay: 5ms}"},
	{name: "gradient", service: "shedding: {adaptive: gradient}"},
	{name: "cancel", service: "cancel: true"},
	{name: "cores", service: "cores: 2"},
	{name: "not blocking", service: "blocking: false"},
	{name: "warm", service: "warm: {for: 2s, slowdown: 3}"},
	{name: "tolerant", service: "reads: tolerant"},
	{name: "consistent hash", service: "balancing: consistent_hash"},
	{name: "prefer", service: "zone_routing: prefer"},
	{name: "only", service: "zone_routing: only"},
	{name: "panic", service: "panic_threshold: 50%"},
	{name: "no checks", service: "health_check: none"},
	{name: "pets", service: "replace: false"},
}

func faultsOfPairs() []string {
	return []string{
		"monkey: {every: 700ms}",
		"monkey: {mean: 1d, hours: 0-1}",
		"gorilla: {zone: a, surrender: 500ms, refuse_capacity_elsewhere: 100%, shift_after: 1s}",
		"gorilla: {zone: b, mode: refuse, restart: false}",
		"kong: {region: east, dns_ttl: 1s}",
		"kill: {share: 50%}",
		"pause: {share: 50%}",
		"latency: {add: {exponential: 50ms}}",
		"latency: {slowdown: 4, share: 50%}",
		"errors: {rate: 50%}",
		"bad_data: {rate: 50%}",
		"partition: {from: a}",
		"partition: {from: web, to: db, one_way: true, mode: refuse}",
		"loss: {rate: 20%}",
		"surge: {factor: 4}",
		"failures: {mttf: 2s, mttr: 500ms}",
		"failures: {zones: [a], mttf: 2s, mttr: 500ms}",
	}
}

func TestEveryFaultMeetsEveryPattern(t *testing.T) {
	for _, p := range patterns {
		t.Run(strings.ReplaceAll(p.name, " ", "-"), func(t *testing.T) {
			for _, fault := range faultsOfPairs() {
				problems := playPair(t, p, fault)
				for _, problem := range problems {
					t.Errorf("%s: %s", fault, problem)
				}
			}
		})
	}
}

// playPair plays one fault against one pattern and tells what is left behind.
func playPair(t *testing.T, p pattern, fault string) []string {
	t.Helper()
	join := func(text, more string) string {
		if more == "" {
			return text
		}
		return text + ", " + more
	}
	service := "instances: {per_zone: 2}, concurrency: 3, startup: 1s"
	if !strings.Contains(p.service, "health_check") {
		service += ", health_check: {interval: 400ms}"
	}
	if !strings.Contains(p.service, "queue") {
		service += ", queue: {limit: 20}"
	}
	service = join(service, p.service)
	top := load1(t, fmt.Sprintf(`
version: 1
regions: {east: {zones: [a, b]}, west: {zones: [c]}}
network: {cross_region: 2ms}
simulation: {duration: 12s, warmup: 0, window: 1s}
services:
  web: {%s, work: {exponential: 4ms}, calls: [{%s}, [{%s}, {to: cache, timeout: 10ms}]]}
  cache: {%s, work: 1ms}
  db: {%s, work: {exponential: 8ms}}
traffic:
  people: {%s}
  batch: {to: web, users: 3, think: 50ms, timeout: 300ms}
scenarios: {s: {faults: [{%s, at: 2s, for: 6s}]}}
`, service, join("to: db, timeout: 60ms", p.call), join("to: db, timeout: 40ms, probability: 50%", p.call), service, service,
		join("to: web, rate: 150/s, timeout: 200ms", p.client), fault))
	m, err := Compile(top)
	if err != nil {
		t.Fatalf("%s: %v", fault, err)
	}
	v := scenarios.Variants(top, top.Scenarios[0])[0]
	w := newWorld(m, v, Options{Seed: 3})
	opened := w.frames.used() - 3 // users who think
	w.play()
	checkWorld(t, w)
	r := w.record(v)
	if clientTotals(r).OK == 0 {
		return []string{"nothing was answered"}
	}
	return append(unbalanced(w, r), leftOver(w, opened)...)
}
