package policy

// BreakerRule is when a circuit breaker opens and how it tries again. Times in ns.
type BreakerRule struct {
	Window      int64   // outcomes of attempts are counted over so long
	MinRequests int     // fewer outcomes in the window say nothing
	ErrorRate   float64 // share of failed ones from which on it opens
	OpenFor     int64   // then nothing passes for so long
	Probes      int     // then so many attempts pass, and all must succeed
}

// BreakerState is where a breaker stands.
type BreakerState uint8

// A closed breaker lets everything pass, an open one nothing, a half-open one its
// probes.
//
//	        error rate reached              an attempt after open_for
//	closed ───────────────────▶ open ◀───────────────────▶ half-open
//	   ▲                             one probe failed          │
//	   └───────────────────────────────────────────────────────┘
//	                       all probes succeeded
const (
	Closed BreakerState = iota
	Open
	HalfOpen
)

// Breaker is the state of one caller's circuit breaker (Nygard, "Release It!",
// 2nd ed. 2018, ch. 5). It is judged at every outcome, as Hystrix and resilience4j
// do: open if at least MinRequests outcomes lie in the window and their failed
// share is ErrorRate or more. The window is a ring of ten parts. Outcomes of
// attempts that were let pass before the state last changed count for nothing (as
// the generations of sony/gobreaker): they speak of another time. The zero value
// is closed.
//
// The state changes only within Allow and Done: an open breaker which nobody
// asks stays open.
type Breaker struct {
	outcomes   window // a: all, b: failed
	since      int64  // open: when it opened; half-open: the latest probe
	generation uint32 // counts the changes of state
	probes     int32  // half-open: passed and not given up
	succeeded  int32  // half-open: answered well
	state      BreakerState
}

// State of the breaker.
func (b *Breaker) State() BreakerState { return b.state }

// Allow says whether an attempt may be made now. If so, ticket must be handed
// back with its outcome to Done, or to Forget if there will be none.
//
// Should all probes be out and the latest be unanswered for OpenFor, as many may
// be sent anew: a lost answer cannot hold the breaker half-open forever (Hystrix
// too tries again after each sleep window).
func (b *Breaker) Allow(rule *BreakerRule, now int64) (ticket uint32, ok bool) {
	if b.state == Closed {
		return b.generation, true
	}
	return b.allowProbe(rule, now)
}

// allowProbe is Allow of a breaker that is not closed.
func (b *Breaker) allowProbe(rule *BreakerRule, now int64) (ticket uint32, ok bool) {
	late := now-b.since >= rule.OpenFor
	if b.state == Open {
		if !late {
			return 0, false
		}
		b.enter(HalfOpen, now)
	}
	if int(b.probes) >= rule.Probes {
		if !late {
			return 0, false
		}
		b.probes = b.succeeded
	}
	b.probes++
	b.since = now
	return b.generation, true
}

// Done tells the outcome of an attempt that was allowed.
func (b *Breaker) Done(rule *BreakerRule, now int64, ticket uint32, failed bool) {
	switch {
	case ticket != b.generation || b.state == Open:
	case b.state == Closed:
		outcome := pair{a: 1}
		if failed {
			outcome.b = 1
		}
		b.outcomes.add(rule.Window, now, outcome)
		n, bad := b.outcomes.sum.a, b.outcomes.sum.b
		if int(n) >= rule.MinRequests && bad > 0 && float64(bad)/float64(n) >= rule.ErrorRate {
			b.enter(Open, now)
		}
	case failed:
		b.enter(Open, now)
	default:
		b.succeeded++
		b.probes = max(b.probes, b.succeeded) // it may have been given up
		if int(b.succeeded) >= rule.Probes {
			b.enter(Closed, now)
		}
	}
}

// Forget an attempt that was allowed and will have no outcome, such as a hedge
// that lost: a probe's place becomes free.
func (b *Breaker) Forget(ticket uint32) {
	if ticket == b.generation && b.probes > b.succeeded {
		b.probes--
	}
}

func (b *Breaker) enter(s BreakerState, now int64) {
	*b = Breaker{state: s, since: now, generation: b.generation + 1}
}
