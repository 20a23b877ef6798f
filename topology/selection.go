package topology

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// selection reads whom a fault strikes; keys that the fault does not have are
// absent.
func (l *loader) selection(f *file, o fields) Selection {
	s := Selection{
		Services: l.selectedComponents(f, o),
		Zones:    l.selectedZones(f, o.get("zones")),
		Regions:  l.selectedRegions(f, o.get("regions")),
		Share:    1,
	}
	if n := o.get("operations"); !isAll(n) {
		s.Operations = l.selectedOperations(f, n, s.Services)
		if s.Services == nil {
			s.Services = servicesOf(s.Operations)
		}
	}
	if n := o.get("count"); n != nil {
		s.Count = f.count(n, 1, 1, maxInstances)
	} else {
		s.Share = f.share(o.get("share"), 1)
	}
	if o.has("count") && o.has("share") {
		f.fail(o.keys["share"], "conflict", "a selection has either a `count` or a `share`")
	}
	if n := o.get("share"); n != nil && s.Share == 0 && !o.has("count") {
		f.warn(n, "no-effect", "a share of 0% selects nobody")
	}
	l.checkPlaces(f, o, &s)
	return s
}

// kinds of components in the order of their indices.
func kinds() []Kind { return []Kind{ServiceKind, CacheKind, StoreKind, ExternalKind, CDNKind} }

// selectedComponents resolves the lists of components of each kind; all of
// everything, or no list at all, gives nil.
func (l *loader) selectedComponents(f *file, o fields) []int {
	var found []int
	named, all := false, true
	for _, k := range kinds() {
		key, count := k.String()+"s", l.topology.Count(k)
		n := o.get(key)
		switch {
		case n == nil:
			all = all && count == 0
		case !isAll(n):
			named, all = true, false
			found = append(found, f.selected(n, key, "", func(item *yaml.Node) int { return l.component(f, item, k) })...)
		case count == 0:
			named = true
			f.fail(n, "unknown-name", "there are no "+key)
		default:
			named = true
			for i := range count {
				found = append(found, l.topology.First(k)+i)
			}
		}
	}
	if !named || all {
		return nil
	}
	return found
}

// checkPlaces refuses to choose places and instances of what has none.
func (l *loader) checkPlaces(f *file, o fields, s *Selection) {
	for _, i := range s.Services {
		kind, _ := l.topology.Component(i)
		if kind != ExternalKind && kind != CDNKind {
			continue
		}
		keys := []string{"zones", "regions"}
		if kind == ExternalKind {
			keys = append(keys, "count", "share")
		}
		for _, key := range keys {
			if k := o.keys[key]; k != nil {
				f.fail(k, "conflict", kind.a()+" stands outside the zones, without instances there: `"+key+"` cannot choose among them")
			}
		}
		return
	}
}

// selectedTraffic resolves a list of traffics; "*", or absent, gives nil.
func (l *loader) selectedTraffic(f *file, n *yaml.Node) []int {
	if isAll(n) {
		return nil
	}
	indices := map[string]int{}
	for i, name := range l.trafficNames {
		indices[name] = i
	}
	return f.selected(n, "traffic", "", func(item *yaml.Node) int {
		return f.indexOf(item, "traffic", indices, l.trafficNames)
	})
}

// indexOf resolves a name; it returns -1 if there is none.
func (f *file) indexOf(n *yaml.Node, what string, indices map[string]int, names []string) int {
	written, ok := f.scalar(n, "the name of a "+what)
	if !ok {
		return -1
	}
	i, ok := indices[written]
	if !ok {
		f.fail(n, "unknown-name", "there is no "+what+" `"+clip(written)+"`; "+f.hint(written, names))
		return -1
	}
	return i
}

// eachRandom are the choices that lists of zones and regions have besides.
const eachRandom = ", `each`, `random`"

func (l *loader) selectedZones(f *file, n *yaml.Node) Choice {
	return f.chosen(n, "zones", func(item *yaml.Node) int { return l.zone(f, item) })
}

func (l *loader) selectedRegions(f *file, n *yaml.Node) Choice {
	c := f.chosen(n, "regions", func(item *yaml.Node) int { return l.region(f, item) })
	c.Region = true
	return c
}

