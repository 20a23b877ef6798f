package topology

import (
	"gopkg.in/yaml.v3"
)

// Options of Load.
type Options struct {
	// Library holds files of scenarios that come with the program. A scenario of
	// the same name in the sources takes the place of the library's.
	Library []Source
}

// Load reads, merges and checks sources. The error, if any, is of type Errors
// and holds all problems. The result has every default filled in; what is
// doubtful about it is in its Warnings.
func Load(sources []Source, opts Options) (*Topology, error) {
	l := &loader{
		lang:       newLanguage(),
		topology:   &Topology{Simulation: defaultSimulation(), Network: defaultNetwork()},
		components: map[string]int{},
		zones:      map[string]int{},
		order:      map[string]int{},
	}
	for _, source := range sources {
		l.add(source, false)
	}
	for _, source := range opts.Library {
		l.add(source, true)
	}
	if len(sources) == 0 {
		l.problems.add(Problem{Rule: "empty-file", Message: "there is no input"})
	}
	// With half of the names unread, the rest would be nothing but dangling.
	if len(l.problems.problems) == 0 || l.allParsed() {
		l.read()
	}
	if len(l.problems.problems) > 0 {
		return nil, Errors(l.problems.sorted(l.order))
	}
	l.topology.Warnings = l.warnings.sorted(l.order)
	return l.topology, nil
}

// loader holds what is known while sources are read.
type loader struct {
	topology *Topology
	lang     *language
	files    []*opened
	order    map[string]int // of files by name
	problems collector
	warnings collector

	components map[string]int // by name: their index
	names      []string       // of the components
	zones      map[string]int // by name, into the zones of all regions
	zoneNames  []string

	asides        []aside
	behind        [][]int // per cache: what the calls that ask it first are to
	trafficNames  []string
	scenarioNames []string
	leftOut       map[string][]Problem // library scenarios that do not apply, and why
	simulationPos Pos                  // of what says how long a window is, if anything does
}

// opened is a file whose top-level keys are read.
type opened struct {
	*file
	top fields
}

// place is a node together with its file.
type place struct {
	file *file
	node *yaml.Node
}

func (l *loader) add(source Source, library bool) {
	f := &opened{file: &file{name: source.Name, library: library, lang: l.lang, out: &l.problems, warned: &l.warnings}}
	if _, ok := l.order[f.name]; !ok {
		l.order[f.name] = len(l.files)
	}
	l.files = append(l.files, f)
	f.parse(source.Data)
	if f.root == nil {
		return
	}
	f.apply(source.changes)
	f.top, _ = f.open(deref(f.root), f.lang.file, "a topology")
	if n := f.top.get("version"); n != nil {
		f.checkVersion(n)
	}
}

func (l *loader) allParsed() bool {
	for _, f := range l.files {
		if f.root == nil {
			return false
		}
	}
	return true
}

func (f *file) checkVersion(n *yaml.Node) {
	if n.Kind != yaml.ScalarNode || n.Value != "1" || n.ShortTag() != "!!int" {
		f.fail(n, "version", "the version is `1`, not "+kindOf(n))
	}
}

// read goes from what is referred to to what refers.
func (l *loader) read() {
	l.readHead()
	l.readZones()
	l.readNetwork()
	l.readComponents()
	l.readTraffic()
	l.checkCaches()
	l.readSimulation()
	l.readScenarios()
	l.readObjectives()
	if len(l.problems.problems) == 0 {
		l.checkBounds()
		l.checkGraph()
	}
	if len(l.problems.problems) == 0 {
		l.doubt()
	}
}

// readHead takes the first name and description: with several files, those of
// the one that is given first.
func (l *loader) readHead() {
	for _, f := range l.files {
		name, description := f.title(f.top.get("name")), f.note(f.top.get("description"))
		if f.library {
			l.checkLibrary(f)
			continue
		}
		if l.topology.Name == "" {
			l.topology.Name = name
		}
		if l.topology.Description == "" {
			l.topology.Description = description
		}
	}
}

// checkLibrary refuses what would change the user's system.
func (l *loader) checkLibrary(f *opened) {
	for _, key := range f.lang.file.accepted() {
		switch key {
		case "version", "name", "description", "scenarios":
		default:
			if k := f.top.keys[key]; k != nil {
				f.fail(k, "conflict", "a library holds scenarios only, not `"+key+"`")
			}
		}
	}
}

// section returns a top-level value that only one file may have.
func (l *loader) section(names ...string) (found place, name string) {
	for _, f := range l.files {
		for _, key := range names {
			n := f.top.get(key)
			if n == nil || f.library {
				continue
			}
			k := f.top.keys[key]
			if found.node != nil {
				first := found.file.pos(found.node)
				f.fail(k, "duplicate-name", "`"+key+"` is already given: `"+name+"` at "+where(first, f.file))
				continue
			}
			found, name = place{f.file, n}, key
		}
	}
	return found, name
}

// where writes a position, with its file if that is another one.
func where(p Pos, from *file) string {
	text := formatInt(p.Line) + ":" + formatInt(p.Col)
	if p.File != from.name {
		return p.File + ":" + text
	}
	return text
}

// namedEntry is one entry of a section that files share.
type namedEntry struct {
	*file
	key, value *yaml.Node
	name       string
}

// merged lists the entries of a section in all files. What bears a name that is
// already taken is reported; taken gives the first place of each name.
func (l *loader) merged(section, what string, taken map[string]place) []namedEntry {
	var all []namedEntry
	for _, f := range l.files {
		n := f.top.get(section)
		if n == nil || f.library {
			continue
		}
		all = append(all, f.declared(n, section, what, taken)...)
	}
	return all
}

func (f *file) declared(n *yaml.Node, section, what string, taken map[string]place) []namedEntry {
	var all []namedEntry
	for _, entry := range f.entries(n, "`"+section+"`") {
		name, _ := f.newName(entry.key, what)
		if name == "" {
			continue
		}
		if before, ok := taken[name]; ok {
			f.fail(entry.key, "duplicate-name", "the name `"+name+"` is already taken at "+where(before.file.pos(before.node), f))
			continue
		}
		taken[name] = place{f, entry.key}
		all = append(all, namedEntry{f, entry.key, entry.value, name})
	}
	return all
}

func namesOf(entries []namedEntry) []string {
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.name
	}
	return names
}
