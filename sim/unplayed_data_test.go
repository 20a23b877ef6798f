package sim

import (
	"strings"
	"testing"

	"github.com/silverback-sim/silverback/topology"
)

// TestUnplayedDataIsRefused: whoever plays a kind or a key takes its line away.
func TestUnplayedDataIsRefused(t *testing.T) {
	const text = `version: 1
services: {a: {work: 1ms, calls: [{to: db, timeout: 1s, cache: c}]}}
caches: {c: {work: 1ms, data: {writes: 1/s}}}
stores: {db: {work: 1ms}}
externals: {x: {latency: 1ms}}
cdns: {d: {serves: 90%, latency: 1ms, origin: a}}
traffic: {t: {to: db, cache: c, rate: 1/s, timeout: 1s}}
scenarios:
  s:
    faults:
      - {kill: {node: primary}, at: 1s}
      - {kill: {node: db-1}, at: 1s}
      - {cache_flush: {}, at: 1s}
      - {cache_resize: {cache: c, to: 3}, at: 1s}
`
	top, err := topology.Load([]topology.Source{{Name: "t.yaml", Data: []byte(text)}}, topology.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Compile(top)
	if err == nil {
		t.Fatal("played")
	}
	want := []string{
		"caches.c: data.writes is not played yet",
		"stores.db: a store is not played yet",
		"externals.x: an external is not played yet",
		"cdns.d: a cdn is not played yet",
		"scenarios.s.faults: kill.node is not played yet",
		"scenarios.s.faults: cache_resize is not played yet",
	}
	if got := strings.Split(err.Error(), "\n"); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s", strings.Join(got, "\n"))
	}
}
