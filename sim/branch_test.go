package sim

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// allPatterns uses what a world holds besides plain services: disciplines with
// their rings, gates, calls, hedges, views with hash rings, balancers and turns of
// shared and own ones, shared cores.
const allPatterns = `
version: 1
regions: {east: {zones: [a, b]}, west: {zones: [c]}}
network: {cross_region: 5ms, loss: 1%}
simulation: {duration: 8s, warmup: 500ms, window: 300ms}
traffic:
  people: {to: web, rate: 200/s, timeout: 300ms, priority: high, enters: {a: 3, c: 1}, retries: {max: 2, backoff: {initial: 5ms}, jitter: decorrelated, budget: 20%}, hedge: {after: p95, max: 2}}
  batch: {to: {web: 1, jobs: 2}, users: 9, think: 30ms, timeout: 200ms, priority: low, throttle: {k: 1.5}, breaker: {min_requests: 5, open_for: 300ms}}
services:
  web:
    instances: {per_zone: 2}
    concurrency: 6
    queue: {limit: 30, order: priority}
    work: {exponential: 4ms}
    shedding: {max_in_flight: 20, max_queue_delay: 20ms, adaptive: gradient}
    cancel: true
    balancing: consistent_hash
    outlier_ejection: {consecutive_errors: 2, eject: 400ms, max: 50%}
    panic_threshold: 50%
    calls:
      - {to: ring, timeout: 40ms, breaker: {window: 1s, min_requests: 4, open_for: 200ms}, hedge: {after: 8ms}, retries: {max: 1}, fallback: {exponential: 1ms}}
      - [{to: turns, timeout: 30ms, bulkhead: 4, optional: true}, {to: jobs, timeout: 20ms, throttle: {k: 2}, optional: true}]
  ring: {instances: {per_zone: 3}, concurrency: 2, queue: {limit: 9, order: adaptive_lifo}, work: {exponential: 5ms}, balancer: per_caller, balancing: consistent_hash, zone_routing: prefer, outlier_ejection: {consecutive_errors: 1, eject: 300ms, max: 50%}, warm: {for: 3s, slowdown: 3}, startup: 300ms, health_check: {interval: 300ms}}
  turns: {instances: {per_zone: 2}, concurrency: 4, cores: 2, queue: {limit: 9, order: lifo}, work: {exponential: 6ms}, balancer: per_caller, zone_routing: prefer, panic_threshold: 0%, blocking: false, calls: [{to: jobs, timeout: 50ms, retries: {max: 1}, fallback: 0}]}
  jobs: {instances: {per_zone: 2}, concurrency: unlimited, cores: 3, work: {exponential: 6ms}, balancing: power_of_two, balancer: per_caller, zone_routing: only, outlier_ejection: {consecutive_errors: 1, eject: 900ms, max: 50%}, reads: tolerant, contention: 1%}
scenarios:
  gorilla: {faults: [{gorilla: {zone: each, shift_after: 500ms}, at: 3s, for: 2s}, {errors: {services: [ring], rate: 40%}, at: 4s, for: 2s}]}
  monkey: {faults: [{monkey: {every: 300ms}, at: 3s, for: 3s}, {latency: {services: [turns], zones: random, slowdown: 5}, at: 3500ms, for: 2s}]}
  lost: {faults: [{kong: {region: east, dns_ttl: 1s}, at: 4s, for: 1s}, {surge: {factor: 3}, at: 3s, for: 3s}, {failures: {mttf: 5s, mttr: 500ms}, at: 2s}]}
  slow: {faults: [{pause: {services: "*", share: 30%}, at: 3s, for: 1s}, {latency: {services: "*", add: {exponential: 20ms}}, at: 3s, for: 2s}, {loss: {from: a, rate: 20%}, at: 3s}, {partition: {from: b}, at: 3500ms, for: 1s}, {bad_data: {services: "*", rate: 20%}, at: 3s, for: 3s}]}
`

// A copy of a world shares no memory with it that either might write: whoever
// gives the world or its parts a new slice, map or pointer must copy it in clone.
func TestCloneSharesNothing(t *testing.T) {
	tops := map[string]*topology.Topology{"all patterns": load1(t, allPatterns)}
	for _, file := range []string{"streaming.yaml", "online-boutique.yaml", "social-network.yaml", "bench/three-zones.yaml", "bench/cache.yaml"} {
		top := load(t, file)
		sm := &top.Simulation // so that windows and batches have ended, and others are begun
		sm.Warmup, sm.Window, sm.Duration = 500*time.Millisecond, 300*time.Millisecond, 18*time.Second
		tops[file] = top
	}
	for file, top := range tops {
		m, err := Compile(top)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range allVariants(top) {
			w := newWorld(m, v, Options{Seed: 1})
			for w.now < 2e9-1 {
				w.step()
			}
			c := w.clone()
			if shared := sharedMemory("World", reflect.ValueOf(w), reflect.ValueOf(c)); len(shared) > 0 {
				t.Fatalf("%s, %s: the copy shares %s", file, v.Name, shared)
			}
		}
	}
}

