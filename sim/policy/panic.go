package policy

// NeverPanic is the threshold of a balancer that uses healthy instances only, and
// fails requests when there are none.
const NeverPanic = -1

// Panic says whether a balancer should ignore health and use all instances: so few
// are believed healthy that the rest would be overrun, or the belief is wrong. The
// threshold is a share, as Envoy's healthy_panic_threshold (50% there; "Panic
// threshold" in its architecture overview); at 0 only none healthy is too few.
func Panic(threshold float64, healthy, all int) bool {
	return threshold >= 0 && all > 0 && (healthy == 0 || float64(healthy)/float64(all) < threshold)
}
