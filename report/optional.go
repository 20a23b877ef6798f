package report

import (
	"slices"

	"github.com/silverback-sim/silverback/topology"
)

// dispensable lists the services that no request needs: all that clients do not
// reach through calls which are neither optional nor have a fallback. When they
// cannot cope, answers are degraded; they do not bound what the system carries.
func dispensable(t *topology.Topology) []string {
	needed := make([]bool, len(t.Services))
	visited := map[*topology.Operation]bool{}
	var visit func(target topology.Target)
	visit = func(target topology.Target) {
		operation := t.Services[target.Service].Operations[target.Operation]
		if visited[operation] {
			return
		}
		visited[operation], needed[target.Service] = true, true
		for _, call := range slices.Concat(operation.Steps...) {
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
	for i, service := range t.Services {
		if !needed[i] {
			names = append(names, service.Name)
		}
	}
	return names
}
