package sim

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// Timelines of faults, worked out by hand: a request every 0.1 s, or as written,
// from 0 to 99.9 s.

func TestPauseGoesOnWithWhatItHolds(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {concurrency: 1, work: 10ms, health_check: {interval: 60s}}
scenarios: {s: {faults: [{pause: {services: [web]}, at: 10005ms, for: 1s}]}}
`)
	// The request of 10.0 has 5 ms of its work left and ends at 11.010. Those of
	// 10.1 to 11.0 are handled then: the kth ends at 11.010 + 0.01k, 1.010 − 0.09k
	// after it was made. That of 11.1 waits 10 ms for the last of them.
	o := clientTotals(r)
	expect(t, "answered", float64(o.OK), 1000)
	expect(t, "longest", float64(o.Latency.Max)/1e9, 1.010)
	expect(t, "mean latency", o.Latency.Mean(), (988*0.010+1.010+10*1.010-0.09*55+0.020)/1000)
	expect(t, "frozen work keeps its slot", component(t, r, "web").Use[0].Busy+component(t, r, "web").Use[1].Busy+
		component(t, r, "web").Use[2].Busy+component(t, r, "web").Use[3].Busy, 1000*0.010+1)
}

func TestAFrozenCallerReadsBeforeItLooksAtTheClock(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 1/s, arrivals: regular}}
services:
  web: {work: 0, health_check: {interval: 60s}, calls: [{to: db, timeout: 200ms}]}
  db: {work: 300ms}
scenarios: {s: {faults: [{pause: {services: [web]}, at: 10050ms, for: 1s}]}}
`)
	// The answer to the call of 10.0 comes at 10.3, when its time is over, but at
	// 11.05, when the caller goes on, it is there. All others run into the timeout.
	o := clientTotals(r)
	expect(t, "answered", float64(o.OK), 1)
	expect(t, "its latency", float64(o.Latency.Max)/1e9, 1.05)
	expect(t, "too late", float64(o.Failed[trace.Dependency]), 99)
}

func TestChecksSeeAFrozenInstance(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular, timeout: 50ms}}
services:
  web: {instances: 2, work: 10ms, health_check: {interval: 2s, unhealthy_after: 2, healthy_after: 1}}
scenarios: {s: {faults: [{pause: {services: [web], count: 1}, at: 10s, for: 20s}]}}
`)
	seen := timesOf(r, "detected")
	if len(seen) != 1 || seen[0] < 12*time.Second || seen[0] >= 14*time.Second {
		t.Fatalf("seen at %v, want once, from 12s to 14s", seen)
	}
	// Every second request until then goes to the frozen one.
	wrong := float64(seen[0]-10*time.Second) / 1e9 * 10 / 2
	if n := float64(clientTotals(r).Failed[trace.Timeout]); n < wrong-1 || n > wrong+1 {
		t.Errorf("%v timeouts, want about %v", n, wrong)
	}
	if len(timesOf(r, "launch")) > 0 {
		t.Error("a frozen instance is replaced")
	}
}

const twoZones = `
zones: [a, b]
network: {same_zone: 1ms, cross_zone: 5ms}
traffic: {users: {to: web, rate: 10/s, arrivals: regular, timeout: 50ms, enters: {a: 1}}}
services:
  web: {instances: {b: 1}, work: 10ms}
scenarios: {s: {faults: [{%s, at: 10s, for: 10s}]}}
`

func TestPartitions(t *testing.T) {
	for _, c := range []struct {
		fault             string
		timeouts, refused float64
		served            float64
	}{
		{"partition: {from: a}", 100, 0, 900},
		{"partition: {from: b, to: a}", 100, 0, 900},
		{"partition: {from: a, one_way: true}", 100, 0, 900},
		{"partition: {from: b, one_way: true}", 100, 0, 1000}, // the replies are lost
		{"partition: {from: a, mode: refuse}", 0, 100, 900},
		{"partition: {from: web, to: a}", 100, 0, 900},
		{"partition: {from: {services: [web], zones: [a]}}", 0, 0, 1000}, // nobody is there
		{"loss: {rate: 100%}", 100, 0, 900},
		{"loss: {from: web, rate: 100%, one_way: true}", 100, 0, 1000},
	} {
		r := played(t, strings.ReplaceAll(twoZones, "%s", c.fault))
		o := clientTotals(r)
		expect(t, c.fault+": timeouts", float64(o.Failed[trace.Timeout]), c.timeouts)
		expect(t, c.fault+": refused", float64(o.Failed[trace.Refused]), c.refused)
		expect(t, c.fault+": served", float64(totals(&component(t, r, "web").Phases).Latency.Count), c.served)
		expect(t, c.fault+": latency of the others", o.Latency.Mean(), 0.020)
	}
}

func TestLossIsAShareOfTheMessages(t *testing.T) {
	r := played(t, strings.ReplaceAll(twoZones, "%s", "loss: {rate: 20%}"))
	// Request and reply have to come through: 0.8² of 100 requests, ± 3.3 standard errors.
	if lost := float64(clientTotals(r).Failed[trace.Timeout]); lost < 20 || lost > 52 {
		t.Errorf("%v of 100 lost, want about 36", lost)
	}
}

func TestDelays(t *testing.T) {
	r := played(t, `
