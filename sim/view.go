package sim

import (
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// A view is whom the callers of a service may pick, for services where the rotation
// alone does not tell: because there are several regions, keys, ejections, or a
// threshold of panic. It is made anew when it is looked at after a change.
//
// A caller's scope is its own zone (`only`), or else its region: balancers stand in
// a region and know its instances. Where a region has none in rotation, its callers
// go to all the others. Panic is a matter of the scope, before anybody goes further.
type view struct {
	version uint32 // of the service that it shows
	zones   []choice
	regions []choice
	all     choice    // used with several regions
	known   [][]int32 // by zone: whose addresses are known, healthy or not
	members []int32   // all of them
}

// choice is one set of instances that a balancer may choose from.
type choice struct {
	from   []int32 // in the order of turns
	panics bool    // too few were healthy, and these are all
	ring   policy.Ring
	keys   placed // of a cache, in place of the ring
	placed bool   // the ring, or these, have these
}

func (w *World) newView(s *service) view {
	return view{version: s.version - 1, zones: make([]choice, w.m.zones), regions: make([]choice, w.m.regions)}
}

// refresh makes a view show the present, without those whom a balancer, if there is
// one, has ejected.
func (w *World) refresh(s *service, v *view, b *balancer) {
	v.version = s.version
	if s.m.failOpen || s.m.ejects {
		w.listKnown(s, v)
	}
	for z := range v.zones {
		p := &v.zones[z]
		w.list(s, p, s.inZone[z].rotation, b)
		if s.m.routing == topology.OnlyZone {
			w.mayPanic(s, v, p, func(zone int) bool { return zone == z })
		}
	}
	if s.m.routing == topology.OnlyZone {
		return
	}
	for r := range v.regions {
		w.gather(s, v, &v.regions[r], func(zone int) bool { return w.m.region[zone] == r })
	}
	if len(v.regions) > 1 {
		w.gather(s, v, &v.all, func(int) bool { return true })
	}
}

// list the instances that a balancer has not ejected.
func (w *World) list(s *service, p *choice, all []int32, b *balancer) {
	p.from, p.panics, p.placed = p.from[:0], false, false
	for _, i := range all {
		if h := w.handle(s, i); b == nil || !b.outliers.Ejected(w.now, h) {
			p.from = append(p.from, h)
		}
	}
}

// gather what the zones of a scope have.
func (w *World) gather(s *service, v *view, p *choice, in func(zone int) bool) {
	w.lists = w.lists[:0]
	for z := range v.zones {
		if in(z) {
			w.lists = append(w.lists, v.zones[z].from)
		}
	}
	p.from = interleave(p.from, w.lists, 0)
	p.panics, p.placed = false, false
	w.mayPanic(s, v, p, in)
}

// mayPanic makes a choice of all known instances of its zones, if too few of them are
// healthy.
func (w *World) mayPanic(s *service, v *view, p *choice, in func(zone int) bool) {
	if !s.m.failOpen {
		return
	}
	w.lists = w.lists[:0]
	n := 0
	for z := range v.known {
		if in(z) {
			w.lists = append(w.lists, v.known[z])
			n += len(v.known[z])
		}
	}
	if policy.Panic(s.m.panic, len(p.from), n) {
		p.from = interleave(p.from, w.lists, 0)
		p.panics = true
	}
}

// listKnown lists whose addresses callers know and may use. An operator's word holds
// in panic, too.
func (w *World) listKnown(s *service, v *view) {
	v.members = v.members[:0]
	if v.known == nil {
		v.known = make([][]int32, w.m.zones)
	}
	for z := range v.known {
		v.known[z] = v.known[z][:0]
	}
	for _, i := range s.insts {
		if in := &w.insts[i]; in.known && !w.zones[in.zone].shifted {
			h := w.handle(s, i)
			v.known[in.zone] = append(v.known[in.zone], h)
			v.members = append(v.members, h)
		}
	}
}

// choiceOf the caller in a zone, and the number of its cursor.
func (w *World) choiceOf(s *service, v *view, zone int) (p *choice, cursor int) {
	if s.m.routing == topology.OnlyZone {
		return &v.zones[zone], zone
	}
	region := w.m.region[zone]
	scope, cursor := &v.regions[region], w.m.zones+region
	if len(scope.from) == 0 {
		scope, cursor = &v.all, w.m.zones+w.m.regions
	}
	if !s.m.spread { // all callers take the same turns
		cursor = w.m.zones
	}
	if own := &v.zones[zone]; s.m.routing == topology.PreferZone && len(own.from) > 0 && !scope.panics {
		return own, zone
	}
	return scope, cursor
}

// keys are how many different keys client requests draw for consistent hashing.
const keys = 1_000_000

// keyBits of a request's key are shared by all calls made for it where the model
// hashes consistently, and its key for hashing is made of them.
const keyBits = 1<<32 - 1

// place is the instance on the ring of a choice that has the key of a request.
func (w *World) place(s *service, p *choice, f *frame) int32 {
	if !p.placed {
		stream := des.Stream(w.seed, "ring", s.m.name)
		p.ring.Follow(p.from, func(handle int32) uint64 {
			in := &w.insts[s.instanceOf(handle)]
			return des.Mix(stream, uint64(in.zone)<<32|uint64(in.place))
		})
		p.placed = true
	}
	return p.ring.Place((f.key & keyBits) * keys >> 32)
}
