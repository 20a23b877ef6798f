package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// Summarize computes the figures of one run of t.
func Summarize(t *topology.Topology, run *trace.Run) *Result {
	r := &Result{
		Scenario:     run.Scenario,
		Engine:       run.Engine,
		Replications: 1,
		Duration:     Number(run.Duration.Seconds()),
		Events:       run.Played,
		Causes:       causes(run),
		Objectives:   []Verdict{},
		Series:       summarizeSeries(run),
		EventLog:     []Event{},
		Description:  run.Description,
		Warmup:       Number(run.Warmup.Seconds()),
		Spans:        run.Spans,
		Dispensable:  dispensable(t),
		faultsOver:   faultsOver(t, run),
	}
	times := phaseTimes(run.Spans, run.Duration)
	for _, c := range run.Clients {
		r.Clients = append(r.Clients, Entry[*Client]{c.Name, summarizeClient(c, times)})
	}
	for _, c := range run.Components {
		r.Components = append(r.Components, Entry[*Component]{c.Name, summarizeComponent(c)})
	}
	for _, e := range run.Events {
		r.EventLog = append(r.EventLog, Event{Number(e.T.Seconds()), e.Kind, e.Object, e.What})
	}
	r.Warnings = warnings(t, run, r)
	return r
}

// faultsOver is when the last fault of a run was over; 0 if there was none, or not
// until the end.
func faultsOver(t *topology.Topology, run *trace.Run) time.Duration {
	last := time.Duration(0)
	for _, f := range faultsOf(t, run) {
		at, ok := f.Over()
		if !ok || at >= run.Duration {
			return 0
		}
		last = max(last, at)
	}
	return last
}

// faultsOf are the faults of the scenario that a run played.
func faultsOf(t *topology.Topology, run *trace.Run) []*topology.Fault {
	name, _, _ := strings.Cut(run.Scenario, "[")
	for _, s := range slices.Concat(t.Scenarios, t.Library) {
		if s.Name == name {
			return s.Faults
		}
	}
	return nil
}

// causes orders the roots of failures by what they cost.
func causes(run *trace.Run) []Cause {
	sorted := slices.Clone(run.Causes)
	slices.SortFunc(sorted, func(a, b trace.Cause) int {
		return cmp.Or(
			cmp.Compare(b.Failed, a.Failed),
			cmp.Compare(b.Degraded, a.Degraded),
			cmp.Compare(a.Component, b.Component),
			cmp.Compare(a.Reason.String(), b.Reason.String()),
			cmp.Compare(a.Fault, b.Fault),
		)
	})
	list := make([]Cause, 0, len(sorted))
	for _, c := range sorted {
		list = append(list, Cause{c.Component, c.Reason.String(), c.Fault, Number(c.Failed), Number(c.Degraded)})
	}
	return list
}
