package sim

import (
	"math"
	"strings"
	"testing"

	"github.com/silverback-sim/silverback/report/trace"
)

// What one instance does with those who wait, in systems of constant times whose
// every moment can be worked out by hand.

// threeAtOnce calls db.a, db.b and db.c at the same moment once a second. There is
// one slot.
const threeAtOnce = `
traffic: {users: {to: web, rate: 1/s, arrivals: regular}}
services:
  web: {work: 0, calls: [[{to: db.a, optional: true}, {to: db.b, optional: true}, {to: db.c, optional: true}]]}
  db:
    concurrency: 1
    %s
    operations: {a: {work: 90ms}, b: {work: 50ms}, c: {work: 10ms}}
`

func sojournMean(t *testing.T, r *trace.Run, name string) float64 {
	t.Helper()
	return totals(&component(t, r, name).Phases).Latency.Mean()
}

func TestOrdersOfTheQueue(t *testing.T) {
	for order, ends := range map[string][3]float64{ // of a, b and c, ms
		"fifo":     {90, 140, 150},
		"lifo":     {90, 150, 100},
		"priority": {90, 140, 150},
		// At 90 ms the queue has not stood for 100 ms, at 140 ms it has, with c alone.
		"adaptive_lifo": {90, 140, 150},
	} {
		r := played(t, strings.ReplaceAll(threeAtOnce, "%s", "queue: {order: "+order+"}"))
		expect(t, order+": mean sojourn", sojournMean(t, r, "db"), (ends[0]+ends[1]+ends[2])/3000)
	}
	// With 20 ms more the queue stands when the slot is free: c comes before b.
	text := strings.ReplaceAll(threeAtOnce, "a: {work: 90ms}", "a: {work: 110ms}")
	r := played(t, strings.ReplaceAll(text, "%s", "queue: {order: adaptive_lifo}"))
	expect(t, "adaptive_lifo, standing: mean sojourn", sojournMean(t, r, "db"), (110+170+120)/3000.)
}

func TestPriorityTravelsWithTheCalls(t *testing.T) {
	// Three requests at once: the first has the slot when the others come.
	text := `
traffic:
  first: {to: web, rate: 1/s, arrivals: regular}
  low: {to: web, rate: 1/s, arrivals: regular, priority: low}
  normal: {to: web, rate: 1/s, arrivals: regular}
  high: {to: web, rate: 1/s, arrivals: regular, priority: high}
services:
  web: {work: 0, calls: [{to: db, timeout: 250ms, retries: {max: 1, backoff: {initial: 100ms}, jitter: none}}]}
  db: {concurrency: 1, work: 100ms, queue: {order: %s}}
`
	// At 250 ms two have waited in vain, one of them at work from 200 to 300, the
	// other from 300 to 400. Both come again at 350 and are served from 400 and 500.
	for order, ends := range map[string][4]float64{ // of first, low, normal, high
		"priority": {0.1, 0.6, 0.5, 0.2},
		"fifo":     {0.1, 0.2, 0.5, 0.6},
	} {
		r := played(t, strings.ReplaceAll(text, "%s", order))
		for k, c := range r.Clients {
			o := totals(&c.Phases)
			expect(t, order+": answers to "+c.Name, float64(o.OK), 100)
			expect(t, order+": latency of "+c.Name, o.Latency.Mean(), ends[k])
		}
	}
}

func TestQueueDelayIsBounded(t *testing.T) {
	// Of five at once, one slot and 50 ms of work: A to 50, B to 100 ms. Then the
	// queue has stood for 100 ms, so that who has waited over 5 ms goes: C and D. E is
	// the last and has not waited for more than 100 ms: to 150 ms.
	r := played(t, `
traffic: {users: {to: web, rate: 1/s, arrivals: regular}}
services:
  web: {work: 0, calls: [[{to: db, times: 5, optional: true}]]}
  db: {concurrency: 1, work: 50ms, shedding: {max_queue_delay: 100ms}}
`)
	o := totals(&component(t, r, "db").Phases)
	expect(t, "answers", float64(o.OK), 300)
	expect(t, "shed", float64(o.Failed[trace.Rejected]), 200)
	expect(t, "mean sojourn", o.Latency.Mean(), (0.05+0.1+0.15+2*0.1)/5)
	expect(t, "mean wait", component(t, r, "db").Wait.Mean(), (0+0.05+0.1+2*0.1)/5)
	expect(t, "clients wait for E", clientTotals(r).Latency.Mean(), 0.15)
	expect(t, "queue", component(t, r, "db").Use[0].Queue, 100*(4*0.05+3*0.05))
}

