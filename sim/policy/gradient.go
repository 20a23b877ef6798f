package policy

// GradientRule bounds an adaptive limit on the requests in flight of a server.
type GradientRule struct {
	Initial, Min, Max int
}

// Gradient finds how many requests a server should hold, from how their latency
// (arrival to reply, with the queue) compares to what it was in the long run: the
// Gradient2 algorithm of Netflix' concurrency-limits, with its defaults (Netflix
// Technology Blog, "Performance Under Load", 2018, and the library's
// documentation). Once per window of a second, or as soon after as it has more
// than ten answers,
//
//	gradient = between 1/2 and 1: 1.5 × long-term / present latency
//	limit   ← 80% × limit + 20% × (gradient × limit + 4)
//
// So it grows by 0.8 a second while latency stands within 1.5 times the long-term
// mean, and shrinks by a tenth a second at most. The long-term mean is exponential
// over 600 windows, so a lasting overload becomes the new normal after minutes.
// The limit stands still while less than half of it is in use. The zero value
// begins with the rule's Initial.
type Gradient struct {
	limit    float64 // 0: not begun
	longTerm float64 // ns
	windows  int32   // that longTerm has seen, up to its warm-up

	since    int64 // the present window: its begin, or the first answer
	answers  int32
	inFlight int32 // most at once
	sum      int64 // of latencies, ns
}

const (
	gradientWindow    = 1_000_000_000 // ns
	gradientAnswers   = 10            // a window has more
	gradientTolerance = 1.5
	gradientQueue     = 4 // what the limit allows to wait
	gradientSmoothing = 0.2
	longTermWindows   = 600
	longTermWarmup    = 10 // windows of a plain mean at first
	longTermFall      = 0.95
)

// Limit on the requests in flight, at present.
func (g *Gradient) Limit(rule *GradientRule) int {
	if g.limit == 0 {
		return rule.Initial
	}
	return int(g.limit)
}

// Done tells of an answer: its latency in ns, and how many requests were in flight
// when its request arrived, it included.
func (g *Gradient) Done(rule *GradientRule, now, latency int64, inFlight int) {
	if g.limit == 0 {
		g.limit, g.since = float64(rule.Initial), now
	}
	g.answers++
	g.sum += latency
	g.inFlight = max(g.inFlight, int32(inFlight))
	if now-g.since >= gradientWindow && g.answers > gradientAnswers {
		g.adjust(rule, max(1, float64(g.sum)/float64(g.answers)), float64(g.inFlight))
		g.since, g.answers, g.sum, g.inFlight = now, 0, 0, 0
	}
}

func (g *Gradient) adjust(rule *GradientRule, present, inFlight float64) {
	g.remember(present)
	long := g.longTerm
	if long > 2*present { // the end of an overload need not be waited for
		g.longTerm = float64(g.longTerm * longTermFall)
	}
	if inFlight < g.limit/2 {
		return
	}
	gradient := max(0.5, min(1, float64(gradientTolerance*long)/present))
	next := float64(g.limit*gradient) + gradientQueue
	next = float64(g.limit*(1-gradientSmoothing)) + float64(next*gradientSmoothing)
	g.limit = max(float64(rule.Min), min(float64(rule.Max), next))
}

// remember a window's latency in the long-term mean.
func (g *Gradient) remember(present float64) {
	weight := 2.0 / (longTermWindows + 1)
	if g.windows < longTermWarmup {
		g.windows++
		weight = 1 / float64(g.windows)
	}
	g.longTerm += float64(weight * (present - g.longTerm))
}
