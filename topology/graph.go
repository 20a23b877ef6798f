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
	for i, s := range l.topology.Services {
		for j, operation := range s.Operations {
			calls := g.visit(Target{i, j})
			if calls > maxCallsPerRequest && len(l.problems.problems) == 0 {
				f := files[operation.Pos.File]
				f.report(operation.Pos.Line, operation.Pos.Col, 1, "out-of-range",
					fmt.Sprintf("one request to `%s` sets off more than a million calls", g.name(Target{i, j})))
			}
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
	for _, step := range g.topology.Services[at.Service].Operations[at.Operation].Steps {
		for _, call := range step {
			if g.state[call.To] == underWay {
				g.cycle(call, g.circle(call.To))
				continue
			}
			total = min(total+call.Probability*float64(call.Times)*g.visit(call.To), 1e30)
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
	s := g.topology.Services[at.Service]
	if len(s.Operations) == 1 {
		return s.Name
	}
	return s.Name + "." + s.Operations[at.Operation].Name
}
