package sim

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

// What guards a call, in systems of constant times, worked out by hand.

func TestRetriesChooseByReason(t *testing.T) {
	// db is full all the time (each request stays for 990 ms), so that of ten
	// requests a second one is served and nine are rejected at once.
	for on, attempts := range map[string]float64{
		"[timeout, refused]": 1000, "[rejected]": 1000 + 900*2, "[error, open, malformed, unavailable]": 1000,
	} {
		r := played(t, `
traffic: {users: {to: db, rate: 10/s, arrivals: regular, retries: {max: 2, on: `+on+`}}}
services:
  db: {concurrency: 1, queue: {limit: 0}, work: 990ms}
`)
		expect(t, "attempts on "+on, float64(clientTotals(r).Attempts), attempts)
	}
	// What failed by a dependency is an error to its caller.
	for on, attempts := range map[string]float64{"[error]": 2000, "[rejected]": 1000} {
		r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular, retries: {max: 1, on: `+on+`}}}
services:
  web: {work: 0, calls: [{to: db}]}
  db: {instances: 0, work: 1ms}
`)
		expect(t, "attempts on "+on, float64(clientTotals(r).Attempts), attempts)
		expect(t, "failed by a dependency", float64(clientTotals(r).Failed[trace.Dependency]), 1000)
	}
}

func TestBudgetOfRetries(t *testing.T) {
	// Nobody answers. Ten retries are free; then every fourth request pays for one:
	// 1,000 requests make 10 + 250.
	r := played(t, `
traffic: {users: {to: db, rate: 10/s, arrivals: regular, retries: {max: 2, budget: 25%}}}
services:
  db: {instances: 0, work: 1ms}
`)
	o := clientTotals(r)
	expect(t, "attempts", float64(o.Attempts), 1000+10+250)
	expect(t, "requests to db", float64(totals(&component(t, r, "db").Phases).Requests), 1260)
	expect(t, "unavailable", float64(o.Failed[trace.Unavailable]), 1000)
}

const deadForAMinute = `
zones: [a, b]
traffic: {users: {to: db, rate: 100/s, arrivals: regular, enters: {b: 1}, breaker: {window: 10s, min_requests: 20, open_for: 5s, probes: %P}}}
services:
  db: {instances: {a: 1}, work: 0, startup: 0s, health_check: {interval: 1h}}
scenarios:
  dead: {faults: [{gorilla: {zone: a, mode: refuse}, at: 0s, for: 60s}]}
`

func TestBreakerTimeline(t *testing.T) {
	// 20 refused from 0 to 0.19 s open it; probes at 5.19, 10.19, … 55.19 s fail. At
	// 60.19 s the first of three is good, and so are those of 60.20 and 60.21 s.
	r := played(t, strings.ReplaceAll(deadForAMinute, "%P", "3"))
	o := clientTotals(r)
	expect(t, "refused", float64(o.Failed[trace.Refused]), 20+11)
	expect(t, "open", float64(o.Failed[trace.Open]), 6019-31)
	expect(t, "ok", float64(o.OK), 10000-6019)
	expect(t, "attempts", float64(o.Attempts), 10000-(6019-31))
	expect(t, "requests to db", float64(totals(&component(t, r, "db").Phases).Requests), 10000-(6019-31))
	var told []string
	for _, e := range r.Events {
		if e.Kind == "breaker" {
			told = append(told, e.T.String()+" "+e.Object+": "+e.What)
		}
	}
	want := "190ms users > db: the first breaker opens; 1m0.21s users > db: no breaker is open any more, opened 12 times"
	if got := strings.Join(told, "; "); got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	for _, c := range r.Causes {
		if c.Component != "db" || c.Reason != trace.Open && c.Reason != trace.Refused {
			t.Errorf("cause %+v", c)
		}
	}
}

func TestBreakersAreTheInstances(t *testing.T) {
	// Two instances of web, each with a breaker of its own, take turns; db is dead
	// for them all. One is killed at 30.005 s with its breaker open; its successor
	// starts a second later with a closed one, which opens after 20 more.
	r := played(t, `
zones: [a, b]
traffic: {users: {to: web, rate: 100/s, arrivals: regular, enters: {b: 1}}}
services:
  web: {instances: {b: 2}, work: 0, startup: 1s, health_check: none, calls: [{to: db, breaker: {open_for: 1h}, optional: true}]}
  db: {instances: {a: 1}, work: 0, replace: false, health_check: {interval: 1h}}
