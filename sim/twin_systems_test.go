package sim

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/silverback-sim/silverback/sim/des"
)

// twinSystem draws a random system with its scenario, as a file of the language.
type twinSystem struct {
	*rapid.T
	strings.Builder
	seconds   int      // that it is played
	clockwork bool     // all delays are constant, of few lengths, and often coincide
	zones     []string // names
	regions   []string // names, if there are several
	services  int
	fronts    []twinFront // caches
	asides    int         // look-aside caches
	calls     [][]float64 // per service and operation: calls that one request sets off
}

// percent is true with that probability: rapid prefers small numbers, so they
// are stirred. 0 is false, which makes the simpler system.
func (g *twinSystem) percent(p int) bool {
	n := rapid.Uint64().Draw(g.T, "percent")
	return n > 0 && des.Mix(n, forChoice)%100 < uint64(p)
}

func (g *twinSystem) between(low, high int) int   { return rapid.IntRange(low, high).Draw(g.T, "n") }
func (g *twinSystem) write(f string, args ...any) { fmt.Fprintf(g, f, args...) }

// pick one of several, all as likely.
func (g *twinSystem) pick(options ...string) string {
	return rapid.SampledFrom(options).Draw(g.T, "one")
}

// drawSystem returns the YAML.
func drawSystem(t *rapid.T) string {
	g := &twinSystem{T: t}
	g.clockwork = g.percent(20)
	g.seconds = []int{4, 10, 80}[g.between(0, 2)]
	g.services = g.between(1, 5)
	g.write("version: 1\n")
	g.writeZones()
	g.write("simulation: {duration: %ds, warmup: %s, window: %s}\n", g.seconds, g.pick("0", "1.5s", "3s"), g.pick("1s", "1700ms", "4s"))
	g.write("network: {same_zone: %s, cross_zone: %s, cross_region: %s", g.hop(), g.hop(), g.hop())
	if g.percent(25) {
		g.write(", loss: %d%%", g.between(1, 10))
	}
	g.write("}\nservices:\n")
	g.calls = make([][]float64, g.services)
	for k := g.services - 1; k >= 0; k-- {
		g.calls[k] = make([]float64, g.between(1, 3))
	}
	g.drawCaches()
	for k := g.services - 1; k >= 0; k-- { // from the end of the chain: calls go to what is known
		g.writeService(k)
	}
	g.writeCaches()
	g.writeTraffic()
	if g.percent(70) {
		g.writeScenario()
	}
	return g.String()
}

func (g *twinSystem) writeZones() {
	g.zones = []string{"a", "b", "c"}[:g.between(1, 3)]
	if len(g.zones) > 1 && g.percent(30) {
		g.regions = []string{"east", "west"}
		g.write("regions: {east: {zones: [a]}, west: {zones: [%s]}}\n", strings.Join(g.zones[1:], ", "))
		return
	}
	g.write("zones: [%s]\n", strings.Join(g.zones, ", "))
}

func (g *twinSystem) hop() string {
	if g.clockwork {
		return g.pick("0", "1ms", "5ms")
	}
	return g.pick("0", "250us", "{exponential: 20ms}", "{uniform: {min: 0, max: 60ms}}", "{exponential: 100us}", "{exponential: 50ms}")
}

// work of a request.
func (g *twinSystem) work() string {
	if g.clockwork {
		return g.pick("0", "1ms", "5ms", "20ms", "100ms")
	}
	return g.pick("0", "5ms", "{exponential: 2ms}", "{exponential: 20ms}", "{exponential: 60ms}",
		"2s", "{uniform: {min: 0, max: 30ms}}", "{quantiles: {0: 0, 40: 0, 100: 90ms}}", "{lognormal: {median: 10ms, p99: 200ms}}")
}

func (g *twinSystem) timeout() string {
	if g.clockwork || g.percent(30) {
		return g.pick("5ms", "20ms", "25ms", "100ms", "1s")
	}
	return fmt.Sprintf("%dus", g.between(1000, 400_000))
}

