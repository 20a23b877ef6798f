package topology

func faultShape() *shape {
	s := object(
		key{name: "monkey", value: monkeyShape(), doc: "terminates random instances again and again"},
		key{name: "gorilla", value: gorillaShape(), doc: "takes a whole zone away"},
		key{name: "kong", value: kongShape(), doc: "takes a whole region away"},
		key{name: "kill", value: killShape(), doc: "terminates instances once"},
		key{name: "pause", value: pauseShape(), doc: "instances freeze, and go on afterwards with what they hold"},
		key{name: "latency", value: latencyShape(), doc: "instances are slow"},
		key{name: "errors", value: errorsShape(), doc: "instances fail a share of their requests, after the work"},
		key{name: "bad_data", value: badDataShape(), doc: "a share of the replies is malformed"},
		key{name: "partition", value: partitionShape(), doc: "no messages pass between two sides"},
		key{name: "loss", value: lossShape(), doc: "a share of the messages between two sides is lost"},
		key{name: "surge", value: surgeShape(), doc: "more load"},
		key{name: "failures", value: failuresShape(), doc: "instances or zones fail and come back, in the background"},
		key{name: "cache_flush", value: flushShape(), doc: "empties caches"},
		key{name: "cache_resize", value: resizeShape(), doc: "changes the number of nodes of a cache, which remaps its keys"},
	)
	s.only = s.accepted()
	for _, k := range s.keys {
		k.value.strays = append(k.value.strays, timesOfFaults())
	}
	s.keys = append(s.keys,
		later("capacity"), later("deploy"),
		key{name: "at", value: duration(), required: true, doc: "when it begins, from the end of the warm-up"},
		key{name: "for", value: duration(), doc: "how long it lasts. Default: to the end of the run"},
	)
	return s
}

func timesOfFaults() stray {
	return stray{[]string{"at", "for"}, "it stands beside the kind of the fault: {kill: {…}, at: 5m, for: 10m}"}
}

func monkeyShape() *shape {
	s := object(
		servicesKey(), cachesKey(), storesKey(), zonesKey(),
		key{name: "every", value: duration(), doc: "between two firings; or mean"},
		key{name: "probability", value: share(), doc: "per group and firing. Default 100%"},
		key{name: "mean", value: duration(), doc: "by a calendar: workdays between two hits of a group, e.g. 2d; or every"},
		key{name: "min_gap", value: duration(), doc: "by a calendar: hits of a group are so many workdays apart at least. Default 1d"},
		key{name: "hours", value: &shape{kind: hoursShape}, doc: "by a calendar: working hours. Default 9-15"},
		key{name: "days", value: either(&shape{kind: daysShape}, someOf(words(dayNames()...))), doc: "by a calendar: workdays, as a range or a list. Default mon-fri"},
		key{name: "timezone", value: &shape{kind: zoneinfoShape}, doc: "by a calendar: of its hours and days, e.g. Europe/Berlin. Default UTC"},
		key{name: "max_per_run", value: count(1), doc: "instances per group and firing. Default 1"},
		key{name: "group_by", value: words("service", "service_zone"), doc: "what is a group. Default service"},
		key{name: "mode", value: deathModes(), doc: "how the address of a dead instance behaves. Default refuse"},
	)
	s.strays = []stray{noInstances()}
	s.groups = [][]string{{"every"}, {"mean"}}
	return s
}

// dayNames are in the order of time.Weekday.
func dayNames() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

func gorillaShape() *shape {
	return object(
		key{name: "zone", value: either(words("each", "random", "same"), name()), required: true, doc: "each (one variant per zone), random, same (as the fault before), or a zone"},
		surrenderKey(), refusedKey("zones"),
		key{name: "shift_after", value: duration(), doc: "an operator takes the zone out of rotation so long after. Default never"},
		key{name: "restart", value: boolean(), doc: "the zone's instances restart at the end. Default true"},
		key{name: "mode", value: deathModes(), doc: "how the addresses of the zone behave. Default blackhole"},
	)
}

func kongShape() *shape {
	return object(
		key{name: "region", value: either(words("each", "random"), name()), required: true, doc: "each (one variant per region), random, or a region"},
		key{name: "dns_ttl", value: duration(), doc: "clients go to the other regions so long after. Default 60s"},
		surrenderKey(), refusedKey("regions"),
		key{name: "restart", value: boolean(), doc: "the region's instances restart at the end. Default true"},
		key{name: "mode", value: deathModes(), doc: "how the addresses of the region behave. Default blackhole"},
	)
}

func surrenderKey() key {
	return key{name: "surrender", value: duration(), doc: "addresses answer nothing for so long before health checks can see it. Default 0s"}
}

func refusedKey(others string) key {
	return key{name: "refuse_capacity_elsewhere", value: share(), doc: "share of launches refused in the other " + others + ". Default 0%"}
}

func killShape() *shape {
	s := object(append(
		append([]key{servicesKey(), cachesKey(), storesKey(), cdnsKey(), zonesKey()}, partKeys()...),
		key{name: "node", value: either(words("primary"), name()), doc: "of stores: the primary, or a node by its name, such as db-2"},
		key{name: "mode", value: deathModes(), doc: "how the address of a dead instance behaves. Default refuse"},
	)...)
	s.strays = []stray{noInstances()}
	return s
}

func pauseShape() *shape {
	s := object(append(fleetKeys(), partKeys()...)...)
	s.strays = []stray{noInstances()}
	return s
}

