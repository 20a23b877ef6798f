package topology

import (
	"slices"

	"gopkg.in/yaml.v3"
)

func (l *loader) partition(f *file, n *yaml.Node) *Partition {
	o, _ := f.open(n, f.lang.partition, "`partition`")
	before := len(f.out.problems)
	p := &Partition{
		From: l.side(f, o.get("from")), To: l.side(f, o.get("to")),
		OneWay: f.boolean(o.get("one_way"), false), Mode: f.mode(o.get("mode")),
	}
	from, to := o.get("from"), o.get("to")
	switch {
	case from == nil || len(f.out.problems) > before:
	case p.From.All() && p.To.All():
		f.fail(from, "conflict", "a partition has two sides: one of `from` and `to` names zones, regions or "+l.word()+"s")
	default:
		if both := l.onBothSides(&p.From, &p.To); both != "" && to != nil {
			f.fail(to, "conflict", "`"+both+"` is on both sides of the partition")
		}
	}
	f.idle(from, len(f.out.problems) == before && !p.From.All() && l.isWhole(&p.From), "everything is on one side of the partition")
	return p
}

func (l *loader) loss(f *file, n *yaml.Node) *Loss {
	o, _ := f.open(n, f.lang.loss, "`loss`")
	loss := &Loss{
		From: l.side(f, o.get("from")), To: l.side(f, o.get("to")),
		OneWay: f.boolean(o.get("one_way"), false), Rate: f.share(o.get("rate"), 1),
	}
	f.idle(o.get("rate"), loss.Rate == 0, "a rate of 0% loses nothing")
	return loss
}

// All tells whether everything is selected.
func (s *Selection) All() bool {
	return s.Services == nil && s.Zones.isAll() && s.Regions.isAll() && s.Operations == nil && s.Count == 0 && s.Share == 1
}

func (c *Choice) isAll() bool { return !c.Each && !c.Random && !c.Same && c.Of == nil }

// side reads one side of a fault of the network.
func (l *loader) side(f *file, n *yaml.Node) Selection {
	s := Selection{Share: 1, Regions: Choice{Region: true}}
	switch {
	case isAll(n):
		return s
	case n.Kind == yaml.MappingNode:
		o, _ := f.open(n, f.lang.side, "a side")
		if o.has("zones") && o.has("regions") {
			f.fail(o.keys["regions"], "conflict", "a side has either `zones` or `regions`")
		}
		if len(o.keys) == 0 {
			f.fail(n, "missing-key", "a side needs one of the keys "+enumerate(f.lang.side.accepted())+"; write \"*\" for all")
		}
		return l.selection(f, o)
	case n.Kind == yaml.ScalarNode && n.Value == "each":
		s.Zones.Each = true
		return s
	case n.Kind == yaml.ScalarNode && n.Value == "random":
		s.Zones.Random = true
		return s
	case n.Kind == yaml.ScalarNode && n.Value == "same":
		s.Zones.Same = true
		return s
	case n.Kind == yaml.ScalarNode:
		l.addToSide(f, n, &s)
		return s
	}
	for _, item := range n.Content {
		l.addToSide(f, deref(item), &s)
	}
	if len(n.Content) == 0 {
		f.fail(n, "missing-key", "a side needs a name at least; write \"*\" for all")
	}
	return s
}

// addToSide resolves one name of a zone, a region or a service.
func (l *loader) addToSide(f *file, n *yaml.Node, s *Selection) {
	written, ok := f.scalar(n, "the name of a zone, a region or a "+l.word())
	if !ok {
		return
	}
	zone, isZone := l.zones[written]
	service, isService := l.components[written]
	region := slices.IndexFunc(l.topology.Regions, func(r Region) bool { return r.Name == written && written != "" })
	var list *[]int
	var index int
	switch {
	case isService && (isZone || region >= 0):
		place := "zone"
		if !isZone {
			place = "region"
		}
		kind, _ := l.topology.Component(service)
		f.fail(n, "unknown-name", "`"+written+"` is a "+place+" and "+kind.a()+"; write {"+place+"s: ["+written+"]} or {"+kind.String()+"s: ["+written+"]}")
		return
	case isZone:
		list, index = &s.Zones.Of, zone
	case region >= 0:
		list, index = &s.Regions.Of, region
	case isService:
		list, index = &s.Services, service
	case slices.Contains(l.trafficNames, written):
		f.fail(n, "unknown-name", "`"+written+"` is a traffic: clients are in the zone where they enter; name zones, regions or "+l.word()+"s")
		return
	default:
		names := slices.Concat(l.zoneNames, l.regionNames(), l.names)
		names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
		f.fail(n, "unknown-name", "there is no zone, region or "+l.word()+" `"+clip(written)+"`; "+f.hint(written, names))
		return
	}
	if slices.Contains(*list, index) {
		f.fail(n, "duplicate-name", "`"+written+"` is named twice")
		return
	}
	*list = append(*list, index)
	kinds := 0
	for _, named := range [][]int{s.Zones.Of, s.Regions.Of, s.Services} {
		kinds += min(len(named), 1)
	}
	if kinds > 1 {
		f.fail(n, "conflict", "a list names zones, regions or "+l.word()+"s, not a mix; {services: [a], zones: [b]} are those services in those zones")
	}
}

// onBothSides names what stands on both sides, of the same kind. Services on one
// and zones on the other are well told apart by who speaks to whom.
func (l *loader) onBothSides(a, b *Selection) string {
	zones, someZone := both(l.zonesNamed(a), l.zonesNamed(b))
	services, someService := both(a.Services, b.Services)
	switch {
	case !someZone || !someService:
		return ""
	case services >= 0:
		return l.names[services]
	case zones >= 0:
		return l.zoneNames[zones]
	default:
		return ""
	}
}

// zonesNamed are the zones of a side; nil if it names none. What is still to be
// chosen may be any.
func (l *loader) zonesNamed(s *Selection) []int {
	switch {
	case s.Zones.isAll() && s.Regions.isAll():
		return nil
	case s.isOpen():
		return listed(nil, len(l.zoneNames))
	default:
		return l.topology.SelectedZones(s)
	}
}

// isOpen tells whether zones or regions are still to be chosen.
func (s *Selection) isOpen() bool {
	return s.Zones.Each || s.Zones.Random || s.Zones.Same || s.Regions.Each || s.Regions.Random
}

// both tells whether two lists have something in common, and what; -1 if one of
// them is nil, which is all.
func both(a, b []int) (int, bool) {
	if a == nil || b == nil {
		return -1, true
	}
	for _, i := range a {
		if slices.Contains(b, i) {
			return i, true
		}
	}
	return -1, false
}

// isWhole tells whether a selection that names something leaves nobody out.
func (l *loader) isWhole(s *Selection) bool {
	return !s.isOpen() && len(l.topology.SelectedZones(s)) == len(l.zoneNames) && (s.Services == nil || len(s.Services) == len(l.names))
}
