package sim

import (
	"fmt"
	"math"

	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// An arrival of a client makes `times` requests, one after the other: the next when
// the one before has its outcome, whatever that is. Each is made with `probability`,
// by itself, and is a request of its own. Which turn it is, its edge says: every turn
// has a copy of the first one's edges, with the same gates.

// addTurns copies the edges of a traffic's first turn, the last ones added, for the
// others.
func (m *Model) addTurns(c *trafficModel, call *topology.Call) error {
	c.turns, c.probability = max(1, call.Times), call.Probability
	c.follows = c.users > 0 || c.turns > 1
	first := int(c.edges[0])
	n := len(m.edges) - first // with those to look-aside caches
	if first+n*c.turns > math.MaxUint16 {
		return fmt.Errorf("%s: more than %d calls in the topology, a client's times counted, cannot be played", c.name, math.MaxUint16)
	}
	once := len(c.edges)
	for turn := 1; turn < c.turns; turn++ {
		by := turn * n
		for _, e := range m.edges[first:][:n] {
			e.turn = uint16(turn)
			e.guard = e.guard.moved(by)
			m.edges = append(m.edges, e)
		}
		for _, edge := range c.edges[:once] {
			c.edges = append(c.edges, edge+uint16(by))
		}
	}
	return nil
}

// moved is a guard whose edges are so many further on.
func (g *guardModel) moved(by int) *guardModel {
	if g == nil {
		return nil
	}
	copied := *g
	if g.aside != nil {
		aside := *g.aside
		aside.edge += by
		copied.aside = &aside
	}
	if g.asksFor >= 0 {
		copied.asksFor += by
	}
	return &copied
}

// request is a new one of a turn, which has its key.
func (c *client) request(w *World, key uint64, turn int) (int32, *frame) {
	i, f := w.frames.take()
	f.key, f.edge, f.step = key, c.m.edges[turn*len(c.m.share)], keyed
	return i, f
}

// made finds the first turn from one on whose request is made, and its key.
func (c *client) made(key uint64, turn int) (uint64, int, bool) {
	for ; turn < c.m.turns; turn++ {
		if c.m.probability == 1 {
			return key, turn, true
		}
		if r := des.From(key, forCall); r.Float64() < c.m.probability {
			return key, turn, true
		}
		key = des.Mix(key, forTurn)
	}
	return key, turn, false
}

// makeFirst makes the first request of an arrival that is made, if any is.
func (w *World) makeFirst(c *client, key uint64) {
	if key, turn, ok := c.made(key, 0); ok {
		w.send(c.request(w, key, turn))
	}
}

// arrivePerhaps is a usual arrival of a client some of whose requests are not made.
func (w *World) arrivePerhaps(c *client) {
	if c.surge.factor < 1 && c.staysAway() {
		return
	}
	key := des.Mix(c.key, c.count)
	c.count++
	w.makeFirst(c, key)
}

// follow: a request with that key, first made at `first`, is over. After the last one
// of a turn's user, he thinks. As with retries, time must go on.
func (w *World) follow(e *edgeModel, key uint64, first des.Time) {
	c := &w.traffic[e.client]
	next, turn, ok := c.made(des.Mix(key, forTurn), int(e.turn)+1)
	switch {
	case !ok && c.m.users > 0:
		w.thinkAfter(e, key, first)
	case !ok:
	case first == w.now:
		i, f := c.request(w, next, turn)
		f.state = paused
		w.set.Push(des.NewEvent(w.now+instantRetry, w.nextSeq(), uint32(i)))
	default:
		w.send(c.request(w, next, turn))
	}
}

// thinkOn: a user after a pause makes no request at all, or some; after none he pauses
// again. Nobody looks beyond the end.
func (w *World) thinkOn(c *client, key uint64, pause des.Time) (uint64, int, des.Time) {
	for {
		made, turn, ok := c.made(key, 0)
		if ok || pause > w.end-w.now {
			return made, turn % c.m.turns, pause
		}
		key = des.Mix(key, forThink)
		r := des.From(key, forThink)
		pause += max(leastPause, c.m.think.delay.Sample(&r))
	}
}
