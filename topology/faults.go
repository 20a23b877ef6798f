package topology

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

const (
	// minEvery bounds how often a monkey fires, and instances fail.
	minEvery      = time.Millisecond
	defaultDNSTTL = 60 * time.Second
)

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
		fault.Monkey = l.monkey(f, value, fault)
	case "gorilla":
		fault.Gorilla = l.gorilla(f, value, fault)
	case "kong":
		fault.Kong = l.kong(f, value)
	case "pause":
		o, _ := f.open(value, f.lang.pause, "`pause`")
		fault.Pause = &Pause{l.selection(f, o)}
	case "latency":
		fault.Latency = l.latency(f, value)
	case "errors":
		fault.Errors = l.errorFault(f, value)
	case "bad_data":
		fault.BadData = l.badData(f, value)
	case "partition":
		fault.Partition = l.partition(f, value)
	case "loss":
		fault.Loss = l.loss(f, value)
	case "surge":
		fault.Surge = l.surge(f, value)
	case "failures":
		fault.Failures = l.failures(f, value)
	case "cache_flush":
		fault.Flush = l.flush(f, value)
	case "cache_resize":
		fault.Resize = l.resize(f, value)
	default:
		fault.Kill = l.kill(f, value)
	}
	return fault
}

func (l *loader) monkey(f *file, n *yaml.Node, fault *Fault) *Monkey {
	o, ok := f.open(n, f.lang.monkey, "`monkey`")
	m := &Monkey{
		Selection:   l.selection(f, o),
		Probability: f.share(o.get("probability"), 1),
		MaxPerRun:   f.count(o.get("max_per_run"), 1, 1, maxInstances),
		PerZone:     f.word(o.get("group_by"), f.lang.monkey.find("group_by").value, "service") == "service_zone",
		Mode:        f.mode(o.get("mode")),
	}
	switch {
	case !ok:
	case o.has("every") && o.has("mean"):
		f.fail(o.keys["mean"], "conflict", "a monkey fires either `every` so often, or by the `mean` of a calendar")
	case o.has("every"):
		m.Every = f.duration(o.get("every"), time.Minute, 1)
		if m.Every < minEvery {
			f.fail(o.get("every"), "out-of-range", "a monkey fires once in "+FormatDuration(minEvery)+" at most")
		}
		for _, key := range []string{"min_gap", "hours", "days", "timezone"} {
			if k := o.keys[key]; k != nil {
				f.fail(k, "conflict", "`"+key+"` belongs to the calendar of a `mean`, not to `every`")
			}
		}
	case o.has("mean"):
		if k := o.keys["probability"]; k != nil {
			f.fail(k, "conflict", "with a `mean` the probability per group and workday is 1/mean; `probability` belongs to `every`")
		}
		m.Calendar = f.calendar(o)
		l.checkCalendar(f, o, m.Calendar, fault)
	case len(o.keys) == len(o.values):
		f.fail(n, "missing-key", "`monkey` needs `every`, or the `mean` of a calendar")
	}
	return m
}

func (l *loader) gorilla(f *file, n *yaml.Node, fault *Fault) *Gorilla {
	o, _ := f.open(n, f.lang.gorilla, "`gorilla`")
	g := &Gorilla{
		Zone:                    Choice{Of: []int{0}},
		Surrender:               f.duration(o.get("surrender"), 0, 0),
		RefuseCapacityElsewhere: f.share(o.get("refuse_capacity_elsewhere"), 0),
		Shift:                   o.has("shift_after"),
		ShiftAfter:              f.duration(o.get("shift_after"), 0, 0),
		Restart:                 f.boolean(o.get("restart"), true),
		Mode:                    f.mode(o.get("mode")),
	}
	if n := o.get("zone"); n != nil {
		g.Zone = f.one(n, func(n *yaml.Node) int { return l.zone(f, n) })
	}
	if n := o.get("shift_after"); n != nil && fault.For > 0 && g.ShiftAfter >= fault.For {
		f.warn(n, "no-effect", "the zone is back before it is shifted, after "+FormatDuration(fault.For))
	}
	return g
}

func (l *loader) kong(f *file, n *yaml.Node) *Kong {
	o, _ := f.open(n, f.lang.kong, "`kong`")
	k := &Kong{
		Region:                  Choice{Of: []int{0}},
		DNSTTL:                  f.duration(o.get("dns_ttl"), defaultDNSTTL, 0),
		Surrender:               f.duration(o.get("surrender"), 0, 0),
		RefuseCapacityElsewhere: f.share(o.get("refuse_capacity_elsewhere"), 0),
		Restart:                 f.boolean(o.get("restart"), true),
		Mode:                    f.mode(o.get("mode")),
	}
	if n := o.get("region"); n != nil {
		k.Region = f.one(n, func(n *yaml.Node) int { return l.region(f, n) })
	}
	k.Region.Region = true
	return k
}

