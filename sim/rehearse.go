package sim

import (
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
)

// Rehearse plays a variant without load and returns its event log: what happens
// when, and to whom, with the random choices of the seed. With load the same
// happens, unless something reacts to it.
func Rehearse(m *Model, v scenarios.Variant, seed uint64) []trace.Event {
	quiet := *m
	quiet.traffic = nil
	return Play(&quiet, v, Options{Seed: seed}).Events
}
