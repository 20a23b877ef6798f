package topology

import (
	"time"

	"gopkg.in/yaml.v3"
)

// readScenarios reads the users' scenarios and then those of the library that
// bear other names.
func (l *loader) readScenarios() {
	taken := map[string]place{}
	for _, entry := range l.merged("scenarios", "a scenario", taken) {
		if entry.name == "none" || entry.name == "all" {
			entry.fail(entry.key, "bad-name", "a scenario cannot be called `"+entry.name+"`: the word has a meaning of its own")
		}
		l.topology.Scenarios = append(l.topology.Scenarios, l.scenario(entry))
		l.scenarioNames = append(l.scenarioNames, entry.name)
	}
	for _, f := range l.files {
		n := f.top.get("scenarios")
		if n == nil || !f.library {
			continue
		}
		for _, entry := range f.declared(n, "scenarios", "a scenario", map[string]place{}) {
			if _, ok := taken[entry.name]; ok {
				continue
			}
			taken[entry.name] = place{f.file, entry.key}
			l.libraryScenario(entry)
		}
	}
}

// libraryScenario reads a scenario that was not written for this topology: if
// it speaks of components that are not there, it is left out, and missed only
// by those who name it.
func (l *loader) libraryScenario(entry namedEntry) {
	var found collector
	f := *entry.file
	f.out = &found
	entry.file = &f
	scenario := l.scenario(entry)
	applies := true
	for _, p := range found.problems {
		if p.Rule == "unknown-name" {
			applies = false
			continue
		}
		l.problems.add(p)
	}
	if applies {
		l.topology.Library = append(l.topology.Library, scenario)
		l.scenarioNames = append(l.scenarioNames, entry.name)
		return
	}
	if l.leftOut == nil {
		l.leftOut = map[string][]Problem{}
	}
	l.leftOut[entry.name] = found.problems
}

func (l *loader) scenario(entry namedEntry) *Scenario {
	f := entry.file
	s := &Scenario{Name: entry.name, Pos: f.pos(entry.key)}
	o, _ := f.open(entry.value, f.lang.scenario, "the scenario `"+s.Name+"`")
	s.Description = f.note(o.get("description"))
	n := o.get("faults")
	if n == nil {
		return s
	}
	for _, item := range f.items(n, "`faults`") {
		if fault := l.fault(f, item); fault != nil {
			s.Faults = append(s.Faults, fault)
		}
	}
	return s
}

func (l *loader) fault(f *file, n *yaml.Node) *Fault {
	o, ok := f.open(n, f.lang.fault, "a fault")
	if !ok {
		return nil
	}
	fault := &Fault{Pos: f.pos(n), At: f.duration(o.get("at"), 0, 0), For: f.duration(o.get("for"), 0, 1)}
	if end := l.topology.Simulation.Duration; o.get("at") != nil && fault.At >= end {
		f.warn(o.get("at"), "no-effect", "the fault begins when the run, of "+FormatDuration(end)+", is over")
	}
	kind := f.exactlyOne(o, f.lang.fault.only, "a fault")
	value := o.get(kind)
	if value == nil {
		return nil
	}
	switch kind {
	case "monkey":
		fault.Monkey = l.monkey(f, value)
	case "gorilla":
		fault.Gorilla = l.gorilla(f, value)
	default:
		fault.Kill = l.kill(f, value)
	}
	return fault
}

// minEvery bounds how often a monkey fires.
const minEvery = time.Millisecond

func (l *loader) monkey(f *file, n *yaml.Node) *Monkey {
	o, _ := f.open(n, f.lang.monkey, "`monkey`")
	every := f.duration(o.get("every"), time.Minute, 1)
	if every < minEvery {
		f.fail(o.get("every"), "out-of-range", "a monkey fires once in "+FormatDuration(minEvery)+" at most")
	}
	return &Monkey{
		Selection:   l.selection(f, o),
		Every:       every,
		Probability: f.share(o.get("probability"), 1),
		MaxPerRun:   f.count(o.get("max_per_run"), 1, 1, maxInstances),
		PerZone:     f.word(o.get("group_by"), f.lang.monkey.find("group_by").value, "service") == "service_zone",
		Mode:        f.mode(o.get("mode")),
	}
}

