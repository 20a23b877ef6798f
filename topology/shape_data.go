package topology

func cacheShape() *shape {
	return object(
		instancesKey("instances"),
		key{name: "work", value: distribution(), required: true, doc: "the instance's own time for one request"},
		concurrencyKey(), queueKey(), healthCheckKey(), startupKey(), replaceKey(),
		key{name: "in_front_of", value: either(target(), fetchShape()), doc: "a miss is fetched from there and stored: a store, a service or an external; or a call to it, {to: db, timeout: 100ms}. Default: look-aside"},
		keysKey(), popularityKey(),
		key{name: "capacity", value: either(count(1), words("unlimited")), doc: "entries per instance. Default unlimited"},
		key{name: "eviction", value: words("lru", "lfu", "fifo", "random", "tinylfu"), doc: "what a full instance gives up. Default lru"},
		key{name: "ttl", value: duration(), doc: "entries expire so long after they were stored. Default never"},
		key{name: "refresh", value: boolean(), doc: "a hit starts the ttl anew. Default false"},
		hashingKey(), vnodesKey(),
		key{name: "coalesce", value: boolean(), doc: "one fetch per missing key at a time. Default false"},
		key{name: "serve_stale", value: serveStaleShape(), doc: "answers with expired entries rather than with an error. Default never"},
		key{name: "data", value: either(words("immutable"), dataShape()), doc: "how the data changes, or immutable"},
		key{name: "replicas", value: count(1), doc: "copies of a key, in different zones. Default 1"},
		key{name: "hit_rate", value: share(), doc: "instead of keys: this share of the requests are hits"},
		key{name: "refill", value: duration(), doc: "with hit_rate: after a loss it grows from 0 over so long. Default 0"},
	)
}

// fetchShape is a call that only says whom to ask and how often.
func fetchShape() *shape {
	s := object(key{name: "to", value: target(), required: true, doc: "component or component.operation"})
	for _, k := range callerKeys() {
		switch k.name {
		case "optional", "fallback", "cache":
		default:
			s.keys = append(s.keys, k)
		}
	}
	s.def = "fetch"
	return s
}

func lookAsideShape() *shape {
	s := object(
		key{name: "to", value: name(), required: true, doc: "the cache"},
		key{name: "timeout", value: duration(), doc: "of asking it. Default as of the call"},
	)
	s.def = "look-aside"
	return s
}

func keysKey() key {
	return key{name: "keys", value: count(1), doc: "so many different keys are asked for. Default 1M"}
}

func popularityKey() key {
	return key{name: "popularity", value: either(words("uniform"), popularityShape()), doc: "uniform or {zipf: 0.99}. Default uniform"}
}

func popularityShape() *shape {
	return object(key{name: "zipf", value: number(0), required: true, doc: "exponent: the key of rank r is asked for in proportion to 1/r^x"})
}

func hashingKey() key {
	return key{name: "hashing", value: words("consistent", "modulo", "jump", "rendezvous"), doc: "how keys are placed. Default consistent"}
}

func vnodesKey() key {
	return key{name: "vnodes", value: count(1), doc: "places of each node on the ring of consistent hashing. Default 160"}
}

func serveStaleShape() *shape {
	return object(
		key{name: "on_error", value: boolean(), doc: "where the fetch failed. Default true"},
		key{name: "max_age", value: duration(), doc: "so long after an entry expired. Default for ever"},
	)
}

func dataShape() *shape {
	return object(
		key{name: "writes", value: rate(), doc: "so often the data of a key is written, besides calls that write. Default 0/s"},
		key{name: "invalidation", value: words("delete", "none"), doc: "what a write does to the entry. Default delete"},
		key{name: "lost", value: share(), doc: "share of these deletions that get lost. Default 0%"},
	)
}

func storeShape() *shape {
	return object(
		instancesKey("nodes"),
		key{name: "work", value: distribution(), required: true, doc: "a node's own time for one request"},
		concurrencyKey(), queueKey(), healthCheckKey(), startupKey(), replaceKey(),
		keysKey(), popularityKey(),
		key{name: "replication", value: replicationShape(), doc: "copies of the data. Default a primary with all other nodes as replicas"},
		key{name: "reads", value: words("primary", "replicas", "any"), doc: "who answers reads. Default primary"},
		key{name: "failover", value: failoverShape(), doc: "what becomes of a lost primary"},
		key{name: "shards", value: count(1), doc: "parts of the data, each with a primary of its own. Default 1"},
		hashingKey(), vnodesKey(),
		key{name: "writes", value: share(), doc: "share of the calls that write, where the call does not say read or write. Default 0%"},
	)
}

func replicationShape() *shape {
	level := func() *shape { return either(words("one", "quorum", "all"), count(1)) }
	return object(
		key{name: "mode", value: words("primary", "quorum"), doc: "one node takes the writes, or all are equal. Default primary"},
		key{name: "sync", value: words("async", "semi_sync", "sync"), doc: "a write waits for no replica, for one, or for all. Default async"},
		key{name: "lag", value: distribution(), doc: "so much later a replica has a write. Default {exponential: 50ms}"},
		key{name: "factor", value: count(1), doc: "copies of a key. Default all nodes, of a quorum 3"},
		key{name: "read", value: level(), doc: "answers that a read waits for. Default quorum"},
		key{name: "write", value: level(), doc: "acknowledgements that a write waits for. Default quorum"},
	)
}

func failoverShape() *shape {
	return object(
		key{name: "automatic", value: boolean(), doc: "a replica takes over; false: writes wait for the primary. Default true"},
		key{name: "detect", value: duration(), doc: "until the loss of a primary is known. Default 10s"},
		key{name: "promote", value: duration(), doc: "from then until a replica is the primary. Default 20s"},
		key{name: "dns_ttl", value: duration(), doc: "callers know the old address for up to so long. Default 60s"},
	)
}

func externalShape() *shape {
	return object(
		key{name: "latency", value: distribution(), required: true, doc: "from request to answer, the network included"},
		key{name: "availability", value: share(), doc: "share of the requests that are answered while there is no outage. Default 100%"},
		key{name: "outage", value: outageShape(), doc: "it is away, again and again. Default never"},
		key{name: "rate_limit", value: rate(), doc: "more requests are rejected. Default no bound"},
	)
}

func outageShape() *shape {
	return object(
		key{name: "mttf", value: distribution(), required: true, doc: "mean time to failure; a plain duration is the mean of an exponential distribution"},
		key{name: "mttr", value: distribution(), required: true, doc: "mean time to repair, likewise"},
		key{name: "mode", value: deathModes(), doc: "how its address behaves meanwhile. Default refuse"},
	)
}

func cdnShape() *shape {
	return object(
		key{name: "pops", value: count(1), doc: "points of presence, equal and outside the zones. Default 1"},
		key{name: "serves", value: share(), required: true, doc: "share of the requests that never reach the origin"},
		key{name: "latency", value: distribution(), required: true, doc: "of an answer from a point of presence"},
		key{name: "pop_capacity", value: rate(), doc: "requests of one point of presence; more go to the next and in the end to the origin. Default no bound"},
		key{name: "origin", value: either(target(), fetchShape()), required: true, doc: "where the rest is fetched: a component, or a call to it, {to: edge, timeout: 1s}"},
	)
}