scenarios:
  both:
    faults:
      - {kill: {services: [db]}, at: 0s}
      - {kill: {services: [web], count: 1}, at: 30.005s}
`)
	expect(t, "requests to db", float64(totals(&component(t, r, "db").Phases).Requests), 3*20)
	expect(t, "degraded", float64(clientTotals(r).Degraded), 10000)
}

func TestBulkhead(t *testing.T) {
	// Every 100 ms a request that takes 350 ms; two may be out: those of 0, 100 ms,
	// then of 400, 500 ms, and so on: the others are rejected here, and never sent.
	r := played(t, `
traffic: {users: {to: db, rate: 10/s, arrivals: regular, bulkhead: 2}}
services:
  db: {concurrency: unlimited, work: 350ms}
`)
	o := clientTotals(r)
	expect(t, "rejected", float64(o.Failed[trace.Rejected]), 500)
	expect(t, "attempts", float64(o.Attempts), 500)
	expect(t, "requests to db", float64(totals(&component(t, r, "db").Phases).Requests), 500)
}

func TestBulkheadFailsInTheBreakersEyes(t *testing.T) {
	// As above, but with 300 ms and one place: taken at 0, rejected at 100 and 200 ms,
	// where the breaker has two failures of two outcomes and opens for 1.75 s: the
	// next is the probe of 2 s. Its two followers are not let pass, and are no
	// outcomes. It closes the breaker at 2.3 s: from there on, all over again: the
	// request of 2.3 s (arrivals come first) is kept back, that of 2.4 s is out till
	// 2.7 s, those of 2.5 and 2.6 s open the breaker.
	r := played(t, `
simulation: {duration: 2.65s, warmup: 0s, window: 1s}
traffic:
  users:
    {to: db, rate: 10/s, arrivals: regular, bulkhead: 1, breaker: {min_requests: 2, open_for: 1750ms, probes: 1}}
services:
  db: {concurrency: unlimited, work: 300ms}
`)
	o := clientTotals(r)
	expect(t, "rejected", float64(o.Failed[trace.Rejected]), 4)
	expect(t, "attempts", float64(o.Attempts), 3)
	expect(t, "open", float64(o.Failed[trace.Open]), 27-4-3)
}

func TestHedgeWins(t *testing.T) {
	// Two instances take turns (the hedge of a request goes to the other): one takes
	// 100 ms, or rather its db, the other 5 ms. Every second request is hedged after
	// 20 ms and answered at 25 ms; what it began first goes on.
	r := played(t, `
traffic: {users: {to: web, rate: 1/s, arrivals: regular, hedge: {after: 20ms}, timeout: 1s, bulkhead: 2}}
services:
  web: {work: {quantiles: {0: 5ms, 50: 5ms, 50.000001: 100ms, 100: 100ms}}, concurrency: unlimited}
`)
	o, web := clientTotals(r), totals(&component(t, r, "web").Phases)
	hedged := float64(o.Attempts) - 100
	if hedged < 30 || hedged > 70 {
		t.Errorf("%v of 100 are hedged, want about 50", hedged)
	}
	expect(t, "ok", float64(o.OK), 100)
	expect(t, "requests to web", float64(web.Requests), 100+hedged)
	expect(t, "given up ones count as ok", float64(web.OK), 100+hedged)
	// Half of the hedges are slow too: then the first attempt wins, at 100 ms.
	slow := o.Latency.Above(int64(90 * time.Millisecond))
	if slow < 0.1 || slow > 0.4 {
		t.Errorf("%v answered at 100 ms, want about a quarter", slow)
	}
	mid := o.Latency.Above(int64(10*time.Millisecond)) - slow
	expect(t, "mean latency", o.Latency.Mean(), 0.005*(1-slow-mid)+0.025*mid+0.100*slow)
	busy := component(t, r, "web").Use[0].Busy
	expect(t, "all work is done", busy, 0.005*(100*(1-slow-mid)+100*mid)+0.1*(100*slow*2+100*mid))
}

// failing is a system whose db takes 1 s and whose web gives up after so long.
const failing = `
traffic: {users: {to: web, rate: 1/s, arrivals: regular, timeout: 2s, retries: {max: %R}, hedge: {after: 20ms, max: %H}}}
services:
  web: {work: 0, concurrency: unlimited, calls: [{to: db, timeout: %T}]}
  db: {work: 1s, concurrency: unlimited}