func (g *twinSystem) writeService(k int) {
	g.write("  s%d:\n", k)
	switch g.between(0, 3) {
	case 3:
		g.write("    instances: %d\n", g.between(0, 5))
	case 1:
		g.write("    instances: {%s: %d}\n", g.pick(g.zones...), g.between(1, 3))
	case 2:
		g.write("    instances: {per_zone: %d}\n", g.between(1, 3))
	}
	g.write("    concurrency: %s\n", g.pick("unlimited", "1", "2", "3", "4"))
	if g.percent(25) {
		g.write("    cores: %d\n", g.between(1, 3))
	}
	if g.percent(80) {
		g.write("    queue: {limit: %s", g.pick("0", "1", "2", "5", "unlimited"))
		if g.percent(40) {
			g.write(", order: %s", g.pick("fifo", "lifo", "adaptive_lifo", "priority"))
		}
		g.write("}\n")
	}
	g.writeProtection()
	g.write("    blocking: %v\n    balancing: %s\n", g.percent(60), g.pick("round_robin", "random", "least_requests", "power_of_two", "consistent_hash"))
	g.write("    zone_routing: %s\n", g.pick("any", "any", "prefer", "only"))
	if g.percent(30) {
		g.write("    balancer: per_caller\n")
	}
	if g.percent(25) {
		g.write("    outlier_ejection: {consecutive_errors: %d, eject: %s, max: %s}\n", g.between(1, 3), g.pick("100ms", "1s", "20s"), g.pick("10%", "50%", "100%"))
	}
	if g.percent(25) {
		g.write("    panic_threshold: %s\n", g.pick("0%", "50%", "70%"))
	}
	if !g.percent(65) {
		g.write("    health_check: none\n")
	} else {
		g.write("    health_check: {interval: %dms, unhealthy_after: %d, healthy_after: %d, timeout: %s}\n",
			g.between(100, 1500), g.between(1, 3), g.between(1, 3), g.pick("0", "0", "300ms"))
	}
	g.write("    replace: %v\n    startup: %s\n", g.percent(75), g.pick("0", "50ms", "{exponential: 700ms}", "5s"))
	g.write("    operations:\n")
	for o := len(g.calls[k]) - 1; o >= 0; o-- {
		g.write("      o%d:\n        work: %s\n", o, g.work())
		g.writeCalls(k, o)
	}
}

// writeProtection of a service: what it sheds and drops, and how it starts.
func (g *twinSystem) writeProtection() {
	var shed []string
	if g.percent(15) {
		shed = append(shed, fmt.Sprintf("max_in_flight: %d", g.between(1, 30)))
	}
	if g.percent(15) {
		shed = append(shed, "max_queue_delay: "+g.pick("3ms", "20ms", "100ms", "400ms"))
	}
	if g.percent(15) {
		shed = append(shed, "adaptive: gradient")
	}
	if len(shed) > 0 {
		g.write("    shedding: {%s}\n", strings.Join(shed, ", "))
	}
	if g.percent(30) {
		g.write("    cancel: true\n")
	}
	if g.percent(30) {
		g.write("    reads: %s\n", g.pick("tolerant", "strict"))
	}
	if g.percent(25) {
		g.write("    contention: %s\n", g.pick("1%", "20%"))
	}
	if g.percent(25) {
		g.write("    warm: {for: %s, slowdown: %s}\n", g.pick("1s", "3s", "40s"), g.pick("1", "2", "3.3"))
	}
}

// writeCalls of an operation, to services behind it or operations of its own
// service that are already known.
func (g *twinSystem) writeCalls(k, o int) {
	sum := 1.0
	var steps []string
	for range g.between(0, 3) {
		n := 1
		if g.percent(40) {
			n = g.between(1, 3)
		}
		var calls []string
		for range n {
			if c, weight := g.call(k, o); c != "" && sum+weight < 40 {
				calls = append(calls, c)
				sum += weight
			}
		}
		switch {
		case len(calls) == 0:
		case n == 1:
			steps = append(steps, calls[0])
		default:
			steps = append(steps, "["+strings.Join(calls, ", ")+"]")
		}
	}
	g.calls[k][o] = sum
	if len(steps) > 0 {
		g.write("        calls: [%s]\n", strings.Join(steps, ", "))
	}
}

func (g *twinSystem) call(k, o int) (string, float64) {
	service, operation := 0, 0
	to, weight := g.toCache(k)
	switch own := len(g.calls[k]) - 1 - o; {
	case to != "":
	case own > 0 && g.percent(4):
		service, operation = k, g.between(o+1, len(g.calls[k])-1)
	case k+1 < g.services:
		service = g.between(k+1, g.services-1)
		operation = g.between(0, len(g.calls[service])-1)
	default:
		return "", 0
	}
	times := 1
	aside := ""
	if to == "" {
		to, weight = fmt.Sprintf("s%d.o%d", service, operation), g.calls[service][operation]
		aside = g.aside()
	}
	text := "{to: " + to
	if aside != "" {
		text += ", " + aside
	}
	if g.percent(20) {
		times = g.between(2, 3)
		text += fmt.Sprintf(", times: %d", times)
	}
	if g.percent(30) {
		text += fmt.Sprintf(", probability: %d%%", g.between(0, 90))
	}
	options, tries := g.caller(30)
	return strings.Join(append([]string{text}, options...), ", ") + "}", float64(times) * tries * weight
}

// caller draws what calls and clients have in common, and how many attempts to
// expect. It is guarded with that probability, in percent, by each pattern.
func (g *twinSystem) caller(guarded int) (options []string, attempts float64) {
	add := func(f string, args ...any) { options = append(options, fmt.Sprintf(f, args...)) }
	switch g.between(0, 3) {
	case 1:
		add("optional: true")
	case 2:
		add("fallback: %s", g.pick("0", "0", "3ms", "{exponential: 4ms}"))
	}
	more, attempts := g.patterns(guarded)
	return append(options, more...), attempts
}

