package sim

import (
	"math"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// The caller's side in the twin: clients, attempts, retries, fallbacks.

// twinRequest is one attempt of a call.
type twinRequest struct {
	id       uint64
	key      uint64
	turn     uint64 // of a client's: the key of the first attempt at it
	call     *topology.Call
	client   *twinClient  // nil for calls between services
	parent   *twinRequest // that made the call, nil for clients
	of       *twinCall    // what it has in common with other attempts of the call
	try      int          // 0 = first attempt
	asks     bool         // a look-aside cache
	found    bool         // there, or by somebody else who fetched it
	hedge    bool         // made beside another attempt of its try
	ticket   uint32       // of the breaker
	wait     int64        // backoff before this attempt, not rounded
	zone     int          // of the caller, or where the client came in
	first    int64        // when a client's first attempt was made
	sent     int64
	awaited  bool // its caller waits
	giveUp   *moment
	balancer *twinBalancer // that picked
	count    *twinCount    // of the component it was sent to
	whole    *twinCount    // of the client's request

	priority topology.Priority

	inst    *twinInstance
	arrived int64
	place   twinPlace
	pending int // calls of this step without an answer
	step    int
	end     *moment // of the own work
	nth     int     // of its arrival's requests

	twinAnswer
}

// twinAnswer is what a caller learns.
type twinAnswer struct {
	reason   trace.Reason
	degraded bool
	root     trace.Reason
	cause    int // service
}

// blamed fails an answer.
func blamed(reason, root trace.Reason, cause int) twinAnswer {
	return twinAnswer{reason: reason, root: root, cause: cause}
}

func (a *twinAnswer) degrade(cause int, root trace.Reason) {
	if !a.degraded {
		*a = twinAnswer{degraded: true, root: root, cause: cause}
	}
}

type twinClient struct {
	caller  twinCaller
	t       *topology.Traffic
	key     uint64
	draws   des.Rand
	begun   uint64
	record  []*twinCount // requests by their first attempt
	gates   twinGates
	tries   []twinTry
	answers []twinSpan
	entered []twinEntry
	surge   twinSurge
}

func (tw *twin) openTraffic() {
	for _, t := range tw.top.Traffic {
		c := &twinClient{t: t, key: des.Mix(tw.seed, des.Stream(0, "traffic", t.Name))}
		c.draws = des.From(c.key, forEntry)
		c.surge = twinSurge{factor: 1, gaps: des.From(des.Mix(c.key, forSurge), forEntry), users: t.Users, there: t.Users}
		tw.clients = append(tw.clients, c)
		switch {
		case t.Users > 0:
			for user := range t.Users {
				tw.think(c, des.Mix(c.key, uint64(user)), 0)
				c.surge.begun++
			}
		case t.Rate > 0 && t.Arrivals == topology.RegularArrivals:
			tw.at(tw.now, twinEvent, func() { tw.arrive(c) })
		case t.Rate > 0:
			tw.at(tw.now+c.gap(), twinEvent, func() { tw.arrive(c) })
		}
	}
}

func (c *twinClient) gap() int64 { return int64(float64(c.draws.Exp()*(1e9/c.t.Rate)) + 0.5) }

// arrive: a request of an open loop, and then the next one.
func (tw *twin) arrive(c *twinClient) {
	if c.staysAway() {
		c.begun++
	} else {
		key := des.Mix(c.key, c.begun)
		c.begun++
		tw.makeFrom(c, key, 0, 0)
	}
	next := tw.now
	if c.t.Arrivals == topology.RegularArrivals {
		next = -int64(tw.top.Simulation.Warmup) + int64(math.Round(float64(c.begun)*(1e9/c.t.Rate)))
	} else {
		next += c.gap()
	}
	tw.at(next, twinEvent, func() { tw.arrive(c) })
}

// think: a user pauses, then asks.
func (tw *twin) think(c *twinClient, key uint64, least int64) {
	if c.surge.there > c.surge.users {
		c.surge.there--
		return
	}
	pause := max(least, sampled(c.t.Think, key, forThink))
	for tw.makeFrom(c, key, 0, pause) == nil && tw.now+pause <= tw.end {
		key = des.Mix(key, forThink)
		pause += max(int64(time.Millisecond), sampled(c.t.Think, key, forThink))
	}
}

// makeFrom makes the first request that is to be made of those from the nth of an
// arrival on, after a pause.
func (tw *twin) makeFrom(c *twinClient, key uint64, nth int, pause int64) *twinRequest {
	for call := c.t.To[0].Call; nth < call.Times; nth++ {
		if draw := des.From(key, forCall); draw.Float64() >= call.Probability {
			key = des.Mix(key, forTurn)
			continue
		}
		r := tw.request(twinRequest{client: c, key: key, nth: nth})
		if pause == 0 {
			tw.send(r)
		} else {
			tw.at(tw.now+pause, twinEvent, func() { tw.send(r) })
		}
		return r
	}
	return nil
}

func (tw *twin) request(r twinRequest) *twinRequest {
	tw.requests++
	r.id = tw.requests
	return &r
}

// send makes an attempt.
func (tw *twin) send(r *twinRequest) {
	r.sent = tw.now
	in := true
	if r.client != nil {
		in = tw.enter(r)
	}
	if r.of == nil {
		tw.beginCall(r)
		if r.call.Cache != nil {
			tw.askCache(r)
			return
		}
	}
	if r.asks {
		// passes no gate, and is no attempt of a client
	} else if reason := tw.ask(r); reason != trace.None {
		if !r.hedge {
			tw.settle(r, blamed(reason, reason, r.call.To.Service))
		}
		return
	}
	if r.client != nil && !r.asks {
		r.client.tries = append(r.client.tries, twinTry{tw.now, r.first})
	}
	if !in {
		tw.await(r)
		return
	}
	s := tw.services[r.call.To.Service]
	r.count = tw.counted(&s.attempts)
	r.inst = tw.pick(s, r)
	if r.inst == nil {
		tw.settle(r, blamed(trace.Unavailable, trace.Unavailable, s.index))
		return
	}
	tw.inFlight[r.inst.id]++
	tw.await(r)
	caller, server := r.ends()
	switch arrives, refused := tw.fate(r.key, forLoss, caller, server); {
	case refused:
		r.twinAnswer = blamed(trace.Refused, trace.Refused, s.index)
		trip := sampled(tw.hop(r.zone, r.inst.zone), r.key, forHop) + sampled(tw.hop(r.inst.zone, r.zone), r.key, forReply)
		if trip == 0 {
			tw.replied(r)
		} else {
			tw.at(tw.now+trip, twinEvent, func() { tw.replied(r) })
		}
	case arrives:
		tw.after(tw.hop(r.zone, r.inst.zone), r.key, forHop, func() { tw.reach(r) })
	}
}

// enter completes a client's attempt; false if it comes to a lost zone.
func (tw *twin) enter(r *twinRequest) bool {
	c := r.client
	if r.of == nil {
		r.first, r.priority, r.turn = tw.now, c.t.Priority, r.key
		r.call = c.t.To[0].Call
		if len(c.t.To) > 1 {
			draw := des.From(r.key, forChoice)
			u, sum := draw.Float64(), 0.0
			for _, to := range c.t.To {
				r.call = to.Call
				if sum += to.Weight; u < sum {
					break
				}
			}
		}
		r.whole = tw.counted(&c.record)
	}
	if r.of == nil {
		r.key = tw.dataKey(r.call, nil, r.key)
		if r.turn != 0 {
			r.turn = r.key
		}
	}
	z, in := tw.entry(c, r)
	if r.of == nil {
		c.entered = append(c.entered, twinEntry{tw.now, z})
	}
	r.zone = z
	return in
}

// await: the caller waits until the timeout.
func (tw *twin) await(r *twinRequest) {
	r.awaited = true
	tw.setGiveUp(r, tw.now+max(1, int64(r.call.Timeout)))
}

func (tw *twin) setGiveUp(r *twinRequest, at int64) {
	r.giveUp = tw.at(at, twinTimeout, func() {
		if p := r.parent; p != nil && p.place == atCalls && p.inst.frozen {
			p.inst.overdue = append(p.inst.overdue, r)
			return
		}
		tw.waitNoMore(r)
		tw.settle(r, blamed(trace.Timeout, trace.Timeout, r.call.To.Service))
	})
	r.giveUp.length = max(1, int64(r.call.Timeout))
}

func (tw *twin) waitNoMore(r *twinRequest) {
	r.awaited, r.giveUp.off = false, true
	if r.inst != nil {
		tw.inFlight[r.inst.id]--
	}
}

// replied: an answer has come back.
func (tw *twin) replied(r *twinRequest) {
	if r.awaited && !tw.heldBack(r, func() { tw.replied(r) }) {
		tw.waitNoMore(r)
		tw.settle(r, r.twinAnswer)
	}
}

// settle tells whoever made the attempt what became of it.
func (tw *twin) settle(r *twinRequest, a twinAnswer) {
	if r.count != nil {
		r.count.ended, r.count.over, r.count.twinAnswer = true, tw.now, a
	}
	if a.reason != trace.None && a.reason == a.root {
		a.cause = tw.withFault(a.cause, tw.touching(r, a.reason))
	}
	if r.asks {
		tw.asked(r, a)
		return
	}
	if !tw.decides(r, a) {
		return
	}
	p := r.parent
	heard := r.client != nil || p.place == atCalls
	switch {
	case a.reason != trace.None && heard && tw.mayRetry(r, a.reason):
		tw.retry(r)
		return
	}
	if r.call.Cache != nil {
		a = tw.endAside(r, a)
	}
	switch {
	case !heard, r.client == nil && p.place != atCalls: // nobody is there to hear
	case a.reason != trace.None && r.call.Fallback != nil:
		tw.after(*r.call.Fallback, r.of.key, forSubstitute, func() { tw.goWithout(r, a) })
	case a.reason != trace.None && r.call.Optional:
		tw.goWithout(r, a)
	case r.client != nil:
		tw.clientDone(r, a)
	case a.reason == trace.None:
		if a.degraded {
			p.degrade(a.cause, a.root)
		}
		tw.join(p)
	default:
		p.twinAnswer = blamed(trace.Dependency, a.root, a.cause)
		tw.finish(p)
	}
	r.of.over = true
}

// goWithout: a caller does without the answer of a call.
func (tw *twin) goWithout(r *twinRequest, a twinAnswer) {
	if r.client != nil {
		tw.clientDone(r, twinAnswer{degraded: true, root: a.root, cause: a.cause})
		return
	}
	switch p := r.parent; {
	case p.place != atCalls:
	case p.inst.frozen:
		p.inst.inbox = append(p.inst.inbox, twinIce{do: func() { tw.goWithout(r, a) }})
	default:
		p.degrade(a.cause, a.root)
		tw.join(p)
	}
}

func (tw *twin) retry(r *twinRequest) {
	again := tw.request(twinRequest{
		key: tw.tryKey(r.of.key, 1), call: r.call, client: r.client, parent: r.parent, of: r.of,
		try: r.try + 1, zone: r.zone, first: r.first, whole: r.whole, turn: r.turn, nth: r.nth, priority: r.priority,
	})
	t := r.call.Retries
	b := policy.Backoff{Initial: int64(t.Initial), Factor: t.Factor, Cap: int64(t.Cap), Jitter: policy.Jitter(t.Jitter)}
	draw := des.From(again.key, forBackoff)
	again.wait = b.Wait(again.try, r.wait, draw.Float64())
	pause := time.Duration(again.wait).Round(time.Microsecond)
	if pause == 0 && r.sent == tw.now {
		pause = time.Microsecond
	}
	if pause == 0 {
		tw.send(again)
		return
	}
	tw.at(tw.now+int64(pause), twinEvent, func() { tw.resume(again) })
}

// resume makes a retry after its pause, if who would have made it is still there.
func (tw *twin) resume(r *twinRequest) {
	switch p := r.parent; {
	case p == nil:
		tw.send(r)
	case tw.heldBack(r, func() { tw.resume(r) }):
	case p.place == atCalls && !tw.cancelled(p):
		tw.send(r)
	default:
		tw.closeCall(r.of, false)
	}
}

// clientDone: a client's request has its outcome.
func (tw *twin) clientDone(r *twinRequest, a twinAnswer) {
	c := r.client
	tw.blaming.count(a)
	r.whole.ended, r.whole.over, r.whole.twinAnswer = true, tw.now, a
	if a.reason == trace.None {
		c.answers = append(c.answers, twinSpan{r.first, tw.now, tw.now - r.first})
	}
	if a.root != trace.None && r.first >= 0 {
		tw.blame(a, r.first)
	}
	least, soon := int64(0), int64(0)
	if r.first == tw.now {
		least, soon = int64(time.Millisecond), int64(time.Microsecond)
	}
	if tw.makeFrom(c, des.Mix(r.turn, forTurn), r.nth+1, soon) == nil && c.t.Users > 0 {
		tw.think(c, des.Mix(r.turn, forThink), least)
	}
}
