package topology

func callsShape() *shape {
	parallel := someOf(callShape())
	parallel.doc = "calls made in parallel"
	s := list(either(callShape(), parallel))
	s.def = "calls"
	return s
}

func callShape() *shape {
	s := object(
		key{name: "to", value: target(), required: true, doc: "component or component.operation"},
		key{name: "probability", value: share(), doc: "the call is made with this probability. Default 100%"},
		key{name: "times", value: count(1), doc: "the call is made this often. Default 1"},
	)
	s.keys = append(s.keys, callerKeys()...)
	s.def = "call"
	s.strays = []stray{{serverKeys(), "it belongs to the service that is called"}}
	return s
}

// serverKeys belong to a service, and are often written where it is called.
func serverKeys() []string {
	return []string{
		"queue", "concurrency", "instances", "balancing", "balancer", "zone_routing", "health_check",
		"panic_threshold", "outlier_ejection", "shedding", "cancel", "reads", "warm", "contention",
	}
}

// callerOnly are the options of a call, often written at the service that is
// called.
func callerOnly() []string {
	var names []string
	for _, k := range callerKeys() {
		names = append(names, k.name)
	}
	return names
}

// callerKeys are what calls and clients, who are callers too, have in common.
func callerKeys() []key {
	return []key{
		{name: "timeout", value: duration(), doc: "per attempt. Default 30s"},
		{name: "retries", value: retriesShape(), doc: "further attempts after a failed one. Default none"},
		{name: "breaker", value: breakerShape(), doc: "circuit breaker per calling instance; {} for its defaults. Default none"},
		{name: "bulkhead", value: count(1), doc: "most attempts in flight per calling instance; more are rejected at once. Default no bound"},
		{name: "hedge", value: hedgeShape(), doc: "a further attempt while the first is slow; the first good answer wins. Default none"},
		{name: "throttle", value: throttleShape(), doc: "the caller rejects attempts itself while too few are accepted. Default none"},
		{name: "optional", value: boolean(), doc: "a failure degrades the caller's answer instead of failing it. Default false"},
		{name: "fallback", value: distribution(), doc: "time to make a substitute answer after a failure"},
		{name: "cache", value: either(name(), lookAsideShape()), doc: "look-aside cache that is asked first: its name, or {to: NAME, timeout: 20ms}"},
	}
}

func retriesShape() *shape {
	backoff := object(
		key{name: "initial", value: duration(), doc: "before the first retry. Default 0"},
		key{name: "factor", value: number(1), doc: "growth from retry to retry. Default 2"},
		key{name: "max", value: duration(), doc: "longest backoff. Default unbounded"},
	)
	s := object(
		key{name: "max", value: count(0), doc: "most retries of one call. Default 0"},
		key{name: "backoff", value: backoff, doc: "pause before a retry. Default none"},
		key{name: "jitter", value: words("full", "equal", "decorrelated", "none"), doc: "spreads the backoff. Default full"},
		key{
			name: "on", value: someOf(words(reasonNames()...)),
			doc: "failures that are tried again. Default timeout, refused, rejected, unavailable and error",
		},
		key{name: "budget", value: share(), doc: "retries as a share of first attempts (a token bucket per calling instance). Default no bound"},
	)
	s.def = "retries"
	return s
}

// reasonNames are in the order of Reasons.
func reasonNames() []string {
	return []string{"timeout", "refused", "rejected", "open", "unavailable", "error", "malformed"}
}

func breakerShape() *shape {
	s := object(
		key{name: "window", value: duration(), doc: "attempts of so long count. Default 10s"},
		key{name: "min_requests", value: count(1), doc: "opens on so many attempts or more. Default 20"},
		key{name: "error_rate", value: share(), doc: "opens when this share of them fails. Default 50%"},
		key{name: "open_for", value: duration(), doc: "rejects all for so long, then probes. Default 5s"},
		key{name: "probes", value: count(1), doc: "closes after so many good probes. Default 3"},
	)
	s.def = "breaker"
	return s
}

func hedgeShape() *shape {
	s := object(
		key{
			name: "after", value: either(duration(), &shape{kind: percentileShape}), required: true,
			doc: "so long after the attempt before: a duration, or a percentile of the observed latency, p50 to p99",
		},
		key{name: "max", value: count(1), doc: "most further attempts. Default 1"},
	)
	s.def = "hedge"
	return s
}

func throttleShape() *shape {
	s := object(key{name: "k", value: number(1), doc: "rejects with probability (requests - k accepts) / (requests + 1). Default 2"})
	s.def = "throttle"
	return s
}
