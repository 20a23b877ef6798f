package sim

import (
	"math"
	"slices"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
)

// A surge leaves the usual arrivals alone, with their times and their luck: those
// above them come from a stream of their own, and below them some stay away, by a
// draw of their own. So a system meets the same usual requests with and without.

// surge of one traffic.
type surge struct {
	factor float64   // of the load; surges multiply
	key    uint64    // of the further requests
	gaps   des.Rand  // of their arrivals
	next   des.Event // the next of them; Never if there are none
	count  uint64    // ever; of a closed loop: users who ever came
	since  des.Time  // regular arrivals are reckoned from here
	number uint64    // likewise
	users  int       // of a closed loop, wanted
	there  int       // of a closed loop, in fact
}

func (s *surge) open(c *client) {
	s.factor, s.users = 1, c.m.users
	s.key = des.Mix(c.key, forSurge)
	s.gaps = des.From(s.key, forEntry)
	s.next.At = des.Never
}

// reckonSurges adjusts the load to the surges in force.
func (w *World) reckonSurges() {
	w.surging = false
	for k := range w.traffic {
		factor := 1.0
		for _, f := range w.inForce {
			if f.Kind == scenarios.Surge && (f.Traffic == nil || slices.Contains(f.Traffic, k)) {
				factor = float64(factor * f.Factor)
			}
		}
		w.surging = w.surging || factor > 1
		if factor != w.traffic[k].surge.factor {
			w.setSurge(k, factor)
		}
	}
	w.earliest()
	w.outside()
}

func (w *World) setSurge(k int, factor float64) {
	c := &w.traffic[k]
	s := &c.surge
	was := s.factor
	s.factor = factor
	c.usual = factor >= 1 && c.m.probability == 1
	if c.m.users > 0 {
		s.users = int(math.Round(float64(factor * float64(c.m.users))))
		for s.there < s.users {
			w.arriveUser(k)
		}
		return // who is too many leaves after the next answer
	}
	switch {
	case c.m.gap == 0:
	case factor <= 1:
		s.next.At = des.Never
	case c.m.regular:
		s.since, s.number = w.now, 0
		w.nextExtra(k)
	case was <= 1:
		w.nextExtra(k)
	default: // the same exponential wait at another rate
		left := float64(float64(s.next.At-w.now) * ((was - 1) / (factor - 1)))
		s.next = des.NewEvent(w.now+int64(left+0.5), w.nextSeq(), w.extraID(k))
	}
}

func (w *World) arriveUser(k int) {
	c := &w.traffic[k]
	c.surge.there++
	w.think(k, des.Mix(c.key, c.surge.count), 0)
	c.surge.count++
}

// extraID is the ID of a traffic's further arrivals, behind those of the usual.
func (w *World) extraID(k int) uint32 { return uint32(len(w.traffic) + k) }

// nextExtra sets a traffic's next further arrival.
func (w *World) nextExtra(k int) {
	c := &w.traffic[k]
	s := &c.surge
	gap := c.m.gap / (s.factor - 1)
	at := w.now
	if c.m.regular { // between the usual ones
		at = s.since + int64(math.Round(float64((float64(s.number)+0.5)*gap)))
		s.number++
	} else {
		at += des.Time(float64(s.gaps.Exp()*gap) + 0.5)
	}
	s.next = des.NewEvent(at, w.nextSeq(), w.extraID(k))
}

// arriveExtra plays a further arrival of a traffic.
func (w *World) arriveExtra(k int) {
	c := &w.traffic[k]
	c.surge.count++
	w.makeFirst(c, des.Mix(c.surge.key, c.surge.count))
	w.nextExtra(k)
	w.earliest()
	w.outside()
}

// keyed, in the step of a client's frame that is not sent yet, tells that its request
// has its key already.
const keyed = 1

// keyOf a client's new request.
func (c *client) keyOf(f *frame) uint64 {
	if f.step == keyed {
		f.step = 0
		return f.key
	}
	key := des.Mix(c.key, c.count)
	c.count++
	return key
}

// staysAway draws whether the next usual request is not made; if so, its luck is
// nobody else's.
func (c *client) staysAway() bool {
	r := des.From(des.Mix(c.key, c.count), forSurge)
	if r.Float64() < c.surge.factor {
		return false
	}
	c.count++
	return true
}
