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
		Services: l.selectedServices(f, o.get("services")),
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
	return s
}

// selectedServices resolves a list of services; "*", or absent, gives nil.
func (l *loader) selectedServices(f *file, n *yaml.Node) []int {
	if isAll(n) {
		return nil
	}
	return f.selected(n, "services", "", func(item *yaml.Node) int {
		return f.indexOf(item, "service", l.services, l.serviceNames)
	})
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

// chosen reads a list, "*", each or random.
func (f *file) chosen(n *yaml.Node, what string, resolve func(*yaml.Node) int) Choice {
	switch {
	case isAll(n):
		return Choice{}
	case n.Kind == yaml.ScalarNode && n.Value == "each":
		return Choice{Each: true}
	case n.Kind == yaml.ScalarNode && n.Value == "random":
		return Choice{Random: true}
	}
	return Choice{Of: f.selected(n, what, eachRandom, resolve)}
}

// one reads each, random or one name.
func (f *file) one(n *yaml.Node, resolve func(*yaml.Node) int) Choice {
	if n.Kind == yaml.ScalarNode {
		switch n.Value {
		case "each":
			return Choice{Each: true}
		case "random":
			return Choice{Random: true}
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
	i, isService := l.services[service]
	whole := func() []Target {
		f.fail(n, "unknown-name", "`"+clip(written)+"` is not an operation; select the service by `services: ["+service+"]`")
		return nil
	}
	if dotted {
		if isService && l.topology.Services[i].Operations[0].Name == "" {
			return whole()
		}
		at, ok := l.target(f, n)
		if ok && services != nil && !slices.Contains(services, at.Service) {
			f.fail(n, "conflict", "`"+clip(written)+"` is not an operation of the selected `services`")
		} else if ok {
			return []Target{at}
		}
		return nil
	}
	var found []Target
	var names []string
	for _, i := range listed(services, len(l.topology.Services)) {
		for j, o := range l.topology.Services[i].Operations {
			if o.Name == written && written != "" {
				found = append(found, Target{i, j})
			}
			if o.Name != "" {
				names = append(names, o.Name)
			}
		}
	}
	if found == nil && isService {
		return whole()
	}
	if found == nil {
		f.fail(n, "unknown-name", "no selected service has an operation `"+clip(written)+"`; "+f.hint(written, names))
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
