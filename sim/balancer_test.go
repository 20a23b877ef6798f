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
