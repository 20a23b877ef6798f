package sim

import (
	"math"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// Whom callers pick, and where clients come in, in systems small enough to work out
// by hand.

// TestAnOperatorShiftsTraffic: zone a dies at 20 s and no check would ever see it;
// the operator does at 30 s. At 60 s the shift ends with the fault, 5 s before the
// instance has restarted.
func TestAnOperatorShiftsTraffic(t *testing.T) {
	r := played(t, `
zones: [a, b]
traffic: {users: {to: web, rate: 10/s, arrivals: regular, enters: {b: 1}, timeout: 1s}}
services:
  web: {instances: {per_zone: 1}, work: 5ms, startup: 5s, health_check: {interval: 1h}}
scenarios:
  shift: {faults: [{gorilla: {zone: a, shift_after: 10s}, at: 20s, for: 40s}]}
`)
	o := clientTotals(r)
	expect(t, "timeouts until the shift", float64(o.Failed[trace.Timeout]), 50)
	expect(t, "refused after it", float64(o.Failed[trace.Refused]), 25)
	expect(t, "answered", float64(o.OK), 1000-75)
	if at := timesOf(r, "detected"); len(at) != 1 || at[0] != 30*time.Second {
		t.Errorf("detected at %v, want 30 s", at)
	}
	if s := r.Spans; s[1].Phase != trace.Undetected || s[2] != (trace.Span{Start: 30 * time.Second, Phase: trace.Detected}) {
		t.Errorf("spans %v", s)
	}
}

// TestAnOperatorShiftsTheEntry: clients would knock at the lost zone for an hour.
func TestAnOperatorShiftsTheEntry(t *testing.T) {
	r := played(t, `
zones: [a, b]
traffic: {users: {to: web, rate: 10/s, arrivals: regular, enters: {a: 1}, entry_failover: 1h, timeout: 1s}}
services:
  web: {instances: {per_zone: 1}, work: 5ms, startup: 0, health_check: none}
scenarios:
  shift: {faults: [{gorilla: {zone: a, shift_after: 10s}, at: 20s, for: 40s}]}
`)
	expect(t, "timeouts until the shift", float64(clientTotals(r).Failed[trace.Timeout]), 100)
	expect(t, "they come in through b", r.Zones[1].Demand[4], 10)
	expect(t, "and through a again", r.Zones[1].Demand[6], 0)
}

// TestClientsFollowTheNameOfTheirRegion: answers of DNS run out evenly over the TTL
// of 20 s, so that three quarters of the first 10 s and one of the next fail; and the
// clients come back likewise.
func TestClientsFollowTheNameOfTheirRegion(t *testing.T) {
	r := played(t, `
regions: {east: {zones: [a]}, west: {zones: [b]}}
network: {same_zone: 0, cross_region: 40ms}
traffic: {users: {to: web, rate: 100/s, arrivals: regular, enters: {a: 1}, timeout: 1s}}
services:
  web: {instances: {per_zone: 1}, concurrency: unlimited, work: 5ms, startup: 0, health_check: none}
scenarios:
  kong: {faults: [{kong: {region: east, dns_ttl: 20s}, at: 20s, for: 40s}]}
`)
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 4*math.Sqrt(1000*0.25*0.75) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	c := r.Clients[0].Windows
	near("failed from 20 to 30 s", float64(c.Failed[2]), 750)
	near("failed from 30 to 40 s", float64(c.Failed[3]), 250)
	expect(t, "failed after that", float64(c.Failed[4]+c.Failed[5]+c.Failed[6]+c.Failed[7]), 0)
	west := r.Zones[1].Demand
	near("come in through west from 60 to 70 s", 10*west[6], 750)
	near("and from 70 to 80 s", 10*west[7], 250)
	expect(t, "and after that", west[8], 0)
	expect(t, "those who follow are where they are asked", c.P99[5], 0.005)
}

// TestCallsStayInTheRegion while somebody there is in rotation.
func TestCallsStayInTheRegion(t *testing.T) {
	for _, routing := range []string{"any", "prefer"} {
		r := played(t, `
regions: {east: {zones: [a, b]}, west: {zones: [c]}}
network: {same_zone: 0, cross_zone: 5ms, cross_region: 40ms}
traffic: {users: {to: web, rate: 10/s, arrivals: regular, enters: {b: 1}}}
services:
  web: {instances: {b: 1}, work: 0, calls: [{to: db}, {to: archive}]}
  db: {instances: {a: 1, c: 2}, work: 5ms, zone_routing: `+routing+`, health_check: none, replace: false}
  archive: {instances: {c: 1}, work: 0}
scenarios:
  kill: {faults: [{kill: {services: [db], zones: [a]}, at: 50s}]}
`)
		w := r.Clients[0].Windows
		expect(t, routing+": in the region, and to the only archive", w.P50[0], 0.095) // 2·5 + 5 + 2·40
		expect(t, routing+": over to the other region", w.P50[9], 0.165)               // 2·40 + 5 + 2·40
	}
}

// TestPanic: of four pets three die, or all, and everybody knows at once.
func TestPanic(t *testing.T) {
	for _, c := range []struct {
		threshold string
		dead      int
		refused   float64 // of 500
		reason    trace.Reason
	}{
		{"never", 3, 0, trace.Refused},
		{"20%", 3, 0, trace.Refused},
		{"25%", 3, 0, trace.Refused},
		{"50%", 3, 375, trace.Refused},
		{"0%", 3, 0, trace.Refused},
		{"0%", 4, 500, trace.Refused},
		{"never", 4, 500, trace.Unavailable},
	} {
		r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {instances: 4, work: 5ms, replace: false, health_check: none, panic_threshold: `+c.threshold+`}
scenarios:
  kill: {faults: [{kill: {services: [web], count: `+string(rune('0'+c.dead))+`}, at: 50s}]}
`)
		o := clientTotals(r)
		if got := float64(o.Failed[c.reason]); got != c.refused || float64(o.OK) != 1000-c.refused {
			t.Errorf("%s with %d dead: %v failed by %v and %d answered, want %v", c.threshold, c.dead, got, c.reason, o.OK, c.refused)
		}
	}
}

// TestReplacedAddressesAreForgotten: what is replaced is no sign of panic.
func TestReplacedAddressesAreForgotten(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {instances: 4, work: 5ms, startup: 1m, health_check: none, panic_threshold: 50%}
scenarios:
  kill: {faults: [{kill: {services: [web], count: 3}, at: 10s}]}
`)
	expect(t, "answered", float64(clientTotals(r).OK), 1000)
}

// TestAKeyIsOfTheWholeRequest: three calls at once for one request meet at one of ten
// instances, which serves one and has no room for more; and so do their retries.
func TestAKeyIsOfTheWholeRequest(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {work: 0, calls: [[{to: db, times: 3, optional: true, retries: {max: 2}}]]}
  db: {instances: 10, concurrency: 1, queue: {limit: 0}, work: 10ms, balancing: consistent_hash}
`)
	o := totals(&component(t, r, "db").Phases)
	expect(t, "served", float64(o.OK), 1000)
	expect(t, "rejected", float64(o.Failed[trace.Rejected]), 6000)
}

// TestKeysMoveOnlyFromWhoIsGone: when one of ten instances leaves the rotation, only
// its keys go to others, and they come back to it.
func TestKeysMoveOnlyFromWhoIsGone(t *testing.T) {
	top, err := topology.Load([]topology.Source{{Name: "t.yaml", Data: []byte(`
version: 1
zones: [a, b]
services: {db: {instances: {per_zone: 5}, work: 1ms, balancing: consistent_hash}}
traffic: {users: {to: db, rate: 1/s, timeout: 1s}}
`)}}, topology.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(m, scenarios.Healthy(), Options{Seed: 1})
	s := &w.services[0]
	_, f := w.frames.take()
	places := func() (all [2000]int32) {
		for k := range all {
			f.key = uint64(k) << 32 / uint64(len(all))
			f.zone = uint8(k % 2)
			all[k] = w.pick(s, f)
		}
		return all
	}
	before := places()
	const gone = 3
	w.insts[gone].believed = false
	w.rotate(gone)
	moved := 0
	for k, at := range places() {
		switch was := before[k]; {
		case at == gone, was != gone && was != at:
			t.Fatalf("key %d went from %d to %d when %d left", k, was, at, gone)
		case was == gone:
			moved++
		}
	}
	if moved < 100 || moved > 300 {
		t.Errorf("%d of 2000 keys were on one of ten instances", moved)
	}
	w.believe(gone)
	if places() != before {
		t.Error("keys have not come back")
	}
}