`

func TestHedgesOfWhatFails(t *testing.T) {
	for _, c := range []struct {
		retries, hedges, timeout string
		attempts                 float64 // of one request
	}{
		{"0", "1", "10ms", 1}, // it has failed before it is hedged
		{"0", "1", "50ms", 2}, // 0 and 20 ms; the call fails at 70 ms
		{"0", "3", "50ms", 4}, // 0, 20, 40 and 60 ms, when the second is still out
		{"1", "1", "50ms", 4}, // 0, 20; 70, 90
		{"2", "2", "30ms", 9}, // 0, 20, 40; 70, …
		{"3", "1", "20ms", 8}, // web answers by its timeout, which comes after all else at its moment
	} {
		text := strings.NewReplacer("%R", c.retries, "%H", c.hedges, "%T", c.timeout).Replace(failing)
		r := played(t, text)
		o := clientTotals(r)
		expect(t, text+"attempts", float64(o.Attempts), 100*c.attempts)
		expect(t, text+"failed", float64(o.Failed[trace.Dependency]), 100)
	}
}

func TestHedgesAfterTheObservedPercentile(t *testing.T) {
	// Some take 500 ms, the others 10 ms, which is the percentile: those that take
	// longer are hedged. Nobody is who answers when the hedge is due.
	for _, c := range []struct {
		fast, after string
		want        float64
	}{{"90", "p80", 0.10}, {"97", "p95", 0.03}, {"99.999999", "p50", 0}} {
		r := played(t, `
traffic: {users: {to: web, rate: 100/s, arrivals: regular, timeout: 2s, hedge: {after: `+c.after+`}}}
services:
  web: {work: {quantiles: {0: 10ms, `+c.fast+`: 10ms, 100: 500ms}}, concurrency: unlimited}
`)
		o := clientTotals(r)
		sd := math.Sqrt(c.want * (1 - c.want) / 10_000)
		if share := float64(o.Attempts)/float64(o.Requests) - 1; math.Abs(share-c.want) > 4*sd+0.0001 {
			t.Errorf("%s: %v of the requests are hedged, want %v", c.after, share, c.want)
		}
	}
}

func TestClientsMakeDo(t *testing.T) {
	for option, latency := range map[string]float64{"optional: true": 0.005, "fallback: 7ms": 0.012} {
		for _, guard := range []string{"", ", bulkhead: 5"} {
			r := played(t, `
traffic: {users: {to: bad, rate: 10/s, arrivals: regular, timeout: 5ms, `+option+guard+`}}
services:
  bad: {work: 1s, concurrency: unlimited}
`)
			o := clientTotals(r)
			expect(t, "degraded", float64(o.Degraded), 1000)
			expect(t, "latency", o.Latency.Mean(), latency)
			expect(t, "timeouts at the component", float64(totals(&component(t, r, "bad").Phases).Failed[trace.Timeout]), 1000)
			if len(r.Causes) != 1 || r.Causes[0].Degraded != 1000 || r.Causes[0].Reason != trace.Timeout {
				t.Errorf("%s: causes %+v", option, r.Causes)
			}
		}
	}
}

func TestThrottle(t *testing.T) {
	// Nobody answers: the chance to be sent is 1 - n/(n+1) after n requests, which
	// is 1 + 1/2 + 1/3 + … attempts.
	sent := 0.0
	for n := range 1000 {
		sent += 1 / float64(n+1)
	}
	r := played(t, `
traffic: {users: {to: db, rate: 10/s, arrivals: regular, throttle: {k: 2}}}
services:
  db: {instances: 0, work: 1ms}
`)
	o := clientTotals(r)
	if n := float64(o.Attempts); n < sent-8 || n > sent+8 { // the variance is below the mean
		t.Errorf("%v of 1000 sent, want about %.1f", n, sent)
	}
	expect(t, "rejected here or unavailable", float64(o.Failed[trace.Rejected]+o.Failed[trace.Unavailable]), 1000)
	expect(t, "requests to db", float64(totals(&component(t, r, "db").Phases).Requests), float64(o.Attempts))
}