func latencyShape() *shape {
	s := struck(
		key{name: "add", value: distribution(), doc: "to every reply; or slowdown"},
		key{name: "slowdown", value: number(1), doc: "factor of the instance's own work; or add"},
	)
	s.only = []string{"add", "slowdown"}
	return s
}

func errorsShape() *shape {
	return struck(key{name: "rate", value: share(), required: true, doc: "share of the requests that fail"})
}

func badDataShape() *shape {
	return struck(
		key{name: "rate", value: share(), required: true, doc: "share of the replies that are malformed"},
		key{name: "salvage", value: share(), doc: "share of those that a tolerant reader recovers. Default 95%"},
	)
}

// struck is the shape of a fault of requests: whom it strikes, and how.
func struck(how ...key) *shape {
	keys := []key{servicesKey(), cachesKey(), storesKey(), externalsKey(), cdnsKey(), zonesKey(), {
		name: "operations", value: either(words("*"), someOf(target())),
		doc: "only requests of these: service.operation, or an operation of the selected services and stores. Default all",
	}}
	keys = append(append(keys, partKeys()...), how...)
	return object(keys...)
}

func flushShape() *shape {
	return object(append([]key{cachesKey(), zonesKey()}, partKeys()...)...)
}

func resizeShape() *shape {
	return object(
		key{name: "cache", value: name(), required: true, doc: "the cache"},
		key{name: "to", value: count(1), required: true, doc: "so many nodes, spread evenly over the zones"},
	)
}

func partitionShape() *shape {
	return object(
		key{name: "from", value: sideShape(), required: true, doc: "one side: zones, regions or components"},
		key{name: "to", value: sideShape(), doc: "the other. Default: everybody else"},
		key{name: "one_way", value: boolean(), doc: "only messages from one to the other are lost. Default false"},
		key{name: "mode", value: deathModes(), doc: "what a caller meets. Default blackhole"},
	)
}

func lossShape() *shape {
	return object(
		key{name: "from", value: sideShape(), doc: "one side: zones, regions or services. Default all"},
		key{name: "to", value: sideShape(), doc: "the other, which may be the same. Default all"},
		key{name: "one_way", value: boolean(), doc: "only messages from one to the other. Default false"},
		key{name: "rate", value: share(), required: true, doc: "share of the messages that are lost"},
	)
}

// sideShape is one name, a list of names of one kind, a choice of a zone, or
// components in zones or regions.
func sideShape() *shape {
	s := either(words("*", "each", "random", "same"), name(), someOf(name()), sideObject())
	s.def = "side"
	return s
}

func sideObject() *shape {
	return object(
		servicesKey(), cachesKey(), storesKey(), externalsKey(), cdnsKey(), zonesKey(),
		key{name: "regions", value: either(words("*", "each", "random"), someOf(name())), doc: "in these regions, or each, or random"},
	)
}

func surgeShape() *shape {
	return object(
		key{name: "traffic", value: selection(), doc: "names, or \"*\" for all. Default all"},
		key{name: "factor", value: number(0), required: true, doc: "multiplies the rate, or the users"},
	)
}

func failuresShape() *shape {
	s := object(
		servicesKey(), cachesKey(), storesKey(), cdnsKey(),
		key{
			name: "zones", value: either(words("*", "each", "random", "same"), someOf(name())),
			doc: "with services, caches or stores: only their instances there; without: these zones fail as a whole",
		},
		key{name: "mttf", value: distribution(), required: true, doc: "mean time to failure; a plain duration is the mean of an exponential distribution"},
		key{name: "mttr", value: distribution(), required: true, doc: "mean time to repair, likewise"},
		key{name: "mode", value: words("refuse", "blackhole", "pause"), doc: "how the addresses behave meanwhile; or instances pause and go on with what they hold. Default refuse, of zones blackhole"},
	)
	s.strays = []stray{noInstances()}
	return s
}

// noInstances advises on faults that only instances have.
func noInstances() stray {
	return stray{[]string{"externals"}, "an external has no instances: it has an `outage` of its own, and `latency`, `errors` and `partition` strike it"}
}

func fleetKeys() []key { return []key{servicesKey(), cachesKey(), storesKey(), zonesKey()} }

func servicesKey() key { return componentsKey(ServiceKind) }

func cachesKey() key { return componentsKey(CacheKind) }

func storesKey() key { return componentsKey(StoreKind) }

func externalsKey() key { return componentsKey(ExternalKind) }

func cdnsKey() key { return componentsKey(CDNKind) }

// componentsKey selects among the components of a kind.
func componentsKey(k Kind) key {
	return key{name: k.String() + "s", value: selection(), doc: "names, or \"*\" for all. Default all components, if none of any kind are named"}
}

func zonesKey() key {
	return key{
		name: "zones", value: either(words("*", "each", "random", "same"), someOf(name())),
		doc: "only instances of these zones, of each (one variant per zone), of a random one or of the same as the fault before. Default all",
	}
}

func partKeys() []key {
	return []key{
		{name: "count", value: count(1), doc: "so many of them, at random; or share"},
		{name: "share", value: share(), doc: "this share of them, at random. Default 100%"},
	}
}

// selection is a list of names, or "*".
func selection() *shape {
	return either(words("*"), someOf(name()))
}

func deathModes() *shape { return words("refuse", "blackhole") }
