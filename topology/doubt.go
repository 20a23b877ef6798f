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
		slots := s.Concurrency
		if s.Cores > 0 && (slots == Unlimited || s.Cores < slots) {
			slots = s.Cores
		}
		d.saturated(i, total(s.Instances), slots, offered[i])
	}
	for i, c := range l.topology.Caches {
		at := l.topology.First(CacheKind) + i
		d.saturated(at, total(c.Instances), c.Concurrency, offered[at])
		d.idleCache(at, c)
	}
	for i, s := range l.topology.Stores {
		at, nodes := l.topology.First(StoreKind)+i, total(s.Nodes)
		if !s.Quorum && s.Reads == ReadPrimary {
			nodes = min(nodes, s.Shards) // the others do not answer
		}
		d.saturated(at, nodes, s.Concurrency, offered[at])
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

// idleCache warns of a cache that nobody asks, and of misses that nobody fetches.
func (d *doubter) idleCache(at int, c *Cache) {
	switch {
	case !d.called[at]:
		d.warn(c.Pos, len(c.Name), "no-effect", "nobody asks the cache `"+c.Name+"`")
	case c.InFrontOf == nil && d.callsDirectly(at):
		d.warn(c.Pos, len(c.Name), "no-source", "the cache `"+c.Name+"` is called and is in front of nothing: a miss is answered and fetched by nobody")
	}
}

// callsDirectly tells whether a component is the target of a call, not only
// asked first.
func (d *doubter) callsDirectly(at int) bool {
	found := false
	for _, from := range d.topology.targets() {
		for _, call := range d.topology.CallsOf(from) {
			found = found || call.To.Service == at
		}
	}
	for _, traffic := range d.topology.Traffic {
		for _, to := range traffic.To {
			found = found || to.Call.To.Service == at
		}
	}
	return found
}

// saturated warns of a service that has no instances, or not enough for its own
// work. Time in calls comes on top for blocking services: this is a lower bound.
func (d *doubter) saturated(i, instances, slots int, offered float64) {
	kind, _ := d.topology.Component(i)
	name, p := d.topology.named(i)
	if instances == 0 {
		d.warn(p, len(name), "no-instances", "the "+kind.String()+" `"+name+"` has no instances: every request to it fails")
		return
	}
	if load := offered / (float64(slots) * float64(instances)); slots != Unlimited && load > 1 && !math.IsInf(load, 0) {
		d.warn(p, len(name), "saturated", fmt.Sprintf("the %s `%s` is offered %.0f%% of what it can do", kind, name, load*100))
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

// called tells which components are called or asked first, by clients or by others.
func (t *Topology) called() []bool {
	called := make([]bool, t.Components())
	t.eachCall(func(_ Target, call *Call) { called[call.To.Service] = true })
	for _, traffic := range t.Traffic {
		for _, to := range traffic.To {
			called[to.Call.To.Service] = true
			if to.Call.Cache != nil {
				called[to.Call.Cache.To.Service] = true
			}
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

// offered returns the mean number of slots that the own work of each component
// needs if every call is made once and answered, and caches with keys have all.
func (t *Topology) offered() []float64 {
	rates := map[Target]float64{}
	add := func(rate float64, call *Call) {
		if call.Cache != nil {
			rates[call.Cache.To] += rate
			rate *= t.missed(call.Cache.To)
		}
		rates[call.To] += rate
	}
	for _, traffic := range t.Traffic {
		for _, to := range traffic.To {
			add(traffic.Rate*to.Weight*to.Call.Probability*float64(to.Call.Times), to.Call)
		}
	}
	busy := make([]float64, t.Components())
	for _, at := range t.callersFirst() {
		if mean := t.workOf(at).MeanSeconds(); rates[at] > 0 {
			busy[at.Service] += rates[at] * mean
		}
		for _, call := range t.CallsOf(at) {
			add(rates[at]*call.Probability*float64(call.Times)*t.missed(at), call)
		}
	}
	return busy
}

// missed is the share of the requests to a component that goes on to what is
// behind it, as far as that is known; of caches with keys it is not.
func (t *Topology) missed(at Target) float64 {
	switch k, of := t.Component(at.Service); k {
	case CacheKind:
		if c := t.Caches[of]; c.Knob {
			return 1 - c.HitRate
		}
		return 0
	case CDNKind:
		return 1 - t.CDNs[of].Serves
	default:
		return 1
	}
}

// workOf is a component's own work for a request; what is no fleet has none.
func (t *Topology) workOf(at Target) Distribution {
	switch k, of := t.Component(at.Service); k {
	case ServiceKind:
		return t.Services[of].Operations[at.Operation].Work
	case CacheKind:
		return t.Caches[of].Work
	case StoreKind:
		return t.Stores[of].Work
	default:
		return Distribution{}
	}
}

// callersFirst orders the operations of a graph without cycles.
func (t *Topology) callersFirst() []Target {
	callers := map[Target]int{}
	t.eachCall(func(_ Target, call *Call) { callers[call.To]++ })
	var order []Target
	for _, at := range t.targets() {
		if callers[at] == 0 {
			order = append(order, at)
		}
	}
	for i := 0; i < len(order); i++ {
		for _, call := range t.CallsOf(order[i]) {
			for _, each := range []*Call{call.Cache, call} {
				if each == nil {
					continue
				}
				if callers[each.To]--; callers[each.To] == 0 {
					order = append(order, each.To)
				}
			}
		}
	}
	return order
}

// eachCall visits all calls between components, those to look-aside caches too.
func (t *Topology) eachCall(visit func(from Target, call *Call)) {
	for _, at := range t.targets() {
		for _, call := range t.CallsOf(at) {
			if call.Cache != nil {
				visit(at, call.Cache)
			}
			visit(at, call)
		}
	}
}
