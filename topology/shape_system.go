package topology

// file is the shape of a whole file.
func fileShape() *shape {
	return object(
		key{name: "version", value: &shape{kind: versionShape}, required: true, doc: "version of the language: 1"},
		key{name: "name", value: text(), doc: "name of the system, for reports"},
		key{name: "description", value: text(), doc: "a note for readers"},
		key{name: "zones", value: someOf(name()), doc: "zones of the one region; or write regions. Default: one zone, zone-a"},
		key{name: "regions", value: named(regionShape()), doc: "regions and their zones"},
		key{name: "network", value: networkShape(), doc: "delays and loss of messages"},
		key{name: "simulation", value: simulationShape(), doc: "parameters of the run"},
		key{name: "traffic", value: named(trafficShape()), doc: "what clients ask for"},
		key{name: "services", value: named(serviceShape()), doc: "fleets of equal instances"},
		key{name: "caches", value: named(cacheShape()), doc: "fleets of equal cache nodes"},
		key{name: "stores", value: named(storeShape()), doc: "databases and key/value stores"},
		key{name: "externals", value: named(externalShape()), doc: "what others run"},
		key{name: "cdns", value: named(cdnShape()), doc: "content delivery networks"},
		key{name: "scenarios", value: named(scenarioShape()), doc: "named lists of faults"},
		key{name: "objectives", value: list(objectiveShape()), doc: "what the system promises"},
	)
}

func regionShape() *shape {
	return object(key{name: "zones", value: someOf(name()), required: true, doc: "the region's zones"})
}

func networkShape() *shape {
	return object(
		key{name: "same_zone", value: distribution(), doc: "one-way delay of a message within a zone. Default 0.25ms"},
		key{name: "cross_zone", value: distribution(), doc: "one-way delay between zones of a region. Default 0.75ms"},
		key{
			name: "cross_region", value: either(distribution(), &shape{kind: matrixShape}),
			doc: "one-way delay between regions: a distribution, or {us-east-1>eu-west-1: 40ms}. Default 40ms",
		},
		key{name: "loss", value: share(), doc: "share of messages that are lost and never answered. Default 0%"},
	)
}

func simulationShape() *shape {
	return object(
		key{name: "duration", value: duration(), doc: "simulated time that is reported. Default 30m"},
		key{name: "warmup", value: duration(), doc: "simulated before that and not reported. Default: as long as a pilot run takes to settle"},
		key{name: "window", value: duration(), doc: "width of the windows of series. Default 5s"},
		key{name: "seed", value: &shape{kind: integerShape}, doc: "seed of the random numbers. Default 1"},
	)
}

func serviceShape() *shape {
	operation := object(
		key{name: "work", value: distribution(), doc: "the instance's own time for one request. Required unless there are calls"},
		key{name: "calls", value: callsShape(), doc: "calls after the work, one after the other; a list inside is made in parallel"},
	)
	s := object(
		instancesKey("instances"),
		key{name: "cores", value: count(1), doc: "requests in service share so many cores (processor sharing). Default: they do not share"},
		concurrencyKey(), queueKey(),
		key{name: "blocking", value: boolean(), doc: "a request keeps its slot while it waits for its calls. Default true"},
		key{
			name: "balancing", value: words("round_robin", "random", "least_requests", "power_of_two", "consistent_hash"),
			doc: "how callers choose among instances that they believe healthy. Default round_robin",
		},
		key{name: "balancer", value: words("shared", "per_caller"), doc: "one balancer sees all requests to the service, or every caller its own. Default shared"},
		key{name: "zone_routing", value: words("any", "prefer", "only"), doc: "prefer or insist on instances of the caller's zone. Default any"},
		healthCheckKey(),
		key{
			name: "panic_threshold", value: either(share(), words("never")),
			doc: "share of instances believed healthy below which the balancer uses all. Default never",
		},
		key{name: "outlier_ejection", value: ejectionShape(), doc: "takes instances out of rotation that answer with errors. Default none"},
		startupKey(),
		key{name: "warm", value: warmShape(), doc: "young instances are slower. Default none"},
		key{name: "contention", value: share(), doc: "every other request in service on the instance slows the work by this share of it. Default 0"},
		replaceKey(),
		later("drain"), later("placement"), later("capacity"), later("autoscaling"),
		key{name: "shedding", value: sheddingShape(), doc: "what an instance refuses although its queue has room. Default none"},
		key{name: "cancel", value: boolean(), doc: "work whose caller has given up is dropped at the head of the queue. Default false"},
		key{name: "reads", value: words("tolerant", "strict"), doc: "what becomes of malformed replies. Default strict"},
		key{name: "work", value: distribution(), doc: "the instance's own time for one request. Required unless there are calls"},
		key{name: "calls", value: callsShape(), doc: "calls after the work, one after the other; a list inside is made in parallel"},
		key{name: "operations", value: named(operation), doc: "instead of work and calls: kinds of requests"},
	)
	s.strays = []stray{
		{append(callerOnly(), "probability", "times"), "it belongs to a call, beside `to`"},
		{[]string{"priority"}, "it belongs to a traffic; a queue has `order: priority`"},
	}
	return s
}

