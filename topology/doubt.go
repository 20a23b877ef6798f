package topology

import (
	"fmt"
	"math"
)

// doubt warns of what is correct and yet unlikely to be meant: such a topology
// runs.
func (l *loader) doubt() {
	d := doubter{loader: l, files: map[string]*file{}, called: l.topology.called()}
	for _, f := range l.files {
		d.files[f.name] = f.file
	}
	if len(l.topology.Traffic) == 0 {
		d.warn(l.files[0].pos(l.files[0].root), 1, "no-traffic", "there is no traffic: nothing will happen")
	}
	offered := l.topology.offered()
	for i, s := range l.topology.Services {
		d.idle(i, s)
		d.saturated(s, offered[i])
	}
}

type doubter struct {
	*loader
	files  map[string]*file
	called []bool // services that anybody calls
}

func (d *doubter) warn(p Pos, width int, rule, message string) {
	d.warnings.add(d.files[p.File].problem(p.Line, p.Col, width, rule, message))
}

// saturated warns of a service that has no instances, or not enough for its own
// work. Time in calls comes on top for blocking services: this is a lower bound.
func (d *doubter) saturated(s *Service, offered float64) {
	instances := 0
	for _, n := range s.Instances {
		instances += n
	}
	slots := s.Concurrency
	if s.Cores > 0 && (slots == Unlimited || s.Cores < slots) {
		slots = s.Cores
	}
	if instances == 0 {
		d.warn(s.Pos, len(s.Name), "no-instances", "the service `"+s.Name+"` has no instances: every request to it fails")
		return
	}
	if load := offered / (float64(slots) * float64(instances)); slots != Unlimited && load > 1 && !math.IsInf(load, 0) {
		d.warn(s.Pos, len(s.Name), "saturated", fmt.Sprintf("the service `%s` is offered %.0f%% of what it can do", s.Name, load*100))
	}
}

// idle warns of keys of a service that nothing ever asks for.
func (d *doubter) idle(i int, s *Service) {
	var keys []string
	note := func(used bool, key string) {
		if used {
			keys = append(keys, key)
		}
	}
	note(s.PerCaller, "balancer")
	note(s.FailOpen, "panic_threshold")
	note(s.Ejection != nil, "outlier_ejection")
	if !d.called[i] && len(keys) > 0 {
		d.warn(s.Pos, len(s.Name), "no-effect", "nobody calls the service `"+s.Name+"`: "+enumerate(keys)+" have no effect")
	}
	calls := 0
	for _, o := range s.Operations {
		calls += len(o.Steps)
	}
	if s.Tolerant && calls == 0 {
		d.warn(s.Pos, len(s.Name), "no-effect", "the service `"+s.Name+"` calls nobody: `reads` has no effect")
	}
	if s.Queue.Order == ByPriority && !d.topology.severalPriorities() {
		d.warn(s.Pos, len(s.Name), "no-effect", "the service `"+s.Name+"` orders its queue by priority, and all traffic has the same: it is fifo")
	}
}

// called tells which services are called, by clients or by others.
func (t *Topology) called() []bool {
	called := make([]bool, len(t.Services))
	t.eachCall(func(_ Target, call *Call) { called[call.To.Service] = true })
	for _, traffic := range t.Traffic {
		for _, to := range traffic.To {
			called[to.Call.To.Service] = true
		}
	}
	return called
}

func (t *Topology) severalPriorities() bool {
	for _, traffic := range t.Traffic {
		if traffic.Priority != t.Traffic[0].Priority {
			return true
		}
	}
	return false
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
