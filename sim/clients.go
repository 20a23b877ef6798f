package sim

import (
	"math"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
)

// client is the state of one traffic.
type client struct {
	m      *trafficModel
	key    uint64    // of its stream in this run
	gaps   des.Rand  // of its arrivals
	next   des.Event // its next arrival; Never for a closed loop
	count  uint64    // requests begun
	demand []uint64
	surge  surge
	usual  bool  // every arrival makes its first request
	gates  int32 // the first of them
	clientMeter
}

// leastPause is how long a user of a closed loop waits at least after a request
// that took no time at all: nobody clicks infinitely often, and time must go on.
const leastPause = 1_000_000

func (w *World) openTraffic() {
	w.traffic = make([]client, len(w.m.traffic))
	for k := range w.traffic {
		c := &w.traffic[k]
		c.m = &w.m.traffic[k]
		c.key = des.Mix(w.seed, c.m.stream)
		c.gaps = des.From(c.key, forEntry)
		c.next.At = des.Never
		c.surge.open(c)
		c.usual = c.m.probability == 1
		c.demand = make([]uint64, w.m.zones)
		c.gates = w.openGates(c.m.guarded, c.key)
		w.openClientMeter(c)
		if c.m.gap > 0 {
			first := w.now
			if !c.m.regular {
				first += c.gap()
			}
			c.next = des.NewEvent(first, w.nextSeq(), uint32(k))
		}
		for range c.m.users {
			w.arriveUser(k)
		}
	}
	w.earliest()
	w.outside()
}

// gap to the next arrival of a Poisson process, in whole ns.
func (c *client) gap() des.Time { return des.Time(float64(c.gaps.Exp()*c.m.gap) + 0.5) }

// earliest finds the next arrival of all traffics.
func (w *World) earliest() {
	w.arrival.At = des.Never
	for k := range w.traffic {
		if next := w.traffic[k].next; next.Before(w.arrival) {
			w.arrival = next
		}
		if more := w.traffic[k].surge.next; more.Before(w.arrival) {
			w.arrival = more
		}
	}
}

// arrive plays the next arrival and sets the one after it.
func (w *World) arrive() {
	w.played++
	if k := int(w.arrival.ID()); k >= len(w.traffic) {
		w.arriveExtra(k - len(w.traffic))
		return
	}
	c := &w.traffic[w.arrival.ID()]
	if !c.usual {
		w.arrivePerhaps(c)
	} else {
		i, f := w.frames.take()
		f.edge = c.m.edges[0]
		w.send(i, f)
	}
	next := w.now
	if c.m.regular {
		// From the count, so that a rate that is no whole number of ns does not drift.
		next = -int64(w.m.topology.Simulation.Warmup) + int64(math.Round(float64(c.count)*c.m.gap))
	} else {
		next += c.gap()
	}
	c.next = des.NewEvent(next, w.nextSeq(), w.arrival.ID())
	if len(w.traffic) == 1 && !w.surging {
		w.arrival = c.next
	} else {
		w.earliest()
	}
	w.outside()
}

// enter completes a client's attempt: the request's key and destination, if it
// is the first, and the zone through which it comes in. It returns nil if the
// attempt does not get into the system.
func (w *World) enter(i int32, f *frame, e *edgeModel) *edgeModel {
	c := &w.traffic[e.client]
	first := f.attempt == 0 && f.pending == 0
	if first {
		f.key = c.keyOf(f)
		f.ref = uint64(w.now)
		f.mark = c.m.mark
		if len(c.m.share) > 1 {
			r := des.From(f.key, forChoice)
			f.edge = c.m.edges[int(e.turn)*len(c.m.share)+among(c.m.share, r.Float64())]
			e = &w.edges[f.edge]
		}
		if e.keying != inheritsKey {
			f.key = e.rekey(f.key)
		}
		c.counted.requests++
		c.counted.attempts++
	} else if e.guard == nil {
		w.meter.attempted(c, des.Time(f.ref))
	}
	z, in := c.m.onlyEntry, true
	if z < 0 || w.zones[z].avoided {
		z, in = w.entry(c, f)
	}
	if first {
		c.demand[z]++
	}
	if e.guard != nil && !w.passClient(i, f, e, first) {
		return nil
	}
	if !in {
		if w.spans != nil {
			w.spans.staysOut(w, f)
		}
		w.startTimer(i, f, e.timer)
		f.state = gone
		return nil
	}
	f.zone = uint8(z)
	return e
}