simulation: {duration: 100s, warmup: 0, window: 1s}
traffic: {users: {to: {web.get: 50%, web.put: 50%}, rate: 10/s, arrivals: regular}}
services:
  web: {operations: {get: {work: 10ms}, put: {work: 10ms}}}
scenarios:
  s:
    faults:
      - {latency: {services: [web], add: 100ms}, at: 10s, for: 20s}
      - {latency: {services: [web], operations: [put], add: 1s}, at: 20s, for: 20s}
`)
	// From 10 to 20 all are 0.1 s late; to 30 puts 1.1 s and gets 0.1 s; to 40 puts 1 s.
	o := clientTotals(r)
	expect(t, "longest", float64(o.Latency.Max)/1e9, 1.110)
	at := func(second int) float64 { return r.Clients[0].Windows.P50[second] }
	expect(t, "before", at(9), 0.010)
	expect(t, "first", at(15), 0.110)
	expect(t, "after", at(45), 0.010)
	expect(t, "answers are only late", float64(o.OK), 1000)
}

func TestSurgeAddsToTheUsual(t *testing.T) {
	for fault, want := range map[string]float64{
		"surge: {factor: 3}":                    1000 + 200,
		"surge: {factor: 3, traffic: [others]}": 1000,
	} {
		r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}, others: {to: web, rate: 1/s, arrivals: regular}}
services: {web: {work: 10ms}}
scenarios: {s: {faults: [{`+fault+`, at: 10s, for: 10s}]}}
`)
		expect(t, fault, float64(clientTotals(r).Requests), want)
	}
	r := played(t, `
traffic: {users: {to: web, users: 2, think: 1s}}
services: {web: {work: 0, concurrency: unlimited}}
scenarios: {s: {faults: [{surge: {factor: 3}, at: 10s, for: 10s}]}}
`)
	// Two ask at 1, 2, … 99 s; four more at 11, 12, … 20, and leave after that.
	expect(t, "users", float64(clientTotals(r).Requests), 2*99+4*10)
}

func TestFactorsOfSurgesMultiply(t *testing.T) {
	r := played(t, `
simulation: {duration: 100s, warmup: 0, window: 1s}
traffic: {users: {to: web, rate: 1k/s}}
services: {web: {work: 0, concurrency: unlimited}}
scenarios: {s: {faults: [{surge: {factor: 3}, at: 10s, for: 20s}, {surge: {factor: 0.25}, at: 20s, for: 20s}]}}
`)
	for second, want := range map[int]float64{5: 1000, 15: 3000, 25: 750, 35: 250, 45: 1000} {
		n := 0.0
		for k := range 4 {
			n += float64(r.Clients[0].Windows.Requests[second-2+k]) / 4
		}
		if n < want*0.9 || n > want*1.1 {
			t.Errorf("second %d: %v requests, want about %v", second, n, want)
		}
	}
}

func TestUsualRequestsAreTheSameInASurge(t *testing.T) {
	text := `
simulation: {duration: 100s, warmup: 0, window: 1s}
traffic: {users: {to: web, rate: 100/s}}
services: {web: {work: {exponential: 10ms}, concurrency: unlimited}}
`
	calm := played(t, text)
	surged := played(t, text+"scenarios: {s: {faults: [{surge: {factor: 2}, at: 50s, for: 10s}]}}\n")
	for _, window := range []int{10, 49, 60, 90} { // before and after: the same luck
		if a, b := calm.Clients[0].Windows, surged.Clients[0].Windows; a.Requests[window] != b.Requests[window] || a.P99[window] != b.P99[window] {
			t.Errorf("window %d: %d requests, p99 %v; with a surge %d, %v", window, a.Requests[window], a.P99[window], b.Requests[window], b.P99[window])
		}
	}
}

