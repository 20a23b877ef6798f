package sim

import (
	"math"
	"testing"

	"github.com/silverback-sim/silverback/report/trace"
)

// TestClientsAskSeveralTimes: an arrival every second makes three requests of 100 ms,
// the next when the one before is over, so that one slot without a queue serves all.
func TestClientsAskSeveralTimes(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 1/s, arrivals: regular, times: 3}}
services: {web: {concurrency: 1, queue: {limit: 0}, work: 100ms}}
`)
	o := clientTotals(r)
	expect(t, "requests", float64(o.Requests), 300)
	expect(t, "answered", float64(o.OK), 300)
	expect(t, "mean s", o.Latency.Mean(), 0.1)
}

// TestClientsAskOnAfterAFailure: who is rejected at once makes the next request too, a
// microsecond later, so that time goes on; breaker and budget are those of all turns.
func TestClientsAskOnAfterAFailure(t *testing.T) {
	r := played(t, `
traffic:
  slow: {to: web.slow, rate: 1/min, arrivals: regular}
  users:
    {to: web.quick, rate: 1/s, arrivals: regular, times: 5,
     breaker: {window: 1h, min_requests: 10, error_rate: 100%, open_for: 1h}}
services:
  web: {concurrency: 1, queue: {limit: 0}, operations: {slow: {work: 1m}, quick: {work: 1ms}}}
`)
	o := totals(&r.Clients[1].Phases)
	expect(t, "requests", float64(o.Requests), 500)
	expect(t, "attempts", float64(o.Attempts), 10)
	expect(t, "rejected", float64(o.Failed[trace.Rejected]), 10)
	expect(t, "open", float64(o.Failed[trace.Open]), 490)
}

// TestUsersAskSeveralTimes: a user thinks for 700 ms after three requests of 100 ms.
func TestUsersAskSeveralTimes(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, users: 1, think: 700ms, times: 3}}
services: {web: {work: 100ms}}
`)
	expect(t, "requests", float64(clientTotals(r).Requests), 300)
}

// TestClientsAskPerhaps: every request is made with its probability, by itself, and with
// none nothing comes at all.
func TestClientsAskPerhaps(t *testing.T) {
	for _, c := range []struct {
		probability string
		want        float64
	}{{"25%", 500}, {"0%", 0}} {
		for _, load := range []string{"rate: 10/s, arrivals: regular", "users: 1, think: 100ms"} {
			r := played(t, `
traffic: {users: {to: web, `+load+`, times: 2, probability: `+c.probability+`}}
services: {web: {work: 0}}
`)
			if n := float64(clientTotals(r).Requests); math.Abs(n-c.want) > 4*math.Sqrt(c.want*0.75) {
				t.Errorf("%s, %s: %v requests, want %v", load, c.probability, n, c.want)
			}
		}
	}
}