func (l *loader) kill(f *file, n *yaml.Node) *Kill {
	o, _ := f.open(n, f.lang.kill, "`kill`")
	if n.Kind == yaml.MappingNode && len(o.keys) == 0 {
		f.fail(n, "missing-key", "`kill` needs a selection: "+enumerate([]string{"services", "zones", "count", "share"}))
	}
	k := &Kill{Selection: l.selection(f, o), Mode: f.mode(o.get("mode"))}
	if n := o.get("node"); n != nil {
		l.killNode(f, n, o, k)
	}
	return k
}

// killNode reads the one node that is meant: a store's primary, or a name as the
// event log has it, such as profile-db-2.
func (l *loader) killNode(f *file, n *yaml.Node, o fields, k *Kill) {
	for _, key := range []string{"services", "caches", "cdns", "zones", "count", "share"} {
		if at := o.keys[key]; at != nil {
			f.fail(at, "conflict", "`node` says which node of a store it is: `"+key+"` cannot choose besides")
			return
		}
	}
	written, ok := f.scalar(n, "the name of a node, or `primary`,")
	switch {
	case !ok:
	case written == "primary":
		k.Primary = true
		if k.Services == nil || !o.has("stores") {
			k.Services = l.withPrimary()
			if len(k.Services) == 0 {
				f.fail(n, "unknown-name", "no store has a primary")
			}
			return
		}
		for _, i := range k.Services {
			if _, of := l.topology.Component(i); l.topology.Stores[of].Quorum {
				f.fail(n, "conflict", "the store `"+l.names[i]+"` is a quorum and has no primary")
			}
		}
	default:
		l.nodeNamed(f, n, written, o, k)
	}
}

// withPrimary lists the stores that have one.
func (l *loader) withPrimary() []int {
	var found []int
	for i, s := range l.topology.Stores {
		if !s.Quorum {
			found = append(found, l.topology.First(StoreKind)+i)
		}
	}
	return found
}

func (l *loader) nodeNamed(f *file, n *yaml.Node, written string, o fields, k *Kill) {
	cut := strings.LastIndexByte(written, '-')
	number, err := strconv.Atoi(written[cut+1:])
	i, known := l.components[written[:max(cut, 0)]]
	if err != nil || !known || !l.isStore(i) {
		f.fail(n, "unknown-name", "`"+clip(written)+"` is not a node: write `primary`, or the name of a store with the number of the node, from 1, zone by zone, such as `db-2`")
		return
	}
	nodes := total(l.topology.InstancesOf(i))
	if number < 1 || number > nodes || strconv.Itoa(number) != written[cut+1:] {
		f.fail(n, "unknown-name", "there is no node `"+clip(written)+"`: the store `"+l.names[i]+"` has "+formatInt(nodes)+" "+plural("node", nodes)+", counted from 1")
		return
	}
	if o.has("stores") && !slices.Equal(k.Services, []int{i}) {
		f.fail(o.keys["stores"], "conflict", "`"+written+"` is a node of `"+l.names[i]+"`, and of that alone")
	}
	k.Services, k.Node = []int{i}, number
}

// flush selects all caches unless it names some.
func (l *loader) flush(f *file, n *yaml.Node) *CacheFlush {
	o, _ := f.open(n, f.lang.flush, "`cache_flush`")
	c := &CacheFlush{l.selection(f, o)}
	first := l.topology.First(CacheKind)
	if c.Services == nil {
		for i := range l.topology.Caches {
			c.Services = append(c.Services, first+i)
		}
		if len(l.topology.Caches) == 0 && !o.has("caches") {
			f.fail(n, "unknown-name", "there are no caches")
		}
	}
	for _, i := range c.Services {
		cache := l.topology.Caches[i-first]
		f.idle(n, o.has("caches") && cache.Knob && cache.Refill == 0, "the cache `"+cache.Name+"` has a `hit_rate` without `refill`: emptying it changes nothing")
	}
	return c
}