func instancesKey(name string) key {
	return key{
		name: name, value: either(count(0), perZoneShape(), named(count(0))),
		doc: "12 (spread evenly over the zones), {per_zone: 4} or {ZONE: 4, …}. Default {per_zone: 1}",
	}
}

func concurrencyKey() key {
	return key{name: "concurrency", value: either(count(1), words("unlimited")), doc: "requests in service at once on one instance. Default 100"}
}

func queueKey() key {
	return key{name: "queue", value: object(
		key{name: "limit", value: either(count(0), words("unlimited")), doc: "waiting requests on one instance. Default 1000"},
		key{name: "order", value: words("fifo", "lifo", "adaptive_lifo", "priority"), doc: "who is served next. Default fifo"},
	), doc: "waiting requests on one instance"}
}

func healthCheckKey() key {
	return key{name: "health_check", value: either(healthCheckShape(), words("none")), doc: "how callers come to know of dead instances; none = at once"}
}

func startupKey() key {
	return key{name: "startup", value: distribution(), doc: "from launch to in service. Default 60s"}
}

func replaceKey() key {
	return key{name: "replace", value: boolean(), doc: "dead instances are replaced. Default true"}
}

func perZoneShape() *shape {
	return object(key{name: "per_zone", value: count(0), required: true, doc: "instances in every zone"})
}

func healthCheckShape() *shape {
	return object(
		key{name: "interval", value: duration(), doc: "between two checks of an instance. Default 5s"},
		key{name: "timeout", value: duration(), doc: "delays the verdict of a failing check. Default 0"},
		key{name: "unhealthy_after", value: count(1), doc: "failing checks in a row. Default 2"},
		key{name: "healthy_after", value: count(1), doc: "passing checks in a row. Default 2"},
	)
}

func ejectionShape() *shape {
	return object(
		key{name: "consecutive_errors", value: count(1), doc: "so many failures in a row. Default 5"},
		key{name: "eject", value: duration(), doc: "out of rotation for so long. Default 30s"},
		key{name: "max", value: share(), doc: "most instances that are out at a time, of all. Default 10%"},
	)
}

func warmShape() *shape {
	return object(
		key{name: "for", value: duration(), required: true, doc: "from being in service to full speed"},
		key{name: "slowdown", value: number(1), required: true, doc: "factor of the work at first; it falls linearly to 1"},
	)
}

func sheddingShape() *shape {
	return object(
		key{name: "max_in_flight", value: count(1), doc: "requests waiting and in service on one instance; also the most that adaptive allows"},
		key{name: "max_queue_delay", value: duration(), doc: "longest wait of those who are served (CoDel); a twentieth of it while the queue stands"},
		key{name: "adaptive", value: words("gradient"), doc: "the limit of requests in flight follows the latency"},
	)
}
