package topology

import (
	"reflect"
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

// striking has every fault.
const striking = `version: 1
regions: {eu: {zones: [a, b]}, us: {zones: [c]}}
traffic: {members: {to: edge, rate: 1/s, timeout: 1s}}
services:
  edge: {operations: {browse: {work: 1ms}, play: {work: 1ms}}}
  catalog: {operations: {list: {work: 1ms}, play: {work: 1ms}}}
  ratings: {work: 1ms}
scenarios:
  everything:
    faults:
      - {kong: {region: each, dns_ttl: 30s, surrender: 5s}, at: 5m, for: 5m}
      - {gorilla: {zone: random, surrender: 10s, shift_after: 1m}, at: 1m, for: 2m}
      - {monkey: {mean: 2d, min_gap: 0d, hours: 0-24, days: [mon, tue], timezone: Europe/Berlin, group_by: service_zone}, at: 0s}
      - {monkey: {services: [edge], mean: 1d, hours: 0-9, days: sat-mon}, at: 0s}
      - {pause: {services: [catalog], zones: each, share: 50%}, at: 1m, for: 10s}
      - {latency: {operations: [edge.browse], add: {uniform: {min: 500ms, max: 1.5s}}}, at: 1m}
      - {latency: {services: [edge, catalog], operations: [play], slowdown: 3, count: 1}, at: 1m}
      - {errors: {zones: random, rate: 30%}, at: 1m}
      - {bad_data: {services: "*", rate: 5%, salvage: 90%}, at: 1m}
      - {partition: {from: a, one_way: true, mode: refuse}, at: 1m}
      - {partition: {from: [edge, catalog], to: {services: [ratings], zones: [b]}}, at: 1m}
      - {loss: {from: each, to: "*", rate: 2%}, at: 1m}
      - {loss: {rate: 7%}, at: 1m}
      - {surge: {traffic: [members], factor: 3}, at: 2m, for: 1m}
      - {failures: {services: [edge], mttf: 1d, mttr: {exponential: 5m}}, at: 0s}
      - {failures: {zones: "*", mttf: 30d, mttr: 20m}, at: 0s}
simulation: {duration: 1d, window: 1m}
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
	checkPatterns(t, topo)
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

func checkPatterns(t *testing.T, topo *Topology) {
	t.Helper()
	edge, catalog, batch := topo.Services[0], topo.Services[1], topo.Traffic[1]
	for _, c := range []struct{ got, want any }{
		{*edge.Operations[0].Steps[0][0].Breaker, Breaker{20 * time.Second, 20, 0.5, 5 * time.Second, 1}},
		{*edge.Operations[0].Steps[0][0].Hedge, Hedge{Percentile: 0.95, Max: 2}},
		{*catalog.Operations[0].Steps[0][0].Hedge, Hedge{After: 50 * time.Millisecond, Max: 1}},
		{*catalog.Operations[0].Steps[0][0].Throttle, Throttle{1.5}},
		{catalog.Operations[0].Steps[0][0].Bulkhead, 8},
		{catalog.Operations[0].Steps[0][0].Retries, Retries{Max: 2, Factor: 2, On: Timeout | Open, Budgeted: true, Budget: 0.2}},
		{*batch.To[0].Call.Breaker, Breaker{10 * time.Second, 20, 0.5, 5 * time.Second, 3}},
		{batch.To[0].Call.Fallback.Mean, 2 * time.Millisecond},
		{batch.Priority, LowPriority},
		{edge.Balancing, ConsistentHash},
		{edge.PerCaller, true},
		{edge.FailOpen, true},
		{edge.PanicThreshold, 0.5},
		{catalog.FailOpen, false},
		{*edge.Ejection, Ejection{3, 30 * time.Second, 0.1}},
		{edge.Queue, Queue{256, ByPriority}},
		{edge.Tolerant, true},
		{*catalog.Warm, Warm{2 * time.Minute, 2}},
		{*catalog.Shedding, Shedding{90, 50 * time.Millisecond, true}},
		{catalog.Cancel, true},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("got %+v, want %+v", c.got, c.want)
		}
	}
}

func TestFaults(t *testing.T) {
	topo, err := Load([]Source{{Name: "striking.yaml", Data: []byte(striking)}}, Options{})
	if err != nil || len(topo.Warnings) != 0 {
		t.Fatal(err, topo.Warnings)
	}
	f := topo.Scenarios[0].Faults
	all := Selection{Share: 1, Regions: Choice{Region: true}}
	of := func(change func(*Selection)) Selection {
		s := all
		change(&s)
		return s
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	delay := Distribution{Kind: Uniform, Min: 500 * time.Millisecond, Max: 1500 * time.Millisecond}
	for _, c := range []struct{ got, want any }{
		{*f[0].Kong, Kong{Region: Choice{Each: true, Region: true}, DNSTTL: 30 * time.Second, Surrender: 5 * time.Second, Restart: true}},
		{*f[1].Gorilla, Gorilla{Zone: Choice{Random: true}, Surrender: 10 * time.Second, Shift: true, ShiftAfter: time.Minute, Restart: true}},
		{*f[2].Monkey.Calendar, Calendar{2, 0, 0, 24, [7]bool{1: true, 2: true}, berlin}},
		{*f[3].Monkey.Calendar, Calendar{1, 1, 0, 9, [7]bool{0: true, 1: true, 6: true}, time.UTC}},
		{f[3].Monkey.Services, []int{0}},
		{f[4].Pause.Selection, of(func(s *Selection) { s.Services, s.Zones.Each, s.Share = []int{1}, true, 0.5 })},
		{*f[5].Latency, Latency{of(func(s *Selection) { s.Services, s.Operations = []int{0}, []Target{{0, 0}} }), &delay, 1}},
		{*f[6].Latency, Latency{of(func(s *Selection) { s.Services, s.Operations, s.Count = []int{0, 1}, []Target{{0, 1}, {1, 1}}, 1 }), nil, 3}},
		{*f[7].Errors, ErrorFault{of(func(s *Selection) { s.Zones.Random = true }), 0.3}},
		{*f[8].BadData, BadData{all, 0.05, 0.9}},
		{*f[9].Partition, Partition{of(func(s *Selection) { s.Zones.Of = []int{0} }), all, true, Refuse}},
		{*f[10].Partition, Partition{From: of(func(s *Selection) { s.Services = []int{0, 1} }), To: of(func(s *Selection) { s.Services, s.Zones.Of = []int{2}, []int{1} })}},
		{*f[11].Loss, Loss{From: of(func(s *Selection) { s.Zones.Each = true }), To: all, Rate: 0.02}},
		{*f[12].Loss, Loss{From: all, To: all, Rate: 0.07}},
		{*f[13].Surge, Surge{[]int{0}, 3}},
		{*f[14].Failures, Failures{of(func(s *Selection) { s.Services = []int{0} }), false, Distribution{Mean: 24 * time.Hour, Kind: Exponential}, Distribution{Mean: 5 * time.Minute, Kind: Exponential}, DefaultMode, false}},
		{f[15].Failures.OfZones, true},
		{len(f[0].Choices()), 1},
		{len(f[4].Choices()), 1},
		{len(f[11].Choices()), 1},
		{len(f[12].Choices()), 0},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("got %+v, want %+v", c.got, c.want)
		}
	}
}
