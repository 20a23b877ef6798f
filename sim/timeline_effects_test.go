package sim

import (
	"math"
	"testing"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// playedWith plays the healthy run of a topology, whose first service may be a
// tolerant reader, with effects on its second.
func playedWith(t *testing.T, e []scenarios.Effect, tolerant bool, text string) *trace.Run {
	t.Helper()
	top, err := topology.Load([]topology.Source{{Name: "test.yaml", Data: []byte("version: 1\nnetwork: {same_zone: 0, cross_zone: 0}\nsimulation: {duration: 100s, warmup: 0s, window: 10s}\n" + text)}}, topology.Options{})
	if err != nil {
		t.Fatal(err)
	}
	top.Services[0].Tolerant = tolerant
	m, err := Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(m, scenarios.Healthy(), Options{Seed: 1})
	for id := range e {
		e[id].Where.Services = []int{1}
		w.Begin(id, &e[id])
	}
	w.play()
	checkWorld(t, w)
	return w.record(scenarios.Healthy())
}

func TestEffectsOnTheWork(t *testing.T) {
	text := `
traffic: {users: {to: web, rate: 100/s, arrivals: regular, retries: {max: 1}}}
services:
  web: {work: 0, concurrency: unlimited, calls: [{to: db, timeout: 1s}]}
  db: {work: 5ms, concurrency: unlimited, calls: [{to: disk}]}
  disk: {work: 10ms, concurrency: unlimited}
`
	near := func(what string, hits, of uint64, share float64) {
		t.Helper()
		n := float64(of)
		if got := float64(hits) / n; math.Abs(got-share) > 4*math.Sqrt(share*(1-share)/n) {
			t.Errorf("%s: %.4f of %v, want %v", what, got, n, share)
		}
	}
	for _, tolerant := range []bool{false, true} {
		r := playedWith(t, []scenarios.Effect{{Kind: scenarios.Slowdown, Factor: 3}}, tolerant, text)
		expect(t, "latency of slow work", clientTotals(r).Latency.Mean(), 0.025)

		r = playedWith(t, []scenarios.Effect{{Kind: scenarios.Errors, Rate: 0.3}}, tolerant, text)
		db, disk := totals(&component(t, r, "db").Phases), totals(&component(t, r, "disk").Phases)
		near("errors", db.Failed[trace.Error], db.Requests, 0.3)
		expect(t, "calls of what failed before", float64(disk.Requests), float64(db.Requests-db.Failed[trace.Error]))

		r = playedWith(t, []scenarios.Effect{{Kind: scenarios.BadData, Rate: 0.5, Salvage: 0.8}}, tolerant, text)
		db, disk = totals(&component(t, r, "db").Phases), totals(&component(t, r, "disk").Phases)
		share := 0.5
		if tolerant {
			share = 0.1
		}
		near("malformed answers", db.Failed[trace.Malformed], db.Requests, share)
		expect(t, "calls before a malformed answer", float64(disk.Requests), float64(db.Requests))
		o := clientTotals(r)
		near("malformed to the client, after a retry", o.Failed[trace.Dependency], o.Requests, share*share)
		if c := r.Causes; len(c) != 1 || c[0].Component != "db" || c[0].Reason != trace.Malformed {
			t.Errorf("causes %+v", c)
		}
	}
}

func TestErrorsOfWhatCallsNobody(t *testing.T) {
	r := playedWith(t, []scenarios.Effect{{Kind: scenarios.Errors, Rate: 1}}, false, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {work: 0, calls: [{to: db, timeout: 1s}]}
  db: {work: 5ms}
`)
	expect(t, "errors", float64(totals(&component(t, r, "db").Phases).Failed[trace.Error]), 1000)
}