func TestBackgroundFailures(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services: {web: {work: 10ms, replace: false, health_check: none}}
scenarios: {s: {faults: [{failures: {services: [web], mttf: {uniform: {min: 10s, max: 10s}}, mttr: {uniform: {min: 2s, max: 2s}}}, at: 0s}]}}
`)
	// Down from 10 to 12, 22 to 24, … 94 to 96: eight times, 20 requests each.
	o := clientTotals(r)
	expect(t, "unavailable", float64(o.Failed[trace.Unavailable]), 160)
	expect(t, "repairs", float64(len(timesOf(r, "repaired"))), 8)
}

// TestBackgroundPauses: the same instance freezes from 10 to 12 s, 22 to 24 s and so on
// and answers what it holds and what came meanwhile afterwards.
func TestBackgroundPauses(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services: {web: {work: 10ms, replace: false, health_check: {interval: 1h}}}
scenarios: {s: {faults: [{failures: {services: [web], mttf: {uniform: {min: 10s, max: 10s}}, mttr: {uniform: {min: 2s, max: 2s}}, mode: pause}, at: 0s}]}}
`)
	o := clientTotals(r)
	expect(t, "answered", float64(o.OK), 1000)
	expect(t, "late", o.Latency.Above(15e6), 0.16)
	expect(t, "mean s", o.Latency.Mean(), 0.01+0.16*1.05)
	expect(t, "pauses", float64(len(timesOf(r, "failures"))), 8)
}

func TestSurrenderHidesALossFromTheChecks(t *testing.T) {
	for surrender, want := range map[string][2]time.Duration{"0s": {12 * time.Second, 14 * time.Second}, "7s": {19 * time.Second, 21 * time.Second}} {
		r := played(t, `
zones: [a, b]
traffic: {users: {to: web, rate: 10/s, arrivals: regular, timeout: 50ms, enters: {a: 1}}}
services: {web: {instances: {per_zone: 1}, work: 10ms, health_check: {interval: 2s, unhealthy_after: 2}}}
scenarios: {s: {faults: [{gorilla: {zone: b, surrender: `+surrender+`}, at: 10s, for: 60s}]}}
`)
		if seen := timesOf(r, "detected"); len(seen) != 1 || seen[0] < want[0] || seen[0] >= want[1] {
			t.Errorf("surrender %s: seen at %v, want %v to %v", surrender, seen, want[0], want[1])
		}
	}
}

func TestClientsOfALostRegionFollowTheDNS(t *testing.T) {
	r := played(t, `
regions: {east: {zones: [a]}, west: {zones: [b]}}
traffic: {users: {to: web, rate: 10/s, arrivals: regular, timeout: 50ms, enters: {a: 1}}}
services: {web: {instances: {per_zone: 1}, work: 10ms, health_check: none, zone_routing: prefer, startup: 0, replace: false}}
scenarios: {s: {faults: [{kong: {region: east, dns_ttl: 20s}, at: 10s, for: 60s}]}}
`)
	// 200 requests are made in the TTL, over which they follow evenly.
	if n := clientTotals(r).Failed[trace.Timeout]; n < 70 || n > 130 {
		t.Errorf("%d time out, want about 100", n)
	}
	if len(timesOf(r, "kong")) != 1 || len(timesOf(r, "restored")) != 1 {
		t.Errorf("events %v", r.Events)
	}
}

// TestOverlappingFaultsEndCleanly: the zone is lost twice, and its instances are
// frozen and fail besides; when all is over everything is as before.
func TestOverlappingFaultsEndCleanly(t *testing.T) {
	r := played(t, `
zones: [a, b]
simulation: {duration: 100s, warmup: 0, window: 1s}
traffic: {users: {to: web, rate: 10/s, arrivals: regular, timeout: 50ms, enters: {a: 1}}}
services: {web: {instances: {per_zone: 2}, work: 10ms, startup: 1s, health_check: {interval: 1s}}}
scenarios:
  s:
    faults:
      - {pause: {services: [web]}, at: 8s, for: 20s}
      - {gorilla: {zone: b}, at: 10s, for: 10s}
      - {gorilla: {zone: b, refuse_capacity_elsewhere: 100%}, at: 15s, for: 10s}
      - {failures: {services: [web], mttf: 2s, mttr: 1s}, at: 12s, for: 10s}
      - {partition: {from: a}, at: 9s, for: 30s}
`)
	late := r.Clients[0].Windows
	for second := 60; second < 100; second++ {
		if late.OK[second] != 10 {
			t.Fatalf("second %d: %d of 10 answered", second, late.OK[second])
		}
	}
	if up := component(t, r, "web").Windows.InService[99]; up != 4 {
		t.Errorf("%v instances at the end", up)
	}
}