// patterns are those that do not end with an answer of another kind.
func (g *twinSystem) patterns(guarded int) (options []string, attempts float64) {
	add := func(f string, args ...any) { options = append(options, fmt.Sprintf(f, args...)) }
	if g.percent(85) {
		add("timeout: %s", g.timeout())
	}
	attempts = 1
	if g.percent(40) {
		n := g.between(1, 3)
		attempts += float64(n) / 2
		add("%s", g.retries(n, guarded))
	}
	if g.percent(50) {
		return options, attempts // plain
	}
	if g.percent(guarded) {
		add("breaker: {window: %s, min_requests: %d, error_rate: %d%%, open_for: %s, probes: %d}",
			g.pick("1s", "100ms", "10s"), g.between(1, 8), g.between(10, 100), g.pick("20ms", "100ms", "1s"), g.between(1, 3))
	}
	if g.percent(guarded) {
		add("bulkhead: %d", g.between(1, 4))
	}
	if g.percent(guarded) {
		add("throttle: {k: %s}", g.pick("1", "1.1", "2"))
	}
	if g.percent(guarded) {
		n := g.between(1, 3)
		attempts += float64(n) / 2
		add("hedge: {after: %s, max: %d}", g.pick("1ms", "5ms", "20ms", "60ms", "p50", "p95"), n)
	}
	return options, attempts
}

func (g *twinSystem) retries(n, guarded int) string {
	text := fmt.Sprintf("retries: {max: %d, jitter: %s", n, g.pick("full", "equal", "decorrelated", "none"))
	if g.percent(60) {
		text += fmt.Sprintf(", backoff: {initial: %s, factor: %s", g.pick("1us", "1ms", "7ms", "100ms"), g.pick("1", "2", "3.5"))
		if g.percent(50) {
			text += ", max: 250ms"
		}
		text += "}"
	}
	if g.percent(guarded) {
		text += ", on: [" + g.pick("timeout", "refused, rejected", "open, timeout", "error", "unavailable, error, timeout, rejected, refused, open") + "]"
	}
	if g.percent(guarded) {
		text += ", budget: " + g.pick("0%", "10%", "50%")
	}
	return text + "}"
}

func (g *twinSystem) writeTraffic() {
	g.write("traffic:\n")
	for k := range g.between(1, 2) {
		g.write("  t%d:\n", k)
		mean := g.writeDestinations()
		options, tries := g.caller(60)
		if g.percent(20) {
			options = append(options, fmt.Sprintf("times: %d", g.between(2, 3)))
			tries *= 3
		}
		if g.percent(20) {
			options = append(options, fmt.Sprintf("probability: %d%%", g.between(0, 90)))
		}
		if a := g.aside(); a != "" {
			options = append(options, a)
		}
		for _, o := range options {
			g.write("    %s\n", o)
		}
		requests := max(20, min(float64(g.between(60, 600)), 6000/(mean*tries)))
		if g.percent(30) {
			users := g.between(1, 4)
			think := max(1, int(1000*float64(g.seconds*users)/requests))
			if g.clockwork {
				g.write("    users: %d\n    think: %dms\n", users, think)
			} else {
				g.write("    users: %d\n    think: {exponential: %dms}\n", users, think)
			}
		} else {
			arrivals := g.pick("poisson", "poisson", "regular")
			if g.clockwork {
				arrivals = "regular"
			}
			g.write("    rate: %.3f/s\n    arrivals: %s\n", requests/float64(g.seconds), arrivals)
		}
		if g.percent(30) {
			var weights []string
			for _, z := range g.zones {
				weights = append(weights, fmt.Sprintf("%s: %d", z, g.between(0, 3)))
			}
			weights[0] = "a: 1"
			g.write("    enters: {%s}\n", strings.Join(weights, ", "))
		}
		if g.percent(40) {
			g.write("    priority: %s\n", g.pick("normal", "low", "high"))
		}
		if g.percent(30) {
			g.write("    entry_failover: %s\n", g.pick("300ms", "2s"))
		}
	}
}

// writeDestinations of a traffic; it returns the calls that a request sets off.
func (g *twinSystem) writeDestinations() float64 {
	if g.percent(60) {
		g.write("    to: s0\n")
		return g.calls[0][0]
	}
	var to []string
	mean := 0.0
	for k := range g.calls {
		for o := range g.calls[k] {
			if k == 0 || g.percent(30) {
				to = append(to, fmt.Sprintf("s%d.o%d: %d", k, o, g.between(1, 5)))
				mean = max(mean, g.calls[k][o])
			}
		}
	}
	g.write("    to: {%s}\n", strings.Join(to, ", "))
	return mean
}

// moment of a scenario.
func (g *twinSystem) moment() string {
	if g.percent(30) {
		return fmt.Sprintf("%ds", g.between(0, g.seconds))
	}
	return fmt.Sprintf("%dms", g.between(0, 1000*g.seconds))
}