func (l *loader) gorilla(f *file, n *yaml.Node) *Gorilla {
	o, _ := f.open(n, f.lang.gorilla, "`gorilla`")
	g := &Gorilla{
		RefuseCapacityElsewhere: f.share(o.get("refuse_capacity_elsewhere"), 0),
		Restart:                 f.boolean(o.get("restart"), true),
		Mode:                    f.mode(o.get("mode")),
	}
	if n := o.get("zone"); n != nil {
		g.Zone = l.zoneChoice(f, n)
	}
	return g
}

func (l *loader) zoneChoice(f *file, n *yaml.Node) Choice {
	if n.Kind == yaml.ScalarNode {
		switch n.Value {
		case "each":
			return Choice{Each: true}
		case "random":
			return Choice{Random: true}
		}
	}
	return Choice{Of: []int{max(l.zone(f, n), 0)}}
}

func (l *loader) kill(f *file, n *yaml.Node) *Kill {
	o, _ := f.open(n, f.lang.kill, "`kill`")
	k := &Kill{Selection: l.selection(f, o), Mode: f.mode(o.get("mode"))}
	if n := o.get("count"); n != nil {
		k.Count = f.count(n, 1, 1, maxInstances)
	} else {
		k.Share = f.share(o.get("share"), 1)
	}
	switch {
	case o.has("count") && o.has("share"):
		f.fail(o.keys["share"], "conflict", "`kill` has either a `count` or a `share`")
	case n.Kind == yaml.MappingNode && len(o.keys) == 0:
		f.fail(n, "missing-key", "`kill` needs a selection: "+enumerate([]string{"services", "zones", "count", "share"}))
	}
	return k
}

func (f *file) mode(n *yaml.Node) DeathMode {
	switch f.word(n, f.lang.kill.find("mode").value, "") {
	case "refuse":
		return Refuse
	case "blackhole":
		return Blackhole
	default:
		return DefaultMode
	}
}

func (l *loader) selection(f *file, o fields) Selection {
	return Selection{
		Services: l.selectedServices(f, o.get("services")),
		Zones:    Choice{Of: l.selectedZones(f, o.get("zones"))},
		Share:    1,
	}
}

// selectedServices resolves a list of services, or "*"; all, or absent, gives nil.
func (l *loader) selectedServices(f *file, n *yaml.Node) []int {
	if isAll(n) {
		return nil
	}
	return f.selected(n, "services", func(item *yaml.Node) int {
		name, ok := f.scalar(item, "the name of a service")
		if !ok {
			return -1
		}
		i, ok := l.services[name]
		if !ok {
			f.fail(item, "unknown-name", "there is no service `"+clip(name)+"`; "+f.hint(name, l.serviceNames))
			return -1
		}
		return i
	})
}

// selectedZones resolves a list of zones; all, or absent, gives nil.
func (l *loader) selectedZones(f *file, n *yaml.Node) []int {
	if isAll(n) {
		return nil
	}
	return f.selected(n, "zones", func(item *yaml.Node) int { return l.zone(f, item) })
}

func isAll(n *yaml.Node) bool {
	return n == nil || n.Kind == yaml.ScalarNode && n.Value == "*"
}

// selected resolves the names of a list; resolve returns -1 for an unknown one.
func (f *file) selected(n *yaml.Node, what string, resolve func(*yaml.Node) int) []int {
	if n.Kind != yaml.SequenceNode {
		f.fail(n, "wrong-kind", "`"+what+"` is a list of names such as [a, b], or \"*\", not "+kindOf(n))
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