// chosen reads a list, "*", each, random or, of zones, same.
func (f *file) chosen(n *yaml.Node, what string, resolve func(*yaml.Node) int) Choice {
	switch {
	case isAll(n):
		return Choice{}
	case n.Kind == yaml.ScalarNode && n.Value == "each":
		return Choice{Each: true}
	case n.Kind == yaml.ScalarNode && n.Value == "random":
		return Choice{Random: true}
	case n.Kind == yaml.ScalarNode && n.Value == "same" && what == "zones":
		return Choice{Same: true}
	}
	return Choice{Of: f.selected(n, what, eachRandom, resolve)}
}

// one reads each, random, same or one name.
func (f *file) one(n *yaml.Node, resolve func(*yaml.Node) int) Choice {
	if n.Kind == yaml.ScalarNode {
		switch n.Value {
		case "each":
			return Choice{Each: true}
		case "random":
			return Choice{Random: true}
		case "same":
			return Choice{Same: true}
		}
	}
	return Choice{Of: []int{max(resolve(n), 0)}}
}

func isAll(n *yaml.Node) bool {
	return n == nil || n.Kind == yaml.ScalarNode && n.Value == "*"
}

// selected resolves the names of a list; resolve returns -1 for an unknown one.
func (f *file) selected(n *yaml.Node, what, besides string, resolve func(*yaml.Node) int) []int {
	if n.Kind != yaml.SequenceNode {
		f.fail(n, "wrong-kind", "`"+what+"` is a list of names such as [a, b]"+besides+" or \"*\", not "+kindOf(n))
		return nil
	}
	var found []int
	seen := map[int]bool{}
	for _, item := range n.Content {
		item = deref(item)
		i := resolve(item)
		switch {
		case i < 0:
		case seen[i]:
			f.fail(item, "duplicate-name", "`"+item.Value+"` is selected twice")
		default:
			seen[i] = true
			found = append(found, i)
		}
	}
	if len(n.Content) == 0 {
		f.fail(n, "missing-key", "`"+what+"` selects nothing; write \"*\" for all")
	}
	return found
}

// selectedOperations resolves service.operation, or the name of an operation of
// the selected services (nil = all), which several of them may have.
func (l *loader) selectedOperations(f *file, n *yaml.Node, services []int) []Target {
	if n.Kind != yaml.SequenceNode {
		f.fail(n, "wrong-kind", "`operations` is a list such as [edge.browse, play] or \"*\", not "+kindOf(n))
		return nil
	}
	var found []Target
	for _, item := range n.Content {
		item = deref(item)
		written, ok := f.scalar(item, "the name of an operation")
		if !ok {
			continue
		}
		for _, at := range l.operationsNamed(f, item, written, services) {
			if slices.Contains(found, at) {
				f.fail(item, "duplicate-name", "`"+clip(written)+"` is selected twice")
				break
			}
			found = append(found, at)
		}
	}
	if len(n.Content) == 0 {
		f.fail(n, "missing-key", "`operations` selects nothing; write \"*\" for all")
	}
	return found
}

func (l *loader) operationsNamed(f *file, n *yaml.Node, written string, services []int) []Target {
	service, _, dotted := strings.Cut(written, ".")
	i, isService := l.components[service]
	whole := func() []Target {
		kind, _ := l.topology.Component(i)
		f.fail(n, "unknown-name", "`"+clip(written)+"` is not an operation; select the "+kind.String()+" by `"+kind.String()+"s: ["+service+"]`")
		return nil
	}
	if dotted {
		if operations := l.topology.operationsOf(max(i, 0)); isService && operations[len(operations)-1] == "" {
			return whole()
		}
		at, ok := l.target(f, n)
		if ok && services != nil && !slices.Contains(services, at.Service) {
			f.fail(n, "conflict", "`"+clip(written)+"` is not an operation of the selected "+l.word()+"s")
		} else if ok {
			return []Target{at}
		}
		return nil
	}
	var found []Target
	var names []string
	for _, i := range listed(services, l.topology.Components()) {
		for j, name := range l.topology.operationsOf(i) {
			if name == written && written != "" {
				found = append(found, Target{i, j})
			}
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if found == nil && isService {
		return whole()
	}
	if found == nil {
		f.fail(n, "unknown-name", "no selected "+l.word()+" has an operation `"+clip(written)+"`; "+f.hint(written, names))
	}
	return found
}

// servicesOf lists the services of operations, each once.
func servicesOf(operations []Target) []int {
	var services []int
	for _, at := range operations {
		if !slices.Contains(services, at.Service) {
			services = append(services, at.Service)
		}
	}
	return services
}
