package main

import (
	"slices"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/topology"
)

// comebackRuns bound the search for the load at which a system comes back. Each
// halves what is open, so six leave 1/64 of the load.
const comebackRuns = 6

// findComebacks plays those runs again that the summary tells of and that stayed
// down, with less and less load from the end of the last fault on, and notes the
// most at which the system came back.
func (s *streams) findComebacks(model *sim.Model, t *topology.Topology, variants []scenarios.Variant, played studied, doc *report.Document) {
	asked, unwatch := watchInterrupts()
	defer unwatch()
	for _, r := range report.Worst(doc.Runs) {
		k := slices.IndexFunc(variants, func(v scenarios.Variant) bool { return v.Name == r.Scenario })
		seed, down := played.down[k]
		if !down || asked() {
			continue
		}
		show, _, end := s.newProgress(r.Scenario + " stays down: looking for a load at which it does not")
		r.Comeback = findComeback(model, t, variants[k], seed, asked, show)
		end()
	}
}

// findComeback is nil if it cannot be told, or the user did not wait for it.
func findComeback(model *sim.Model, t *topology.Topology, v scenarios.Variant, seed uint64, stop func() bool, show func(float64)) *report.Comeback {
	o := sim.Options{Seed: seed, Stop: stop}
	common := sim.Common(model, []scenarios.Variant{v}, o)
	stayed := report.Summarize(t, common.Branch(v, o))
	over, ok := stayed.FaultsOver()
	if !ok {
		return nil
	}
	var asked report.Number
	for _, c := range stayed.Clients {
		asked += c.Value.Requests
	}
	back, down := 0.0, 1.0
	for n := range comebackRuns {
		show(float64(n) / comebackRuns)
		share := (back + down) / 2
		less := v.With(&topology.Fault{At: over, Surge: &topology.Surge{Factor: share}})
		run := common.Branch(less, o)
		if run.Interrupted {
			return nil
		}
		if report.Summarize(t, run).CameBack() {
			back = share
		} else {
			down = share
		}
	}
	c := &report.Comeback{Share: report.Number(back), Runs: comebackRuns, Least: 1.0 / (1 << comebackRuns)}
	c.Rate = report.Number(back) * asked / stayed.Duration
	return c
}
