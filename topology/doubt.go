package topology

import (
	"fmt"
	"math"
)

// doubt warns of what is correct and yet unlikely to be meant: such a topology
// runs.
func (l *loader) doubt() {
	files := map[string]*file{}
	for _, f := range l.files {
		files[f.name] = f.file
	}
	warn := func(p Pos, width int, rule, message string) {
		f := files[p.File]
		l.warnings.add(f.problem(p.Line, p.Col, width, rule, message))
	}
	if len(l.topology.Traffic) == 0 {
		warn(l.files[0].pos(l.files[0].root), 1, "no-traffic", "there is no traffic: nothing will happen")
	}
	offered := l.topology.offered()
	for i, s := range l.topology.Services {
		instances := 0
		for _, n := range s.Instances {
			instances += n
		}
		if instances == 0 {
			warn(s.Pos, len(s.Name), "no-instances", "the service `"+s.Name+"` has no instances: every request to it fails")
			continue
		}
		if s.Concurrency == Unlimited && s.Cores == 0 {
			continue
		}
		slots := s.Concurrency
		if s.Cores > 0 && (slots == Unlimited || s.Cores < slots) {
			slots = s.Cores
		}
		// Time in calls comes on top for blocking services: this is a lower bound.
		if load := offered[i] / (float64(slots) * float64(instances)); load > 1 && !math.IsInf(load, 0) {
			warn(s.Pos, len(s.Name), "saturated", fmt.Sprintf("the service `%s` is offered %.0f%% of what it can do", s.Name, load*100))
		}
	}
}

// offered returns the mean number of slots that the own work of each service
// needs if every call is made once and answered.
func (t *Topology) offered() []float64 {
	rates := map[Target]float64{}
	for _, traffic := range t.Traffic {
		for _, to := range traffic.To {
			rates[to.Call.To] += traffic.Rate * to.Weight
		}
	}
	busy := make([]float64, len(t.Services))
	for _, at := range t.callersFirst() {
		operation := t.Services[at.Service].Operations[at.Operation]
		if mean := operation.Work.MeanSeconds(); rates[at] > 0 {
			busy[at.Service] += rates[at] * mean
		}
		for _, step := range operation.Steps {
			for _, call := range step {
				rates[call.To] += rates[at] * call.Probability * float64(call.Times)
			}
		}
	}
	return busy
}

// callersFirst orders the operations of a graph without cycles.
func (t *Topology) callersFirst() []Target {
	callers := map[Target]int{}
	t.eachCall(func(_ Target, call *Call) { callers[call.To]++ })
	var order []Target
	for i, s := range t.Services {
		for j := range s.Operations {
			if at := (Target{i, j}); callers[at] == 0 {
				order = append(order, at)
			}
		}
	}
	for i := 0; i < len(order); i++ {
		for _, step := range t.Services[order[i].Service].Operations[order[i].Operation].Steps {
			for _, call := range step {
				if callers[call.To]--; callers[call.To] == 0 {
					order = append(order, call.To)
				}
			}
		}
	}
	return order
}

// eachCall visits all calls between services.
func (t *Topology) eachCall(visit func(from Target, call *Call)) {
	for i, s := range t.Services {
		for j, operation := range s.Operations {
			for _, step := range operation.Steps {
				for _, call := range step {
					visit(Target{i, j}, call)
				}
			}
		}
	}
}
