package topology

import (
	"fmt"
	"strings"
)

// maxCallsPerRequest bounds what one request of a client sets off, on average
// and without retries.
const maxCallsPerRequest = 1e6

// graph is the call graph between operations.
type graph struct {
	topology *Topology
	state    map[Target]visit
	path     []Target
	calls    map[Target]float64 // that one request sets off, itself included
	cycle    func(call *Call, path []Target)
}

type visit uint8

const (
	unseen visit = iota
	underWay
	done
)

// checkGraph reports cycles of calls, which would never end, and requests that
// set off absurdly many calls.
func (l *loader) checkGraph() {
	files := map[string]*file{}
	for _, f := range l.files {
		files[f.name] = f.file
	}
	g := &graph{topology: l.topology, state: map[Target]visit{}, calls: map[Target]float64{}}
	g.cycle = func(call *Call, path []Target) {
		f := files[call.Pos.File]
		f.report(call.Pos.Line, call.Pos.Col, 1, "cycle", "the calls go round in a circle: "+g.names(path))
	}
	for _, at := range l.topology.targets() {
		if calls := g.visit(at); calls > maxCallsPerRequest && len(l.problems.problems) == 0 {
			p := l.topology.posOf(at)
			files[p.File].report(p.Line, p.Col, 1, "out-of-range",
				fmt.Sprintf("one request to `%s` sets off more than a million calls", g.name(at)))
		}
	}
}

// visit walks the graph depth first and returns the calls per request.
func (g *graph) visit(at Target) float64 {
	if g.state[at] == done {
		return g.calls[at]
	}
	g.state[at] = underWay
	g.path = append(g.path, at)
	total := 1.0
	for _, call := range g.topology.CallsOf(at) {
		for _, each := range []*Call{call.Cache, call} {
			switch {
			case each == nil:
			case g.state[each.To] == underWay:
				g.cycle(each, g.circle(each.To))
			default:
				total = min(total+call.Probability*float64(call.Times)*g.visit(each.To), 1e30)
			}
		}
	}
	g.path = g.path[:len(g.path)-1]
	g.state[at], g.calls[at] = done, total
	return total
}

// circle is the end of the path from a node on, and back to it.
func (g *graph) circle(from Target) []Target {
	start := len(g.path) - 1
	for g.path[start] != from {
		start--
	}
	return append(append([]Target{}, g.path[start:]...), from)
}

// names writes a path; a long one without its middle.
func (g *graph) names(path []Target) string {
	const ends = 10
	var names []string
	for i, at := range path {
		switch {
		case len(path) <= 2*ends || i < ends || i >= len(path)-ends:
			names = append(names, g.name(at))
		case i == ends:
			names = append(names, "…")
		}
	}
	return strings.Join(names, " -> ")
}

func (g *graph) name(at Target) string {
	if len(g.topology.operationsOf(at.Service)) == 1 {
		return g.topology.ComponentName(at.Service)
	}
	return g.topology.TargetName(at)
}

// targets are all operations of all components.
func (t *Topology) targets() []Target {
	var all []Target
	for i := range t.Components() {
		for j := range t.operationsOf(i) {
			all = append(all, Target{i, j})
		}
	}
	return all
}

// posOf is where an operation is written.
func (t *Topology) posOf(at Target) Pos {
	if at.Service < len(t.Services) {
		return t.Services[at.Service].Operations[at.Operation].Pos
	}
	_, p := t.named(at.Service)
	return p
}
