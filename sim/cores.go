package sim

import (
	"github.com/silverback-sim/silverback/sim/des"
)

// Shared cores: n requests at work on an instance with N cores run at speed
// min(1, N/n) each (processor sharing; Kleinrock, Queueing Systems vol. 2,
// 1976). In virtual work time, which advances at that speed, every request ends
// at a fixed moment, so an arrival changes one number and not n of them.
type cores struct {
	done []share // heap by end
	v    float64 // virtual work time, ns
	at   des.Time
	due  des.Time // of the event in the set that counts; others are stale
}

type share struct {
	end float64
	seq uint64 // ties end in the order in which they began
	id  int32
}

func (a share) before(b share) bool {
	return a.end < b.end || a.end == b.end && a.seq < b.seq
}

// move brings the virtual time up to now.
func (c *cores) move(now des.Time, n int32) {
	if k := len(c.done); k > 0 {
		dt := float64(now - c.at)
		if k > int(n) {
			dt = float64(dt * (float64(n) / float64(k)))
		}
		c.v += dt
	}
	c.at = now
}

// share begins the own work of a request on shared cores.
func (w *World) share(i int32, f *frame, in *instance, s *service, op *opModel) {
	work := w.workOf(f, in, s, op)
	c := &w.cores[in.cores]
	c.move(w.now, s.m.cores)
	if len(c.done) < int(s.m.cores) {
		s.busyCores.add(w.now)
	}
	c.push(share{end: c.v + float64(work), seq: w.nextSeq(), id: i})
	w.setCoresDue(f.inst, c, s.m.cores)
}

// longestShare of a core is three decades, in ns: heavier tails are cut there.
const longestShare = 1e18

// setCoresDue puts the earliest end into the set, unless it is there.
func (w *World) setCoresDue(inst int32, c *cores, n int32) {
	if len(c.done) == 0 {
		c.due = des.Never
		return
	}
	left := max(0, c.done[0].end-c.v)
	if k := len(c.done); k > int(n) {
		left = float64(left * (float64(k) / float64(n)))
	}
	due := c.at + int64(min(left, longestShare)+0.5)
	if due == c.due {
		return
	}
	c.due = due
	w.set.Push(des.NewEvent(due, w.nextSeq(), coreID|uint32(inst)))
}

// coresDue ends the request with the least work left.
func (w *World) coresDue(inst int32) {
	in := &w.insts[inst]
	c := &w.cores[in.cores]
	if c.due != w.now || len(c.done) == 0 {
		return // stale: an arrival or an end has moved it
	}
	s := &w.services[in.service]
	c.move(w.now, s.m.cores)
	first := c.pop()
	c.v = max(c.v, first.end) // rounding to whole ns
	if len(c.done) < int(s.m.cores) {
		s.busyCores.sub(w.now)
	}
	c.due = des.Never
	w.setCoresDue(inst, c, s.m.cores)
	w.worked(first.id, w.frames.at(first.id), in, s)
}

func (c *cores) push(e share) {
	c.done = append(c.done, e)
	i := len(c.done) - 1
	for i > 0 {
		p := (i - 1) / 2
		if !e.before(c.done[p]) {
			break
		}
		c.done[i] = c.done[p]
		i = p
	}
	c.done[i] = e
}

func (c *cores) pop() share {
	first := c.done[0]
	last := len(c.done) - 1
	e := c.done[last]
	c.done = c.done[:last]
	i := 0
	for {
		k := 2*i + 1
		if k >= last {
			break
		}
		if k+1 < last && c.done[k+1].before(c.done[k]) {
			k++
		}
		if !c.done[k].before(e) {
			break
		}
		c.done[i] = c.done[k]
		i = k
	}
	if last > 0 {
		c.done[i] = e
	}
	return first
}
