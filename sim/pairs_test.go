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
	{name: "per caller", service: "balancer: per_caller, balancing: least_requests"},
	{name: "ejection", service: "outlier_ejection: {consecutive_errors: 2, eject: 1s, max: 50%}"},
	{name: "all of a balancer", service: "balancer: per_caller, balancing: consistent_hash, zone_routing: prefer, panic_threshold: 70%, outlier_ejection: {consecutive_errors: 1, eject: 300ms, max: 100%}"},
	{name: "hedge and cancel", service: "cancel: true", call: "hedge: {after: 5ms, max: 2}, retries: {max: 1}"},
	{name: "priority and shedding", service: "queue: {limit: 20, order: priority}, shedding: {max_in_flight: 8, max_queue_delay: 5ms, adaptive: gradient}, cancel: true", client: "priority: low"},
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
		"failures: {mttf: 2s, mttr: 500ms, mode: pause}",
		"kong: {region: east, surrender: 300ms, refuse_capacity_elsewhere: 100%, mode: refuse}",
		"latency: {slowdown: 1000000}",
		"latency: {add: {pareto: {min: 1s, alpha: 1.01}}}",
		"loss: {rate: 100%}",
	}
}

// setting is what surrounds a pair: a system of usual times, or one at an edge.
type setting struct {
	zones, network string
	service        string   // keys of every service,
	otherwise      []string // and what holds where a pattern says nothing else
	work           bool     // takes time
	warmup         string
	faults         string // %s is the fault; the run takes 12 s
}

func usualSetting() setting {
	return setting{
		zones: "regions: {east: {zones: [a, b]}, west: {zones: [c]}}", network: "{cross_region: 2ms}",
		service:   "instances: {per_zone: 2}, concurrency: 3, startup: 1s",
		otherwise: []string{"health_check: {interval: 400ms}", "queue: {limit: 20}", "replace: true"},
		work:      true, warmup: "0", faults: "{%s, at: 2s, for: 6s}",
	}
}

func TestEveryFaultMeetsEveryPattern(t *testing.T) {
	for _, p := range patterns {
		t.Run(strings.ReplaceAll(p.name, " ", "-"), func(t *testing.T) {
			for _, fault := range faultsOfPairs() {
				answered, problems := playPair(t, usualSetting(), p, fault)
				if !answered {
					t.Errorf("%s: nothing was answered", fault)
				}
				for _, problem := range problems {
					t.Errorf("%s: %s", fault, problem)
				}
			}
		})
	}
}

// TestEveryPairAtTheEdges plays the pairs where times are zero, fleets and queues
// the least, and faults begin and end with the run or lie over one another.
func TestEveryPairAtTheEdges(t *testing.T) {
	edges := map[string]func(s *setting){
		"instant messages": func(s *setting) { s.network = "{same_zone: 0, cross_zone: 0, cross_region: 0}" },
		"instant": func(s *setting) {
			s.network, s.work = "{same_zone: 0, cross_zone: 0, cross_region: 0}", false
		},
		"one at a time": func(s *setting) {
			s.service, s.otherwise[1] = "instances: {per_zone: 2}, concurrency: 1, startup: 0", "queue: {limit: 0}"
		},
		"one instance": func(s *setting) { s.service = "instances: {a: 1}, concurrency: 3, startup: 10ms" },
		"one zone":     func(s *setting) { s.zones = "regions: {east: {zones: [a]}}" },
		"pets":         func(s *setting) { s.otherwise[0], s.otherwise[2] = "health_check: none", "replace: false" },
		"all the run":  func(s *setting) { s.warmup, s.faults = "1s", "{%s, at: 0s, for: 12s}" },
		"to the end":   func(s *setting) { s.warmup, s.faults = "1500ms", "{%s, at: 0s}" },
		"twice":        func(s *setting) { s.faults = "{%s, at: 2s, for: 5s}, {%s, at: 4s, for: 3s}" },
		"inside":       func(s *setting) { s.faults = "{%s, at: 2s, for: 7s}, {%s, at: 2s, for: 1us}, {%s, at: 5s, for: 1s}" },
	}
	for name, edge := range edges {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			s := usualSetting()
			edge(&s)
			for k, fault := range faultsOfPairs() {
				if name == "one zone" && strings.Contains(fault, "zone: b") {
					continue
				}
				for j, p := range patterns {
					if (k+j)%pairsAtEdges > 0 {
						continue
					}
					_, problems := playPair(t, s, p, fault)
					for _, problem := range problems {
						t.Errorf("%s, %s: %s", p.name, fault, problem)
					}
				}
			}
		})
	}
}

// playPair plays one fault against one pattern and tells whether a client got an
// answer, and what is left behind.
func playPair(t *testing.T, s setting, p pattern, fault string) (answered bool, problems []string) {
	t.Helper()
	join := func(text, more string) string {
		if more == "" {
			return text
		}
		return text + ", " + more
	}
	service := join(s.service, p.service)
	for _, otherwise := range s.otherwise {
		if name, _, _ := strings.Cut(otherwise, ":"); !strings.Contains(p.service, name) {
			service = join(service, otherwise)
		}
	}
	works := []any{"{exponential: 4ms}", "1ms", "{exponential: 8ms}"}
	if !s.work {
		works = []any{"0", "0", "0"}
	}
	top := load1(t, fmt.Sprintf(`
version: 1
%s
network: %s
simulation: {duration: 12s, warmup: %s, window: 1s}
services:
  web: {%s, work: %s, calls: [{%s}, [{%s}, {to: cache, timeout: 10ms}]]}
  cache: {%s, work: %s}
  db: {%s, work: %s}
traffic:
  people: {%s}
  batch: {to: web, users: 3, think: 50ms, timeout: 300ms}
scenarios: {s: {faults: [%s]}}
`, s.zones, s.network, s.warmup, service, works[0], join("to: db, timeout: 60ms", p.call), join("to: db, timeout: 40ms, probability: 50%", p.call),
		service, works[1], service, works[2], join("to: web, rate: 150/s, timeout: 200ms", p.client), strings.ReplaceAll(s.faults, "%s", fault)))
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
	return clientTotals(r).OK > 0, append(unbalanced(w, r), leftOver(w, opened)...)
}
