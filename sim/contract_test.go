package sim

import (
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

// What the language promises of faults, launches, capacity and the network, in
// systems small enough to work out by hand.

func TestAMonkeyStaysInItsZones(t *testing.T) {
	// It comes at 10, 15, 20 and 25 s, and finds none left in zone b the last time.
	r := played(t, `
zones: [a, b]
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {instances: {per_zone: 3}, work: 5ms, replace: false}
scenarios:
  monkey: {faults: [{monkey: {services: [web], zones: [b], every: 5s}, at: 10s, for: 20s}]}
`)
	expect(t, "instances in zone a", r.Zones[0].InService[9], 3)
	expect(t, "instances in zone b", r.Zones[1].InService[9], 0)
}

// timesOf lists when events of a kind happened.
func timesOf(r *trace.Run, kind string) []time.Duration {
	var at []time.Duration
	for _, e := range r.Events {
		if e.Kind == kind {
			at = append(at, e.T)
		}
	}
	return at
}

func TestARefusedLaunchIsTriedAgainEveryMinute(t *testing.T) {
	// Eight are missing from 10 s on. Zone a gives each with a chance of one half;
	// after a refusal there is a minute's pause.
	r := played(t, `
simulation: {duration: 20m, warmup: 0s, window: 1m}
zones: [a, b]
traffic: {users: {to: web, rate: 1/s, arrivals: regular}}
services:
  web: {instances: {per_zone: 8}, work: 5ms, startup: 5s, health_check: none}
scenarios:
  gorilla: {faults: [{gorilla: {zone: b, refuse_capacity_elsewhere: 50%}, at: 10s}]}
`)
	launches := timesOf(r, "launch")
	rounds := map[time.Duration]bool{}
	for _, at := range launches {
		rounds[at] = true
		if (at-10*time.Second)%time.Minute != 0 {
			t.Errorf("a launch at %v, which is not whole minutes after the loss", at)
		}
	}
	if len(launches) != 8 || len(rounds) < 3 {
		t.Errorf("%d launches in %d rounds, want 8 in several: %v", len(launches), len(rounds), launches)
	}
	expect(t, "instances in zone a", r.Zones[0].InService[19], 16)
}

func TestARefusedLaunchComesAMinuteLaterWhereThereIsRoomAgain(t *testing.T) {
	// Zone b is away to the end. Zone a refuses all until 40 s, when nobody asks: the
	// attempts are those of 10 s and 70 s.
	r := played(t, `
zones: [a, b]
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {instances: {per_zone: 1}, work: 5ms, startup: 5s, health_check: none}
scenarios:
  gorilla:
    faults:
      - {gorilla: {zone: b, refuse_capacity_elsewhere: 100%}, at: 10s, for: 30s}
      - {gorilla: {zone: b, refuse_capacity_elsewhere: 0%}, at: 20s}
`)
	if at := timesOf(r, "launch"); len(at) != 1 || at[0] != 70*time.Second {
		t.Errorf("launches at %v, want one at 1m10s", at)
	}
	// Two of zone a are in service from 75 s on.
	expect(t, "instances from 60 s", r.Zones[0].InService[6], 1)
	expect(t, "instances from 70 s", r.Zones[0].InService[7], 1.5)
	expect(t, "instances from 80 s", r.Zones[0].InService[8], 2)
}

func TestALostZoneTakesNoLaunches(t *testing.T) {
	// One of the two is killed and its zone, the only one it may run in, lost before
	// anybody knows of the death. Back at 50 s, the zone restarts the other and takes
	// the launch; the retry of the refused one finds nothing missing.
	r := played(t, `
zones: [a, b]
traffic: {users: {to: web, rate: 10/s, arrivals: regular, timeout: 1s}}
services:
  web: {instances: {b: 2}, work: 5ms, startup: 5s, health_check: {interval: 4s, unhealthy_after: 2}}
scenarios:
  both: {faults: [{kill: {services: [web], count: 1}, at: 10s}, {gorilla: {zone: b}, at: 11s, for: 39s}]}
`)
	if at := timesOf(r, "launch"); len(at) != 1 || at[0] != 50*time.Second {
		t.Errorf("launches at %v, want one at 50s", at)
	}
	expect(t, "instances in zone b lost", r.Zones[1].InService[4], 0)
	expect(t, "instances in zone b again", r.Zones[1].InService[6], 2)
	expect(t, "instances in zone b at the end", r.Zones[1].InService[9], 2)
}

func TestOnlyWhatRequestsNeedLimitsCapacity(t *testing.T) {
	// web carries 10 slots / (10 ms + 50 ms); small, 20/s.
	for option, capacity := range map[string]float64{"optional: true": 10 / 0.06, "fallback: 1ms": 10 / 0.06, "optional: false": 20} {
		r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {concurrency: 10, work: 10ms, calls: [{to: small, timeout: 1s, `+option+`}]}
  small: {concurrency: 1, work: 50ms}
`)
		expect(t, "capacity with "+option, r.Zones[0].Capacity[5], capacity)
	}
}

func TestRetriesOfAFaultDoNotLowerCapacity(t *testing.T) {
	// One of two is dead from 50 s and gets half of the requests for 20 to 40 s, which
	// are all made again.
	r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {concurrency: unlimited, work: 1ms, calls: [{to: db, timeout: 1s, retries: {max: 3}}]}
  db: {instances: 2, concurrency: 1, work: 10ms, replace: false, health_check: {interval: 20s, unhealthy_after: 2}}
scenarios:
  kill: {faults: [{kill: {services: [db], count: 1}, at: 50s}]}
`)
	if n := totals(&component(t, r, "db").Phases).Requests; n < 1100 {
		t.Fatalf("%d requests to db, want 1,100 or more: hardly any was retried", n)
	}
	expect(t, "capacity before", r.Zones[0].Capacity[4], 2/0.010)
	expect(t, "capacity with one dead", r.Zones[0].Capacity[5], 1/0.010)
	expect(t, "capacity at the end", r.Zones[0].Capacity[9], 1/0.010)
}

// There is one request, at 0. In a run of 60 ms the server's busy time tells when
// it came; in a run of a second the latency tells when its answer did.
func TestEachWayHasItsOwnDelay(t *testing.T) {
	const system = `
simulation: {duration: %D, warmup: 0s, window: %D}
regions: {east: {zones: [a]}, west: {zones: [b]}}
network: {same_zone: 0, cross_region: {east>west: 10ms, west>east: 50ms}}
`
	for name, c := range map[string]struct {
		rest string
		way  float64 // of the request, s
	}{
		"a client in the east": {`
traffic: {users: {to: server, rate: 1/s, arrivals: regular, enters: {a: 1}}}
services: {server: {instances: {b: 1}, work: 100ms}}`, 0.010},
		"a client in the west": {`
traffic: {users: {to: server, rate: 1/s, arrivals: regular, enters: {b: 1}}}
services: {server: {instances: {a: 1}, work: 100ms}}`, 0.050},
		"a call from the east": {`
traffic: {users: {to: web, rate: 1/s, arrivals: regular, enters: {a: 1}}}
services: {web: {instances: {a: 1}, work: 0, calls: [{to: server, timeout: 1s}]}, server: {instances: {b: 1}, work: 100ms}}`, 0.010},
		"a call from the west": {`
traffic: {users: {to: web, rate: 1/s, arrivals: regular, enters: {b: 1}}}
services: {web: {instances: {b: 1}, work: 0, calls: [{to: server, timeout: 1s}]}, server: {instances: {a: 1}, work: 100ms}}`, 0.050},
	} {
		cut := played(t, strings.ReplaceAll(system, "%D", "60ms")+c.rest)
		expect(t, name+": the server's work until 60 ms", component(t, cut, "server").Use[0].Busy, 0.060-c.way)
		whole := played(t, strings.ReplaceAll(system, "%D", "1s")+c.rest)
		expect(t, name+": answers", float64(clientTotals(whole).OK), 1)
		expect(t, name+": latency", clientTotals(whole).Latency.Mean(), 0.010+0.100+0.050)
	}
}