func (l *loader) resize(f *file, n *yaml.Node) *CacheResize {
	o, _ := f.open(n, f.lang.resize, "`cache_resize`")
	r := &CacheResize{To: f.count(o.get("to"), 1, 1, maxInstances)}
	at := o.get("cache")
	if at == nil {
		return r
	}
	i := l.component(f, at, CacheKind)
	if i < 0 {
		return r
	}
	_, r.Cache = l.topology.Component(i)
	c := l.topology.Caches[r.Cache]
	if c.Knob {
		f.fail(at, "conflict", "the cache `"+c.Name+"` has a `hit_rate` and no keys to be placed anew")
	}
	if n := o.get("to"); n != nil {
		if zones := min(r.To, len(l.zoneNames)); zones < c.Replicas {
			f.fail(n, "out-of-range", "the cache keeps "+formatInt(c.Replicas)+" copies of a key in different zones; "+formatInt(r.To)+" "+plural("node", r.To)+" cannot hold them")
		}
		f.idle(n, r.To == total(c.Instances), "the cache has "+formatInt(r.To)+" "+plural("node", r.To)+" already")
	}
	return r
}

func (l *loader) latency(f *file, n *yaml.Node) *Latency {
	o, ok := f.open(n, f.lang.latency, "`latency`")
	slow := &Latency{Selection: l.selection(f, o), Slowdown: 1}
	if ok {
		f.exactlyOne(o, f.lang.latency.only, "`latency`")
	}
	if n := o.get("add"); n != nil {
		add := f.distribution(n, Distribution{})
		slow.Add = &add
		f.idle(n, add.MeanSeconds() == 0, "a delay of 0 changes nothing")
	}
	if n := o.get("slowdown"); n != nil {
		if v, ok := f.number(n, "the slowdown", 0); ok && v < 1 {
			f.fail(n, "out-of-range", "the slowdown must be 1 at least: a fault does not make faster")
		} else if ok {
			slow.Slowdown = v
			f.idle(n, v == 1, "a slowdown of 1 changes nothing")
		}
	}
	return slow
}

// idle warns of a parameter with which a fault does nothing.
func (f *file) idle(n *yaml.Node, idle bool, message string) {
	if idle && n != nil {
		f.warn(n, "no-effect", message)
	}
}

func (l *loader) errorFault(f *file, n *yaml.Node) *ErrorFault {
	o, _ := f.open(n, f.lang.errors, "`errors`")
	e := &ErrorFault{Selection: l.selection(f, o), Rate: f.share(o.get("rate"), 1)}
	f.idle(o.get("rate"), e.Rate == 0, "a rate of 0% fails nothing")
	return e
}

func (l *loader) badData(f *file, n *yaml.Node) *BadData {
	o, _ := f.open(n, f.lang.badData, "`bad_data`")
	b := &BadData{Selection: l.selection(f, o), Rate: f.share(o.get("rate"), 1), Salvage: f.share(o.get("salvage"), 0.95)}
	f.idle(o.get("rate"), b.Rate == 0, "a rate of 0% spoils nothing")
	return b
}

func (l *loader) surge(f *file, n *yaml.Node) *Surge {
	o, _ := f.open(n, f.lang.surge, "`surge`")
	s := &Surge{Traffic: l.selectedTraffic(f, o.get("traffic")), Factor: 1}
	at := o.get("factor")
	if at == nil {
		return s
	}
	v, ok := f.number(at, "the factor", 0)
	if !ok {
		return s
	}
	s.Factor = v
	f.idle(at, v == 1, "a factor of 1 changes nothing")
	for _, i := range listed(s.Traffic, len(l.topology.Traffic)) {
		t := l.topology.Traffic[i]
		if t.Rate*v > maxRate || float64(t.Users)*v > maxUsers {
			f.fail(at, "out-of-range", "the surge of `"+t.Name+"` goes beyond what can be played, 1G/s or "+formatInt(maxUsers)+" users")
			break
		}
	}
	return s
}

func (l *loader) failures(f *file, n *yaml.Node) *Failures {
	o, _ := f.open(n, f.lang.failures, "`failures`")
	fails := &Failures{
		Selection: l.selection(f, o),
		OfZones:   o.has("zones") && !o.has("services") && !o.has("caches") && !o.has("stores"),
		MTTF:      f.exponential(o.get("mttf")),
		MTTR:      f.exponential(o.get("mttr")),
	}
	switch mode := o.get("mode"); f.word(mode, f.lang.failures.find("mode").value, "") {
	case "refuse":
		fails.Mode = Refuse
	case "blackhole":
		fails.Mode = Blackhole
	case "pause":
		fails.Pauses = true
		if o.has("cdns") {
			f.fail(mode, "conflict", "the PoPs of a CDN do not pause")
		}
	}
	f.meanTimes(o, fails.MTTF, fails.MTTR)
	return fails
}

// exponential reads a distribution; a plain duration is the mean of an
// exponential one.
func (f *file) exponential(n *yaml.Node) Distribution {
	d := f.distribution(n, Distribution{Mean: time.Second})
	if d.Kind == Constant {
		d.Kind = Exponential
	}
	return d
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
