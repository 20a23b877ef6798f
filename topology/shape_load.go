package topology

func trafficShape() *shape {
	s := object(
		key{
			name: "to", value: either(target(), &shape{kind: mapShape, items: weight(), dotted: true}), required: true,
			doc: "a component, component.operation, or a weighted map {edge.browse: 80%, edge.play: 20%}",
		},
		key{name: "rate", value: rate(), doc: "open loop: requests per time, e.g. 900/s"},
		key{name: "arrivals", value: &shape{kind: wordShape, words: []string{"poisson", "regular"}, later: []string{"bursty"}}, doc: "arrival process of the open loop. Default poisson"},
		key{name: "users", value: count(1), doc: "closed loop: users who think, ask and wait"},
		key{name: "think", value: distribution(), doc: "closed loop: between an answer and the next request"},
		key{name: "enters", value: named(weight()), doc: "weights of the zones where requests arrive. Default even"},
		key{name: "entry_failover", value: duration(), doc: "how long arrivals of a lost zone still go there. Default 0"},
		key{name: "probability", value: share(), doc: "each request of an arrival is made with this probability. Default 100%"},
		key{name: "times", value: count(1), doc: "an arrival makes so many requests, one after the other. Default 1"},
		key{name: "priority", value: words("high", "normal", "low"), doc: "of its requests and the calls they set off. Default normal"},
	)
	s.keys = append(s.keys, callerKeys()...)
	s.strays = []stray{{serverKeys(), "it belongs to a service"}}
	s.groups = [][]string{{"rate"}, {"users", "think"}}
	return s
}

// shapesOfRate are the load shapes that a later version brings.
func shapesOfRate() *shape {
	return object(later("steps"), later("ramp"), later("diurnal"), later("spike"), later("trace"))
}

func scenarioShape() *shape {
	return object(
		key{name: "description", value: text(), doc: "a note for readers"},
		key{name: "faults", value: list(faultShape()), required: true, doc: "what goes wrong, and when"},
	)
}

func objectiveShape() *shape {
	latency := object()
	for _, quantile := range latencyQuantiles() {
		latency.keys = append(latency.keys, key{name: quantile, value: bound(timeUnit), doc: "bound of this figure, e.g. \"<= 400ms\""})
	}
	headroom := object(
		key{name: "zones", value: count(1), doc: "so many zones are gone. Default 1"},
		key{name: "of", value: bound(ratioUnit), required: true, doc: "capacity of the rest / demand - 1, e.g. \">= 0%\""},
	)
	s := object(
		key{name: "scenario", value: text(), doc: "a scenario's name, none (without faults) or \"*\". Default \"*\""},
		key{name: "service", value: name(), doc: "judges a service. Default: what clients see"},
	)
	for _, m := range metrics() {
		value := bound(m.unit)
		switch m.name {
		case "latency":
			value = latency
		case "headroom":
			value = headroom
		case "recovers_within":
			value = either(duration(), bound(timeUnit))
		}
		s.keys = append(s.keys, key{name: m.name, value: value, doc: m.doc})
		s.only = append(s.only, m.name)
	}
	s.keys = append(s.keys,
		key{name: "of", value: name(), doc: "judges one traffic. Default all"},
		key{name: "during", value: words(phases()...), doc: "phase of the run. Default all"},
	)
	return s
}