// TestSameZone: two faults of one incident strike one zone, whichever it is.
func TestSameZone(t *testing.T) {
	for _, choice := range []string{"each", "random"} {
		top := load1(t, `
version: 1
zones: [a, b, c]
simulation: {duration: 10s, warmup: 0}
services: {web: {instances: {per_zone: 1}, work: 1ms}}
scenarios: {s: {faults: [{partition: {from: `+choice+`}, at: 1s}, {latency: {zones: same, add: 1s}, at: 2s}, {gorilla: {zone: same}, at: 3s}]}}
`)
		m, err := Compile(top)
		if err != nil {
			t.Fatal(err)
		}
		variants := scenarios.Variants(top, top.Scenarios[0])
		if n := map[string]int{"each": 3, "random": 1}[choice]; len(variants) != n {
			t.Errorf("%s: %d variants, want %d", choice, len(variants), n)
		}
		for _, v := range variants {
			for seed := range uint64(5) {
				events := Rehearse(m, v, seed)
				zone := events[2].Object
				if events[0].Object != zone+" - the rest" || events[1].Object != "all services in "+zone && events[1].Object != "web in "+zone {
					t.Errorf("%s: %v", v.Name, events)
				}
			}
		}
	}
}

// TestRehearsalIsTheRun: without anything that reacts to load, the event log of a
// run is known before.
func TestRehearsalIsTheRun(t *testing.T) {
	top := load1(t, `
version: 1
zones: [a, b]
simulation: {duration: 100s, warmup: 3s}
traffic: {users: {to: web, rate: 100/s, timeout: 50ms}}
services: {web: {instances: {per_zone: 3}, work: 10ms, startup: {exponential: 3s}, health_check: {interval: 1s}}}
scenarios:
  s:
    faults:
      - {monkey: {services: [web], every: 7s, probability: 50%}, at: 0s}
      - {gorilla: {zone: random}, at: 10s, for: 30s}
      - {pause: {services: [web], count: 2}, at: 60s, for: 10s}
      - {failures: {services: [web], mttf: 30s, mttr: 3s}, at: 20s}
`)
	m, err := Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	v := scenarios.Variants(top, top.Scenarios[0])[0]
	for seed := range uint64(5) {
		run, rehearsed := Play(m, v, Options{Seed: seed}).Events, Rehearse(m, v, seed)
		if len(run) < 20 || !reflect.DeepEqual(run, rehearsed) {
			t.Errorf("seed %d: the run tells %d events, the rehearsal %d, or others", seed, len(run), len(rehearsed))
		}
	}
}

func load1(t *testing.T, text string) *topology.Topology {
	t.Helper()
	top, err := topology.Load([]topology.Source{{Name: "t.yaml", Data: []byte(text)}}, topology.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return top
}

func TestAResetMakesOthersNeedless(t *testing.T) {
	// The request is at web-1 and, hedged twice, at both in zone b, all of which wait
	// for db there. Of the resets when b is lost, that of web-1's call comes before
	// those of the hedges: web-1 does without, answers, and the hedges are given up.
	r := played(t, `
zones: [a, b]
simulation: {duration: 1s, warmup: 0, window: 1s}
traffic: {users: {to: web, rate: 1/s, arrivals: regular, timeout: 900ms, hedge: {after: 50ms, max: 2}}}
services:
  web: {instances: {a: 1, b: 2}, work: 0, concurrency: unlimited, health_check: {interval: 1h}, calls: [{to: db, timeout: 800ms, fallback: 0}]}
  db: {instances: {b: 3}, work: 850ms, concurrency: unlimited, health_check: {interval: 1h}}
scenarios: {s: {faults: [{gorilla: {zone: b, mode: refuse}, at: 200ms}]}}
`)
	o := clientTotals(r)
	expect(t, "attempts", float64(o.Attempts), 3)
	expect(t, "degraded", float64(o.Degraded), 1)
	expect(t, "latency", o.Latency.Mean(), 0.2)
}
