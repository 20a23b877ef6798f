package sim

import (
	"math"
	"testing"

	"github.com/silverback-sim/silverback/report/trace"
)

// TestAnOutlierIsEjected: one of two instances dies at 10 s and no check ever sees it.
// Every second request is refused there, until three in a row have ejected it for
// 20 s, then three more for 40 s, and three more for 60 s.
func TestAnOutlierIsEjected(t *testing.T) {
	for _, balancer := range []string{"shared", "per_caller"} {
		r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web:
    {instances: 2, work: 5ms, replace: false, health_check: {interval: 1h}, balancer: `+balancer+`,
     outlier_ejection: {consecutive_errors: 3, eject: 20s, max: 50%}}
scenarios:
  kill: {faults: [{kill: {services: [web], count: 1}, at: 10s}]}
`)
		o := clientTotals(r)
		expect(t, balancer+": refused", float64(o.Failed[trace.Refused]), 9)
		expect(t, balancer+": answered", float64(o.OK), 991)
		if at := timesOf(r, "ejected"); len(at) != 3 || (at[1]-at[0]).Round(1e9).Seconds() != 20 && (at[1]-at[0]).Round(1e9).Seconds() != 21 {
			t.Errorf("%s: ejected at %v", balancer, at)
		}
	}
}

// TestNotEverybodyIsEjected: all fail, and at most half may be left out; in panic all
// are used again.
func TestNotEverybodyIsEjected(t *testing.T) {
	for _, c := range []struct {
		panic   string
		timeout float64 // attempts on instances
	}{{"never", 1000}, {"75%", 1000}} {
		r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular, timeout: 1ms}}
services:
  web:
    {instances: 4, work: 5ms, panic_threshold: `+c.panic+`,
     outlier_ejection: {consecutive_errors: 1, eject: 1h, max: 50%}}
`)
		expect(t, c.panic+": timeouts", float64(clientTotals(r).Failed[trace.Timeout]), c.timeout)
		expect(t, c.panic+": ejections", float64(len(timesOf(r, "ejected"))), 2)
	}
}

// TestACallerKnowsItsOwnRequests: two callers ask one of two instances at the same
// moment. A shared balancer sends the second to the idle one; callers by themselves
// know of nothing in flight and meet half of the time.
func TestACallerKnowsItsOwnRequests(t *testing.T) {
	rejected := func(balancer string) float64 {
		r := played(t, `
traffic: {users: {to: gate, rate: 10/s, arrivals: regular}}
services:
  gate: {work: 0, calls: [[{to: web, times: 2, optional: true}]]}
  web: {instances: 2, work: 0, calls: [{to: db}]}
  db: {instances: 2, concurrency: 1, queue: {limit: 0}, work: 10ms, balancing: least_requests, balancer: `+balancer+`}
`)
		return float64(totals(&component(t, r, "db").Phases).Failed[trace.Rejected])
	}
	expect(t, "shared: rejected", rejected("shared"), 0)
	if n := rejected("per_caller"); math.Abs(n-500) > 4*math.Sqrt(1000*0.25) {
		t.Errorf("per_caller: %v rejected, want 500", n)
	}
}

// TestLeastRequestsSinkhole: R-23, the published what-if of a load balancer that sends
// nearly everything to the one dead server of three because that looks idle. It is
// down from 8 to 18 s and fails at once; nobody checks. From 12 s on 36.6 requests of
// 150 a second are answered, within 4; all of them before and after.
func TestLeastRequestsSinkhole(t *testing.T) {
	r := played(t, `
simulation: {duration: 58s, warmup: 0s, window: 1s}
network: {same_zone: 0.25ms, cross_zone: 0.75ms}
zones: [a, b, c]
traffic: {users: {to: srv, rate: 150/s, timeout: 2s, enters: {b: 1}}}
services:
  srv:
    {instances: {per_zone: 1}, concurrency: 20, work: {exponential: 50ms}, balancing: least_requests,
     startup: 0, health_check: {interval: 1h}}
scenarios:
  crash: {faults: [{gorilla: {zone: a, mode: refuse}, at: 8s, for: 10s}]}
`)
	w := r.Clients[0].Windows
	rate := func(from, to int) (ok, failed float64) {
		for k := from; k < to; k++ {
			ok += float64(w.OK[k])
			failed += float64(w.Failed[k])
		}
		return ok / float64(to-from), failed / float64(to-from)
	}
	if ok, _ := rate(12, 18); math.Abs(ok-36.6) > 4 {
		t.Errorf("%v answered a second while the server is down, want 36.6 ± 4", ok)
	}
	for _, span := range [][2]int{{1, 5}, {30, 45}, {45, 58}} {
		if ok, failed := rate(span[0], span[1]); failed > 0 || math.Abs(ok-150) > 4*math.Sqrt(150/float64(span[1]-span[0])) {
			t.Errorf("from %d to %d s %v answered and %v failed a second, want 150 and 0", span[0], span[1], ok, failed)
		}
	}
}
