package topology

import (
	"slices"
	"sort"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// The zone of a topology that names none.
const defaultZone = "zone-a"

// maxZones bounds the zones of all regions: the engine knows them by
// one byte.
const maxZones = 255

func (l *loader) readZones() {
	section, name := l.section("zones", "regions")
	taken := map[string]place{}
	switch name {
	case "":
		l.topology.Regions = []Region{{Zones: []string{defaultZone}}}
	case "zones":
		f := section.file
		l.topology.Regions = []Region{{Zones: f.zoneList(section.node, taken), Pos: f.pos(section.node)}}
	default:
		l.readRegions(section, taken)
	}
	l.zoneNames = l.topology.ZoneNames()
	for i, zone := range l.zoneNames {
		l.zones[zone] = i
	}
	if len(l.zoneNames) > maxZones {
		section.file.fail(section.node, "out-of-range", "there can be "+formatInt(maxZones)+" zones at most")
	}
}

func (l *loader) readRegions(section place, taken map[string]place) {
	f := section.file
	entries := f.declared(section.node, "regions", "a region", taken)
	for _, entry := range entries {
		if isReserved(entry.name) {
			f.fail(entry.key, "bad-name", "a region cannot be called `"+entry.name+"`: the word has a meaning of its own")
		}
		region := Region{Name: entry.name, Pos: f.pos(entry.key)}
		o, _ := f.open(entry.value, f.lang.region, "the region `"+entry.name+"`")
		if n := o.get("zones"); n != nil {
			region.Zones = f.zoneList(n, taken)
		}
		l.topology.Regions = append(l.topology.Regions, region)
	}
	if len(entries) == 0 && section.node.Kind == yaml.MappingNode {
		f.fail(section.node, "missing-key", "`regions` needs a region at least")
	}
}

// zoneList reads names of zones; zones and regions share a namespace.
func (f *file) zoneList(n *yaml.Node, taken map[string]place) []string {
	var zones []string
	items := f.items(n, "`zones`")
	for _, item := range items {
		name, ok := f.newName(item, "a zone")
		before, dup := taken[name]
		switch {
		case !ok:
		case isReserved(name):
			f.fail(item, "bad-name", "a zone cannot be called `"+name+"`: the word has a meaning of its own")
		case dup:
			f.fail(item, "duplicate-name", "the name `"+name+"` is already taken at "+where(before.file.pos(before.node), f))
			continue
		}
		if name != "" {
			taken[name] = place{f, item}
			zones = append(zones, name)
		}
	}
	if n.Kind == yaml.SequenceNode && len(items) == 0 {
		f.fail(n, "missing-key", "`zones` needs a zone at least")
	}
	return zones
}

func isReserved(name string) bool {
	return name == "each" || name == "random" || name == "same" || name == "none"
}

// zone resolves the name of a zone; it returns -1 if there is none.
func (l *loader) zone(f *file, n *yaml.Node) int {
	name, ok := f.scalar(n, "the name of a zone")
	if !ok {
		return -1
	}
	i, ok := l.zones[name]
	if !ok {
		f.fail(n, "unknown-name", "there is no zone `"+clip(name)+"`; "+f.hint(name, l.zoneNames))
		return -1
	}
	return i
}

// region resolves the name of a region; it returns -1 if there is none.
func (l *loader) region(f *file, n *yaml.Node) int {
	written, ok := f.scalar(n, "the name of a region")
	if !ok {
		return -1
	}
	names := l.regionNames()
	if !f.isRegion(n, written, names) {
		return -1
	}
	return slices.IndexFunc(l.topology.Regions, func(r Region) bool { return r.Name == written })
}

// regionNames are sorted.
func (l *loader) regionNames() []string {
	var names []string
	for _, region := range l.topology.Regions {
		names = append(names, region.Name)
	}
	sort.Strings(names)
	return names
}

func defaultNetwork() Network {
	return Network{
		SameZone:    Distribution{Mean: 250 * time.Microsecond},
		CrossZone:   Distribution{Mean: 750 * time.Microsecond},
		CrossRegion: Distribution{Mean: 40 * time.Millisecond},
	}
}

func (l *loader) readNetwork() {
	section, name := l.section("network")
	if name == "" {
		return
	}
	f, network := section.file, &l.topology.Network
	o, _ := f.open(section.node, f.lang.network, "`network`")
	network.SameZone = f.distribution(o.get("same_zone"), network.SameZone)
	network.CrossZone = f.distribution(o.get("cross_zone"), network.CrossZone)
	network.Loss = f.share(o.get("loss"), 0)
	if n := o.get("cross_region"); n != nil {
		if f.isMatrix(n) {
			l.readMatrix(f, n)
		} else {
			network.CrossRegion = f.distribution(n, network.CrossRegion)
		}
	}
}

func (f *file) isMatrix(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode {
		return false
	}
	for _, entry := range f.pairs(n) {
		if strings.Contains(entry.key.Value, ">") {
			return true
		}
	}
	return false
}

// readMatrix reads delays of ordered pairs of regions. The way back takes as
// long as the way there unless it is written.
func (l *loader) readMatrix(f *file, n *yaml.Node) {
	names := l.regionNames()
	written := map[[2]string]Distribution{}
	var order [][2]string
	for _, entry := range f.pairs(n) {
		from, to, ok := strings.Cut(entry.key.Value, ">")
		if !ok {
			f.fail(entry.key, "unknown-key", "a key of this matrix names two regions, as in `us-east-1>eu-west-1`")
			continue
		}
		known := f.isRegion(entry.key, from, names) && f.isRegion(entry.key, to, names)
		if known && from == to {
			f.fail(entry.key, "bad-value", "the delay from `"+from+"` to itself is that of its zones: `same_zone` and `cross_zone`")
		}
		pair := [2]string{from, to}
		if _, ok := written[pair]; !ok {
			order = append(order, pair)
		}
		written[pair] = f.distribution(entry.value, Distribution{})
	}
	matrix := &l.topology.Network.Matrix
	for _, pair := range order {
		*matrix = append(*matrix, RegionDelay{From: pair[0], To: pair[1], Delay: written[pair]})
		if _, ok := written[[2]string{pair[1], pair[0]}]; !ok {
			*matrix = append(*matrix, RegionDelay{From: pair[1], To: pair[0], Delay: written[pair]})
		}
	}
}

func (f *file) isRegion(n *yaml.Node, name string, names []string) bool {
	i := sort.SearchStrings(names, name)
	if name != "" && i < len(names) && names[i] == name {
		return true
	}
	if len(names) == 1 && names[0] == "" {
		f.fail(n, "unknown-name", "there are no regions: this topology has `zones`")
		return false
	}
	f.fail(n, "unknown-name", "there is no region `"+clip(name)+"`; "+f.hint(name, names))
	return false
}