func TestLowPriorityIsShedFirst(t *testing.T) {
	// Three at once, 100 ms each, one slot. When it is free, low has waited for more
	// than 80% of the delay, high for no more than the whole. It is the last one then.
	text := `
traffic:
  first: {to: db, rate: 1/s, arrivals: regular}
  low: {to: db, rate: 1/s, arrivals: regular, priority: low}
  high: {to: db, rate: 1/s, arrivals: regular, priority: high}
services:
  db: {concurrency: 1, work: 100ms, queue: {order: %s}, shedding: {%s}}
`
	for _, order := range []string{"priority", "fifo"} {
		for shedding, answers := range map[string][3]float64{
			"max_queue_delay: 100ms": {100, 0, 100},
			// Of two, low may use the first 80%, rounded up, which is all; of six, five.
			"max_in_flight: 2": {100, 100, 0},
			"max_in_flight: 1": {100, 0, 0},
		} {
			r := played(t, strings.Replace(strings.Replace(text, "%s", order, 1), "%s", shedding, 1))
			for k, c := range r.Clients {
				expect(t, order+", "+shedding+": answers to "+c.Name, float64(totals(&c.Phases).OK), answers[k])
			}
		}
	}
	// Every tenth of a second 12 come at once: low may be 8 of 10, high all.
	for priority, answers := range map[string]float64{"low": 8000, "normal": 9000, "high": 10000} {
		r := played(t, `
traffic:
  many: {to: web, rate: 10/s, arrivals: regular, priority: `+priority+`}
  none: {to: web, rate: 1/d, arrivals: poisson, priority: high}
services:
  web: {work: 0, concurrency: unlimited, calls: [[{to: db, times: 12, optional: true}]]}
  db: {work: 10ms, shedding: {max_in_flight: 10}}
`)
		expect(t, "answers at "+priority, float64(totals(&component(t, r, "db").Phases).OK), answers)
	}
}

func TestAdaptiveLimit(t *testing.T) {
	// Overloaded by half, ten slots, the queue would grow to its thousand places. The
	// limit keeps it to some, so that all who are served are served soon; without
	// overload it lets everybody in.
	text := `
traffic: {users: {to: db, rate: %s/s, timeout: 20s}}
services:
  db: {concurrency: 10, work: {exponential: 100ms}, shedding: {%s}}
`
	for _, c := range []struct {
		rate, shedding string
		latency        float64 // at most, s
		shed           float64 // share, about
	}{
		{"150", "max_in_flight: 1000", 10, 0.28},
		{"150", "adaptive: gradient", 2.5, 0.33},
		{"50", "adaptive: gradient", 0.11, 0},
	} {
		r := played(t, strings.Replace(strings.Replace(text, "%s", c.rate, 1), "%s", c.shedding, 1))
		o := clientTotals(r)
		shed := float64(o.Failed[trace.Rejected]) / float64(o.Requests)
		if p := o.Latency.Mean(); p > c.latency || math.Abs(shed-c.shed) > 0.03 {
			t.Errorf("%s/s, %s: mean latency %.3f s, %.3f shed", c.rate, c.shedding, p, shed)
		}
	}
}

func TestInFlightIsBounded(t *testing.T) {
	for shedding, answers := range map[string]float64{"max_in_flight: 2": 200, "max_in_flight: 3": 300} {
		for _, blocking := range []string{"true", "false"} {
			r := played(t, `
traffic: {users: {to: web, rate: 1/s, arrivals: regular}}
services:
  web: {work: 0, calls: [[{to: db, times: 4, optional: true}]]}
  db: {concurrency: 1, work: 50ms, blocking: `+blocking+`, shedding: {`+shedding+`}, calls: [{to: disk}]}
  disk: {work: 200ms}
`)
			o := totals(&component(t, r, "db").Phases)
			expect(t, shedding+": answers", float64(o.OK), answers)
			expect(t, shedding+": shed", float64(o.Failed[trace.Rejected]), 400-answers)
		}
	}
}

func TestCancelDropsWhatNobodyWaitsFor(t *testing.T) {
	// Three at once, 100 ms each, one slot. After 150 ms their callers' caller gives
	// up: the first is done, the second at work, the third waits.
	text := `
traffic: {users: {to: front, rate: 1/s, arrivals: regular, timeout: 150ms}}
services:
  front: {work: 0, concurrency: unlimited, calls: [{to: web}]}
  web: {work: 0, concurrency: unlimited, calls: [[{to: db, times: 3}]]}
  db: {concurrency: 1, work: 100ms, cancel: %s}
`
	for cancel, busy := range map[string]float64{"true": 20, "false": 30} {
		r := played(t, strings.ReplaceAll(text, "%s", cancel))
		c := component(t, r, "db")
		o := totals(&c.Phases)
		expect(t, "cancel "+cancel+": time at work", c.Use[0].Busy, busy)
		expect(t, "cancel "+cancel+": mean wait", c.Wait.Mean(), 0.1)
		expect(t, "cancel "+cancel+": mean sojourn", o.Latency.Mean(), (0.1+0.2+busy/100)/3)
		expect(t, "cancel "+cancel+": given up", float64(o.Failed[trace.Timeout]), 300-busy*10)
		expect(t, "clients' timeouts", float64(clientTotals(r).Failed[trace.Timeout]), 100)
	}
}