// clientSettled: a client has its answer, or has given up waiting for it.
func (w *World) clientSettled(f *frame, e *edgeModel, o outcome) {
	c := &w.traffic[e.client]
	first := des.Time(f.ref)
	if o.kind == trace.None && first >= w.meter.cut { // the usual case, in short
		c.answered++
		c.counted.ended[trace.None]++
		c.latency.now.record(w.now - first)
	} else {
		if o.failed() {
			if e.triesAgain(f, o) {
				w.retry(f, e, f.key)
			} else {
				w.clientFailed(f, e, f.ref, f.key, o)
			}
			return
		}
		w.meter.ended(c, first, w.now, o)
	}
	if c.m.follows {
		w.follow(e, w.firstKey(f), first)
	}
}

// clientFailed: a client's request has failed for good, unless it can do without
// the answer. ref is when it was first made, key that of its last try.
func (w *World) clientFailed(f *frame, e *edgeModel, ref, key uint64, o outcome) {
	switch {
	case e.fallback:
		w.substitute(f, e, ref, key, o)
		return
	case e.optional:
		o.kind = asDegraded
	}
	w.clientDone(e, key-uint64(f.attempt)*w.m.perTry, des.Time(ref), o)
}

// clientDone: the request that a client first made at `first`, with that key, has
// its outcome.
func (w *World) clientDone(e *edgeModel, key uint64, first des.Time, o outcome) {
	c := &w.traffic[e.client]
	if w.spans != nil {
		w.spans.over(w, key, o)
	}
	w.meter.ended(c, first, w.now, o)
	if c.m.follows {
		w.follow(e, key, first)
	}
}

// thinkAfter: a user whose request is over pauses.
func (w *World) thinkAfter(e *edgeModel, key uint64, first des.Time) {
	pause := des.Time(0)
	if first == w.now {
		pause = leastPause
	}
	w.think(int(e.client), des.Mix(key, forThink), pause)
}

// passClient is pass for a client's attempt, whose call begins with the first. One
// that is kept back was not made.
func (w *World) passClient(i int32, f *frame, e *edgeModel, first bool) bool {
	c := &w.traffic[e.client]
	if first {
		w.openCall(f, e, c.gates)
		if e.guard.aside != nil {
			c.counted.attempts-- // the question is none
			w.askCache(i, f, e)
			return false
		}
		passed := w.pass(i, f, e)
		if !passed {
			c.counted.attempts--
		}
		return passed
	}
	if e.guard.asksFor >= 0 {
		return w.pass(i, f, e)
	}
	made := des.Time(w.calls.all[f.ref].ref)
	passed := w.pass(i, f, e)
	if passed {
		w.meter.attempted(c, made)
	}
	return passed
}

// think: a user of a closed loop pauses before the next request. Its key follows
// from that of the user's last one, so that a user's luck does not depend on whose
// answer came first.
func (w *World) think(k int, key uint64, least des.Time) {
	c := &w.traffic[k]
	if c.surge.there > c.surge.users {
		c.surge.there--
		return
	}
	r := des.From(key, forThink)
	pause := max(least, c.m.think.delay.Sample(&r))
	turn := 0
	if c.m.probability < 1 {
		key, turn, pause = w.thinkOn(c, key, pause)
	}
	i, f := c.request(w, key, turn)
	f.state = paused
	w.set.Push(des.NewEvent(w.now+pause, w.nextSeq(), uint32(i)))
}