// allVariants are the healthy run and those of all scenarios.
func allVariants(top *topology.Topology) []scenarios.Variant {
	variants := []scenarios.Variant{scenarios.Healthy()}
	for _, s := range top.Scenarios {
		variants = append(variants, scenarios.Variants(top, s)...)
	}
	return variants
}

// TestEverythingIsInUse holds that the copies of allPatterns have something of
// each kind to share.
func TestEverythingIsInUse(t *testing.T) {
	top := load1(t, allPatterns)
	m, err := Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	w := Common(m, allVariants(top), Options{Seed: 1})
	in := map[string]bool{}
	for k := range w.disciplines {
		for _, r := range w.disciplines[k].rings {
			in["rings"] = in["rings"] || r.frames != nil
		}
	}
	for k := range w.gates {
		in["latencies"] = in["latencies"] || w.gates[k].latencies != nil
	}
	for k := range w.balancers {
		b := &w.balancers[k]
		in["turns"] = in["turns"] || slices.ContainsFunc(b.turns, func(t turns) bool { return t.begun })
		in["own views"] = in["own views"] || b.view.zones != nil
		in["own counts"] = in["own counts"] || b.inFlight != nil
	}
	for k := range w.services {
		v := &w.services[k].view
		in["views"] = in["views"] || v.zones != nil && v.version == w.services[k].version
		in["known"] = in["known"] || v.known != nil
	}
	for k := range w.cores {
		in["cores"] = in["cores"] || len(w.cores[k].done) > 0
	}
	in["calls"] = len(w.calls.used()) > 0
	for _, what := range []string{"rings", "latencies", "turns", "own views", "own counts", "views", "known", "cores", "calls"} {
		if !in[what] {
			t.Errorf("no %s", what)
		}
	}
}

// A branch is the same run as Play's, to the byte, and neither its brothers nor
// what they do to their copies at the same time change it.
func TestBranchesOfEverything(t *testing.T) {
	top := load1(t, allPatterns)
	m, err := Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	variants := allVariants(top)
	common := Common(m, variants, Options{Seed: 7})
	branches := make([]*trace.Run, len(variants))
	var all sync.WaitGroup
	for k, v := range variants {
		all.Go(func() { branches[k] = common.Branch(v, Options{}) })
	}
	all.Wait()
	for k, v := range variants {
		whole := Play(m, v, Options{Seed: 7})
		if a, b := lines(t, branches[k]), lines(t, whole); !bytes.Equal(a, b) {
			t.Errorf("%s: the branch is another run\n%s", v.Name, strings.Join(differences("run", reflect.ValueOf(*branches[k]), reflect.ValueOf(*whole)), "\n"))
		}
		if clientTotals(whole).OK == 0 {
			t.Errorf("%s: nothing was answered", v.Name)
		}
	}
}

func lines(t *testing.T, r *trace.Run) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := trace.WriteLines(&text, r); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// readOnly types are the model's and the topology's.
func readOnly(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[Model](), reflect.TypeFor[serviceModel](), reflect.TypeFor[trafficModel](),
		reflect.TypeFor[edgeModel](), reflect.TypeFor[hop]():
		return true
	}
	return false
}

// writtenOnce are rows of windows that are over.
func writtenOnce(path string) bool {
	return strings.HasSuffix(path, ".upBy[]") || strings.HasSuffix(path, ".entered[]")
}

// sharedMemory walks two values of one type side by side.
func sharedMemory(path string, a, b reflect.Value) (shared []string) {
	kind := a.Kind()
	if kind == reflect.Pointer || kind == reflect.Slice || kind == reflect.Map {
		if a.IsNil() || b.IsNil() || kind == reflect.Slice && a.Cap() == 0 {
			return nil
		}
		if a.Pointer() == b.Pointer() {
			if kind != reflect.Map && readOnly(a.Type().Elem()) || writtenOnce(path) {
				return nil
			}
			return []string{path}
		}
		if kind == reflect.Pointer {
			return sharedMemory(path, a.Elem(), b.Elem())
		}
	}
	switch kind { //nolint:exhaustive // the others hold no memory
	case reflect.Struct:
		for i := range a.NumField() {
			shared = append(shared, sharedMemory(path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))...)
		}
	case reflect.Slice, reflect.Array:
		if simple(a.Type().Elem()) {
			return nil
		}
		for i := range min(a.Len(), b.Len()) {
			shared = append(shared, sharedMemory(path+"[]", a.Index(i), b.Index(i))...)
		}
	case reflect.Map, reflect.Interface:
		shared = append(shared, path+": "+kind.String()+"s are not looked into")
	}
	return shared
}

// simple values have no pointers, by their kind.
func simple(t reflect.Type) bool { return t.Kind() <= reflect.Complex128 || t.Kind() == reflect.String }
