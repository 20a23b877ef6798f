package topology

import (
	"slices"

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
			l.checkSame(f, item, s.Faults)
		}
	}
	return s
}

// checkSame: the last of the faults may have the same zone as the one before it
// only if that has one.
func (l *loader) checkSame(f *file, n *yaml.Node, faults []*Fault) {
	last := faults[len(faults)-1]
	isSame := func(c *Choice) bool { return c.Same }
	if !slices.ContainsFunc(last.Choices(), isSame) {
		return
	}
	if len(faults) > 1 {
		before := faults[len(faults)-2]
		if _, ok := before.OneZone(); ok || slices.ContainsFunc(before.Choices(), func(c *Choice) bool { return !c.Region }) {
			return
		}
	}
	f.fail(n, "missing-key", "`same` is the zone of the fault before it, which has none")
}
