package sim

import (
	"fmt"
	"strings"
)

// Random scenarios of the twin's systems.

func (g *twinSystem) writeScenario() {
	g.write("scenarios:\n  chaos:\n    faults:\n")
	for range g.between(1, 4) {
		kinds := []func() string{g.monkey, g.kill, g.gorilla, g.gorilla, g.pause, g.pause, g.delay, g.slow, g.errors, g.badData, g.partition, g.loss, g.surge, g.failures}
		if len(g.fronts)+g.asides > 0 {
			kinds = append(kinds, g.flush, g.flush)
		}
		if len(g.regions) > 0 {
			kinds = append(kinds, g.kong)
		}
		g.write("      - {%s, at: %s", kinds[g.between(0, len(kinds)-1)](), g.moment())
		if g.percent(80) {
			g.write(", for: %dms", g.between(1, 600*g.seconds))
		}
		g.write("}\n")
	}
}

// mode of dying.
func (g *twinSystem) mode() string { return g.pick("", "", ", mode: refuse", ", mode: blackhole") }

// struck services, perhaps of some zones.
func (g *twinSystem) struck() string {
	var services []string
	for k := range g.services {
		if k == 0 || g.percent(60) {
			services = append(services, fmt.Sprintf("s%d", k))
		}
	}
	what := "services: [" + strings.Join(services, ", ") + "]"
	if len(g.fronts)+g.asides > 0 && g.percent(60) {
		what += ", caches: \"*\""
	}
	if g.percent(20) {
		what += ", zones: " + g.pick("["+g.pick(g.zones...)+"]", "each", "random")
	}
	return what
}

// part of the instances that are struck.
func (g *twinSystem) part() string {
	return g.pick("", "", ", count: 1", ", count: 3", ", share: 50%", ", share: 100%")
}

func (g *twinSystem) monkey() string {
	return fmt.Sprintf("monkey: {%s, every: %dms, probability: %d%%, max_per_run: %d, group_by: %s%s}", g.struck(),
		g.between(200, 3000), g.between(10, 100), g.between(1, 2), g.pick("service", "service_zone"), g.mode())
}

func (g *twinSystem) kill() string { return "kill: {" + g.struck() + g.part() + g.mode() + "}" }

func (g *twinSystem) gorilla() string {
	text := fmt.Sprintf("gorilla: {zone: %s, refuse_capacity_elsewhere: %s, restart: %v%s", g.pick(append(g.zones, "random", "each")...),
		g.pick("0%", "50%", "100%"), g.percent(80), g.mode())
	if g.percent(30) {
		text += fmt.Sprintf(", surrender: %dms", g.between(1, 3000))
	}
	if g.percent(40) {
		text += fmt.Sprintf(", shift_after: %dms", g.between(0, 5000))
	}
	return text + "}"
}

func (g *twinSystem) kong() string {
	return fmt.Sprintf("kong: {region: %s, dns_ttl: %s, surrender: %s, restart: %v%s}", g.pick(append(g.regions, "random", "each")...),
		g.pick("0", "1s", "20s"), g.pick("0s", "0s", "700ms"), g.percent(80), g.mode())
}

func (g *twinSystem) pause() string { return "pause: {" + g.struck() + g.part() + "}" }

func (g *twinSystem) delay() string {
	text := "latency: {" + g.struck() + g.part() + ", add: " + g.late()
	if g.percent(40) {
		text += ", operations: [s0.o0]"
	}
	return text + "}"
}

func (g *twinSystem) slow() string {
	return "latency: {" + g.struck() + g.part() + ", slowdown: " + g.pick("1.5", "2", "10") + "}"
}

func (g *twinSystem) errors() string {
	text := fmt.Sprintf("errors: {%s%s, rate: %d%%", g.struck(), g.part(), g.between(1, 100))
	if g.percent(40) {
		text += ", operations: [s0.o0]"
	}
	return text + "}"
}

func (g *twinSystem) badData() string {
	return fmt.Sprintf("bad_data: {%s%s, rate: %d%%, salvage: %d%%}", g.struck(), g.part(), g.between(1, 100), g.between(0, 100))
}

// side of messages.
func (g *twinSystem) side() string {
	service := fmt.Sprintf("s%d", g.between(0, g.services-1))
	zone := g.pick(g.zones...)
	return g.pick(zone, service, "each", "random", "{services: ["+service+"], zones: ["+zone+"]}")
}

func (g *twinSystem) partition() string {
	text := "partition: {from: " + g.side()
	if g.percent(50) {
		service, zone := fmt.Sprintf("s%d", g.between(0, g.services-1)), g.pick(g.zones...)
		text = g.pick("partition: {from: "+service+", to: "+zone, "partition: {from: "+zone+", to: "+service)
	}
	return text + fmt.Sprintf(", one_way: %v", g.percent(30)) + g.mode() + "}"
}

func (g *twinSystem) loss() string {
	return fmt.Sprintf("loss: {from: %s, to: %s, one_way: %v, rate: %d%%}", g.side(), g.pick("\"*\"", g.side()), g.percent(30), g.between(1, 100))
}

func (g *twinSystem) surge() string {
	return fmt.Sprintf("surge: {traffic: %s, factor: %s}", g.pick("\"*\"", "[t0]"), g.pick("0.1", "0.5", "2", "3.7"))
}

func (g *twinSystem) failures() string {
	struck := strings.Replace(g.struck(), `, caches: "*"`, "", 1) // enough fail as it is
	text := fmt.Sprintf("failures: {%s, mttf: %dms, mttr: %s", struck, g.between(300, 5000), g.pick("1ms", "300ms", "{uniform: {min: 1ms, max: 4s}}"))
	if g.percent(25) {
		text = fmt.Sprintf("failures: {zones: [%s], mttf: %dms, mttr: 600ms", g.pick(g.zones...), g.between(1000, 8000))
	}
	if g.percent(35) {
		return text + ", mode: pause}"
	}
	return text + g.mode() + "}"
}

func (g *twinSystem) late() string {
	if g.clockwork {
		return g.pick("1ms", "5ms", "200ms")
	}
	return g.pick("1ms", "{exponential: 20ms}", "{normal: {mean: 1s, stddev: 500ms}}")
}
