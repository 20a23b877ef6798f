package report

import (
	"github.com/silverback-sim/silverback/topology"
)

// dispensable lists the fleets that no request needs: all that clients do not
// reach through calls which are neither optional nor have a fallback. When they
// cannot cope, answers are degraded; they do not bound what the system carries.
func dispensable(t *topology.Topology) []string {
	needed := make([]bool, t.Components())
	visited := map[topology.Target]bool{}
	var visit func(target topology.Target)
	visit = func(target topology.Target) {
		if visited[target] {
			return
		}
		visited[target], needed[target.Service] = true, true
		for _, call := range t.CallsOf(target) {
			if !call.Optional && call.Fallback == nil {
				visit(call.To)
			}
		}
	}
	for _, traffic := range t.Traffic {
		for _, to := range traffic.To {
			visit(to.Call.To)
		}
	}
	var names []string
	for i := range t.Fleets() {
		if !needed[i] {
			names = append(names, t.ComponentName(i))
		}
	}
	return names
}
