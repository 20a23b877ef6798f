package sim

import "fmt"

// Caches of the twin's random systems: c0, c1 stand in front of an operation of a
// service, l0 and l1 are asked aside.

// twinFront is a cache in front of something.
type twinFront struct{ service, operation int }

func (g *twinSystem) drawCaches() {
	if !g.percent(45) {
		return
	}
	for range g.between(0, 2) {
		k := g.between(0, g.services-1)
		g.fronts = append(g.fronts, twinFront{k, g.between(0, len(g.calls[k])-1)})
	}
	g.asides = g.between(0, 2)
}

func (g *twinSystem) writeCaches() {
	if len(g.fronts)+g.asides == 0 {
		return
	}
	g.write("caches:\n")
	for k, f := range g.fronts {
		options, _ := g.patterns(30)
		text := fmt.Sprintf("{to: s%d.o%d", f.service, f.operation)
		for _, o := range options {
			text += ", " + o
		}
		g.writeCache(fmt.Sprintf("c%d", k), text+"}")
	}
	for k := range g.asides {
		g.writeCache(fmt.Sprintf("l%d", k), "")
	}
}

func (g *twinSystem) writeCache(name, fetch string) {
	g.write("  %s:\n    work: %s\n    concurrency: %s\n", name, g.work(), g.pick("unlimited", "1", "2", "4"))
	if fetch != "" {
		g.write("    in_front_of: %s\n", fetch)
	}
	g.write("    instances: %s\n", g.pick("1", "3", "{per_zone: 1}", "{per_zone: 2}"))
	g.write("    replace: %v\n    startup: %s\n", g.percent(75), g.pick("0", "50ms", "{exponential: 700ms}"))
	if g.percent(30) {
		g.write("    health_check: none\n")
	} else {
		g.write("    health_check: {interval: %dms, unhealthy_after: %d, healthy_after: %d}\n", g.between(100, 1500), g.between(1, 3), g.between(1, 3))
	}
	if g.percent(20) {
		g.write("    hit_rate: %d%%\n    refill: %s\n", g.between(0, 100), g.pick("0", "1s", "7s"))
		return
	}
	g.write("    keys: %s\n    popularity: %s\n", g.pick("1", "4", "30", "1M"), g.pick("uniform", "{zipf: 0.99}", "{zipf: 2}"))
	g.write("    capacity: %s\n    eviction: %s\n", g.pick("unlimited", "1", "3", "10"), g.pick("lru", "lfu", "fifo"))
	if g.percent(60) {
		g.write("    ttl: %s\n    refresh: %v\n", g.pick("50ms", "500ms", "3s"), g.percent(30))
	}
	if g.percent(50) {
		g.write("    serve_stale: {on_error: %v, max_age: %s}\n", g.percent(90), g.pick("1ms", "300ms", "1h"))
	}
	g.write("    coalesce: %v\n", g.percent(60))
	hashing := g.pick("consistent", "modulo", "jump", "rendezvous")
	g.write("    hashing: %s\n", hashing)
	if hashing == "consistent" {
		g.write("    vnodes: %d\n", g.between(1, 20))
	}
}

// toCache draws a cache in front of what service k may call; "" if there is none.
func (g *twinSystem) toCache(k int) (string, float64) {
	for c, f := range g.fronts {
		if f.service > k && g.percent(40) {
			return fmt.Sprintf("c%d", c), g.calls[f.service][f.operation]
		}
	}
	return "", 0
}

// aside asks a cache first, sometimes.
func (g *twinSystem) aside() string {
	if g.asides == 0 || !g.percent(40) {
		return ""
	}
	cache := fmt.Sprintf("l%d", g.between(0, g.asides-1))
	return "cache: " + g.pick(cache, "{to: "+cache+", timeout: "+g.timeout()+"}")
}

func (g *twinSystem) flush() string { return "cache_flush: {caches: \"*\"" + g.part() + "}" }