func TestCancelDropsTheLosersOfHedges(t *testing.T) {
	// One instance works for 200 ms, the other for 100 ms on the short request, whose
	// hedge after 50 ms waits behind the long one. At 100 ms it has lost.
	text := `
traffic:
  long: {to: db.long, rate: 1/s, arrivals: regular}
  short: {to: web, rate: 1/s, arrivals: regular}
services:
  web: {work: 0, calls: [{to: db.short, timeout: 10s, hedge: {after: 50ms, max: 1}}]}
  db: {instances: 2, concurrency: 1, cancel: %s, operations: {long: {work: 200ms}, short: {work: 100ms}}}
`
	for cancel, busy := range map[string]float64{"true": 30, "false": 40} {
		r := played(t, strings.ReplaceAll(text, "%s", cancel))
		c := component(t, r, "db")
		expect(t, "cancel "+cancel+": time at work", c.Use[0].Busy, busy)
		expect(t, "cancel "+cancel+": requests", float64(totals(&c.Phases).Requests), 300)
		expect(t, "cancel "+cancel+": time in the queue", c.Use[0].Queue, 15)
		expect(t, "latency of short", totals(&r.Clients[1].Phases).Latency.Mean(), 0.1)
	}
}

func TestATimeoutMayDropItsOwnRequest(t *testing.T) {
	// The call waits behind its own caller, which has the only slot. When it times out
	// the caller fails, and the call is the next of the queue that nobody waits for.
	r := played(t, `
traffic: {users: {to: db.a, rate: 1/s, arrivals: regular}}
services:
  db:
    concurrency: 1
    cancel: true
    operations: {a: {work: 10ms, calls: [{to: db.b, timeout: 50ms}]}, b: {work: 1ms}}
`)
	expect(t, "failures", float64(clientTotals(r).Failed[trace.Dependency]), 100)
	expect(t, "time of slots", component(t, r, "db").Use[0].Busy, 6)
	expect(t, "time in the queue", component(t, r, "db").Use[0].Queue, 5)
}

func TestCancelledRequestsMakeNoCallsAndRetries(t *testing.T) {
	// A request to slow db is tried again at 80, 160, 240 ms, and then disk is called;
	// the client waits for 100 ms.
	text := `
traffic: {users: {to: web, rate: 1/s, arrivals: regular, timeout: 100ms}}
services:
  web: {work: 0, concurrency: unlimited, cancel: %s, calls: [{to: db, timeout: 80ms, retries: {max: 3, %r}, optional: true}, {to: disk}]}
  db: {work: 500ms, concurrency: unlimited}
  disk: {work: 1ms}
`
	for _, c := range []struct {
		cancel, retries     string
		attempts, disk, end float64
	}{
		{"false", "backoff: 0", 400, 100, 0.321},
		{"true", "backoff: 0", 200, 0, 0.160},
		// The second attempt ends before the client does, and the retry's pause after.
		{"true", "backoff: {initial: 30ms}, jitter: none", 100, 0, 0.110},
	} {
		r := played(t, strings.NewReplacer("%s", c.cancel, "%r", strings.ReplaceAll(c.retries, "backoff: 0", "jitter: full")).Replace(text))
		expect(t, "attempts at db", float64(totals(&component(t, r, "db").Phases).Requests), c.attempts)
		expect(t, "calls of disk", float64(totals(&component(t, r, "disk").Phases).Requests), c.disk)
		expect(t, "time at web", sojournMean(t, r, "web"), c.end)
	}
}

func TestYoungInstancesAreSlow(t *testing.T) {
	// The only instance dies at 20.5 s and is replaced at 21 s: the work of a request k
	// seconds later is (3 − 2·k/10)·100 ms.
	text := `
traffic: {users: {to: web, rate: 1/s, arrivals: regular}}
services:
  web: {instances: 1, work: 100ms, %s health_check: none, startup: 500ms, warm: {for: 10s, slowdown: 3}}
scenarios:
  loss: {faults: [{%f}]}
`
	for _, fault := range []string{
		"kill: {services: [web], count: 1}, at: 20.5s",
		"gorilla: {zone: each}, at: 20.25s, for: 250ms", // restarted, not launched
	} {
		for _, cores := range []string{"", "cores: 1,"} {
			r := played(t, strings.NewReplacer("%s", cores, "%f", fault).Replace(text))
			o := clientTotals(r)
			expect(t, "answers", float64(o.OK), 100)
			expect(t, "mean latency", o.Latency.Mean(), (90*0.1+2.1)/100)
		}
	}
}
