package sim

import (
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// One key, asked for every 100 ms from 0 to 800 ms and looked for 1 ms later; a fetch
// takes 10 ms, and an entry lives for 250 ms.
const oneKey = `version: 1
zones: [a]
network: {same_zone: 0, cross_zone: 0}
simulation: {duration: 900ms, warmup: 0, window: 300ms}
traffic: {readers: {to: front, rate: 10/s, arrivals: regular, timeout: 1s}}
caches: {front: {instances: 1, work: 1ms, in_front_of: {to: db, timeout: 1s}, keys: 1, ttl: 250ms, serve_stale: {max_age: 1h}}}
services: {db: {instances: 1, work: 10ms, health_check: none, replace: false}}
scenarios:
  flush: {faults: [{cache_flush: {caches: [front]}, at: 650ms}]}
  death: {faults: [{kill: {services: [db]}, at: 250ms}]}
  cold: {faults: [{gorilla: {zone: a, restart: true}, at: 420ms, for: 10ms}]}
`

func TestCacheTimeline(t *testing.T) {
	top, err := topology.Load([]topology.Source{{Name: "one.yaml", Data: []byte(oneKey)}}, topology.Options{})
	if err != nil {
		t.Fatal(err)
	}
	top.Caches[0].Startup.Mean, top.Services[0].Startup.Mean = 0, 0
	top.Caches[0].HealthCheck.None = true
	m, err := Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	for k, c := range []struct {
		hits, misses, fetches, stale, degraded uint64
		inFirst                                uint32 // hits of the first window
	}{
		{6, 3, 3, 0, 0, 2}, // fetched at 0, 300 and 600 ms
		{5, 4, 4, 0, 0, 2}, // and at 700 ms
		{2, 7, 7, 6, 6, 2}, // from 300 ms on nobody answers the fetch
		{5, 4, 4, 0, 0, 2}, // fetched at 0, 300, 500 and 800 ms
	} {
		v := scenarios.Healthy()
		if k > 0 {
			v = scenarios.Variants(top, top.Scenarios[k-1])[0]
		}
		r := Play(m, v, Options{Seed: 1})
		front := r.Components[1]
		var l trace.Lookups
		var degraded uint64
		for p := range front.Phases {
			l.Add(front.Lookups[p])
			degraded += r.Clients[0].Phases[p].Degraded
		}
		if l.Hits != c.hits || l.Misses != c.misses || l.Fetches != c.fetches || l.StaleServed != c.stale || degraded != c.degraded || front.Windows.Hits[0] != c.inFirst {
			t.Errorf("%s: %+v, %d degraded, hits by window %v; want %+v", v.Name, l, degraded, front.Windows.Hits, c)
		}
		if p50 := r.Clients[0].Windows.P50[0]; k == 0 && (p50 < 0.9*time.Millisecond.Seconds() || p50 > 1.1*time.Millisecond.Seconds()) {
			t.Errorf("a hit takes %v s", p50)
		}
	}
}

// A tolerant reader makes out what its look-aside cache sends, a strict one does not.
func TestReaderOfALookAsideCache(t *testing.T) {
	for reads, malformed := range map[string]bool{"tolerant": false, "strict": true} {
		top := load1(t, `version: 1
zones: [a]
simulation: {duration: 10s, warmup: 0, window: 1s}
traffic: {readers: {to: app, rate: 20/s, timeout: 1s}}
caches: {front: {instances: 1, work: 1ms, keys: 3}}
services:
  app: {instances: 1, work: 1ms, reads: `+reads+`, calls: [{to: db, cache: front, timeout: 100ms}]}
  db: {instances: 1, work: 5ms}
scenarios:
  bad: {faults: [{bad_data: {caches: [front], rate: 100%, salvage: 100%}, at: 0s}]}
`)
		m, err := Compile(top)
		if err != nil {
			t.Fatal(err)
		}
		r := Play(m, scenarios.Variants(top, top.Scenarios[0])[0], Options{Seed: 1})
		var asked, bad uint64
		for _, o := range r.Components[2].Phases {
			asked += o.Requests
			bad += o.Failed[trace.Malformed]
		}
		if asked < 100 || (bad > 0) != malformed {
			t.Errorf("%s: %s malformed of %d asked at %s", reads, map[bool]string{true: "some", false: "none"}[bad > 0], asked, r.Components[2].Name)
		}
	}
}
