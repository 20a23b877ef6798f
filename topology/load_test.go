package topology

import (
	"testing"
	"time"
)

const streaming = `version: 1
name: streaming
zones: [us-east-1a, us-east-1b, us-east-1c]
network:
  same_zone: 0.25ms
  loss: 0%
x-call: &call {timeout: 100ms, retries: {max: 1, backoff: {initial: 20ms}}}
traffic:
  members:
    to: {edge.browse: 80%, edge.play: 20%}
    rate: 900/s
    timeout: 2s
    enters: {us-east-1a: 1, us-east-1b: 3}
  batch:
    to: ratings
    users: 5
    priority: low
    think: {exponential: 5s}
    timeout: 1s
    breaker: {}
    fallback: 2ms
services:
  edge:
    instances: {per_zone: 4}
    concurrency: 64
    queue: {limit: 256, order: priority}
    balancing: consistent_hash
    balancer: per_caller
    panic_threshold: 50%
    outlier_ejection: {consecutive_errors: 3}
    reads: tolerant
    drain: 1m
    operations:
      browse:
        work: {lognormal: {median: 2ms, p99: 12ms}}
        calls:
          - {to: catalog, <<: *call, optional: true, breaker: {window: 20s, probes: 1}, hedge: {after: p95, max: 2}}
          - [{to: catalog, timeout: 200ms}, {to: ratings, timeout: 50ms, fallback: 1ms}]
      play: {work: 1ms}
  catalog:
    instances: 7
    cores: 2
    warm: {for: 2m, slowdown: 2}
    shedding: {max_in_flight: 90, max_queue_delay: 50ms, adaptive: gradient}
    cancel: true
    panic_threshold: never
    work: {exponential: 4ms}
    health_check: none
    balancing: least_requests
    calls:
      - to: ratings
        timeout: 1s
        times: 2
        probability: 30%
        bulkhead: 8
        throttle: {k: 1.5}
        hedge: {after: 50ms}
        retries: {max: 2, on: [timeout, open], budget: 20%}
  ratings:
    instances: {us-east-1b: 2}
    work: 1ms
    concurrency: unlimited
    health_check: {interval: 10s, timeout: 1s}
scenarios:
  outage:
    faults:
      - {gorilla: {zone: each}, at: 5m, for: 10m}
      - {kill: {services: [edge], zones: [us-east-1a], count: 2, mode: blackhole}, at: 1m}
      - {monkey: {services: "*", every: 5m}, at: 0s}
objectives:
  - {scenario: outage, availability: ">= 99.9%", during: fault}
  - {scenario: gorilla, latency: {p99: "<= 400ms"}, of: members}
  - {scenario: "*", recovers_within: 3m}
simulation: {duration: 20m, seed: 7}
`

const library = `version: 1
scenarios:
  gorilla:
    faults: [{gorilla: {zone: each, refuse_capacity_elsewhere: 100%}, at: 5m, for: 10m}]
  outage:
    faults: [{gorilla: {zone: random}, at: 5m, for: 10m}]
`

func TestLoad(t *testing.T) {
	topo, err := Load([]Source{{Name: "streaming.yaml", Data: []byte(streaming)}}, Options{Library: []Source{{Name: "library.yaml", Data: []byte(library)}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(topo.Warnings) != 0 {
		t.Errorf("warnings: %v", topo.Warnings)
	}
	edge, catalog, ratings := topo.Services[0], topo.Services[1], topo.Services[2]
	if got := edge.Operations[0].Steps[0][0]; got.Timeout != 100*time.Millisecond || got.Retries.Max != 1 || !got.Optional || got.To.Service != 1 {
		t.Errorf("merged call: %+v", got)
	}
	if len(edge.Operations[0].Steps[1]) != 2 {
		t.Errorf("parallel step: %+v", edge.Operations[0].Steps)
	}
	if got := catalog.Instances; got[0] != 3 || got[1] != 2 || got[2] != 2 {
		t.Errorf("12 spread: %v", got)
	}
	if !catalog.HealthCheck.None || catalog.Balancing != LeastRequests || catalog.Cores != 2 {
		t.Errorf("catalog: %+v", catalog)
	}
	if ratings.Concurrency != Unlimited || ratings.Instances[1] != 2 {
		t.Errorf("ratings: %+v", ratings)
	}
	if w := topo.Traffic[0].To[1].Weight; w != 0.2 {
		t.Errorf("weight %v", w)
	}
	if got := topo.Traffic[0].Enters; got[0] != 0.25 || got[1] != 0.75 || got[2] != 0 {
		t.Errorf("enters %v", got)
	}
	if len(topo.Library) != 1 || topo.Library[0].Name != "gorilla" {
		t.Errorf("library: %+v", topo.Library)
	}
	if got := topo.Objectives[1].Text; got != "gorilla: latency p99 of members <= 400ms" {
		t.Errorf("objective: %s", got)
	}
}
