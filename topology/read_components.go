package topology

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// readComponents declares the components of all kinds before it reads any, as
// they refer to each other.
func (l *loader) readComponents() {
	taken := map[string]place{}
	services := l.declare("services", "a service", taken, func(e namedEntry) {
		l.topology.Services = append(l.topology.Services, &Service{Name: e.name, Pos: e.pos(e.key)})
	})
	caches := l.declare("caches", "a cache", taken, func(e namedEntry) {
		l.topology.Caches = append(l.topology.Caches, &Cache{Name: e.name, Pos: e.pos(e.key)})
	})
	stores := l.declare("stores", "a store", taken, func(e namedEntry) {
		l.topology.Stores = append(l.topology.Stores, &Store{Name: e.name, Pos: e.pos(e.key)})
	})
	externals := l.declare("externals", "an external", taken, func(e namedEntry) {
		l.topology.Externals = append(l.topology.Externals, &External{Name: e.name, Pos: e.pos(e.key)})
	})
	cdns := l.declare("cdns", "a cdn", taken, func(e namedEntry) {
		l.topology.CDNs = append(l.topology.CDNs, &CDN{Name: e.name, Pos: e.pos(e.key)})
	})
	if len(l.names) == 0 && len(l.problems.problems) == 0 && len(l.files) > 0 {
		l.files[0].fail(l.files[0].root, "missing-key", "there are no services in any file")
	}
	l.behind = make([][]int, len(caches))
	l.readServices(services)
	for i, e := range caches {
		o, _ := e.open(e.value, e.lang.cache, "the cache `"+e.name+"`")
		l.readCache(e.file, l.topology.Caches[i], o)
	}
	for i, e := range stores {
		o, _ := e.open(e.value, e.lang.store, "the store `"+e.name+"`")
		l.readStore(e.file, l.topology.Stores[i], o)
	}
	for i, e := range externals {
		o, _ := e.open(e.value, e.lang.external, "the external `"+e.name+"`")
		e.readExternal(l.topology.Externals[i], o)
	}
	for i, e := range cdns {
		o, _ := e.open(e.value, e.lang.cdn, "the cdn `"+e.name+"`")
		l.readCDN(e.file, l.topology.CDNs[i], o)
	}
	l.boundInstances(append(append(services, caches...), stores...))
}

// declare makes the components of a kind known by their names.
func (l *loader) declare(section, what string, taken map[string]place, add func(namedEntry)) []namedEntry {
	entries := l.merged(section, what, taken)
	for _, e := range entries {
		l.components[e.name] = len(l.names)
		l.names = append(l.names, e.name)
		add(e)
	}
	return entries
}

func (l *loader) boundInstances(fleets []namedEntry) {
	instances := 0
	for i, e := range fleets {
		for _, n := range l.topology.InstancesOf(i) {
			if instances += n; instances > maxInstances {
				e.fail(e.key, "out-of-range", fmt.Sprintf("all components together can have %d instances at most", maxInstances))
				break
			}
		}
		instances = min(instances, maxInstances)
	}
}

// word is how messages call what a topology is made of.
func (l *loader) word() string {
	if len(l.names) > len(l.topology.Services) {
		return "component"
	}
	return "service"
}

// target resolves component or component.operation.
func (l *loader) target(f *file, n *yaml.Node) (Target, bool) {
	written, ok := f.scalar(n, "the name of a "+l.word())
	if !ok {
		return Target{}, false
	}
	component, operation, dotted := strings.Cut(written, ".")
	i, ok := l.components[component]
	if !ok {
		f.fail(n, "unknown-name", "there is no "+l.word()+" `"+clip(component)+"`; "+f.hint(component, l.names))
		return Target{}, false
	}
	if !dotted {
		return Target{Service: i}, true
	}
	var names []string
	for j, name := range l.topology.operationsOf(i) {
		if name == operation && operation != "" {
			return Target{Service: i, Operation: j}, true
		}
		if name != "" {
			names = append(names, name)
		}
	}
	kind, _ := l.topology.Component(i)
	if len(names) == 0 {
		f.fail(n, "unknown-name", "the "+kind.String()+" `"+component+"` has no operations; write `"+component+"`")
	} else {
		f.fail(n, "unknown-name", "the "+kind.String()+" `"+component+"` has no operation `"+clip(operation)+"`; "+f.hint(operation, names))
	}
	return Target{}, false
}

// operationsOf are the names of a component's operations, by their indices; ""
// is one without a name.
func (t *Topology) operationsOf(i int) []string {
	switch k, of := t.Component(i); k {
	case ServiceKind:
		var names []string
		for _, o := range t.Services[of].Operations {
			names = append(names, o.Name)
		}
		return names
	case StoreKind:
		return storeOperations()
	default:
		return []string{""}
	}
}

// component resolves the name of a component of a kind; -1 if there is none.
func (l *loader) component(f *file, n *yaml.Node, want Kind) int {
	written, ok := f.scalar(n, "the name of "+want.a())
	if !ok {
		return -1
	}
	i, ok := l.components[written]
	if !ok {
		first := l.topology.First(want)
		f.fail(n, "unknown-name", "there is no "+want.String()+" `"+clip(written)+"`; "+f.hint(written, l.names[first:first+l.topology.Count(want)]))
		return -1
	}
	if kind, _ := l.topology.Component(i); kind != want {
		f.fail(n, "unknown-name", "`"+written+"` is "+kind.a()+", not "+want.a())
		return -1
	}
	return i
}
