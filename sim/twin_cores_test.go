package sim

import "math"

// Shared cores in the twin. The end of a request is computed in the virtual time
// of the fair share, with the engine's own roundings, as a rounding that differs
// by 1 ns would make everything after it differ; that each request has then got
// its work is held against the plain definition, its remaining work.

// twinCores of one instance.
type twinCores struct {
	work  []*twinShare
	v     float64 // virtual time
	at    int64
	end   *moment        // of the first
	stale map[int64]bool // times of ends that were moved
}

type twinShare struct {
	r    *twinRequest
	end  float64 // in virtual time
	left float64 // work, ns
}

// pass brings the work done up to date.
func (c *twinCores) pass(now int64, cores int) {
	dt := float64(now - c.at)
	if len(c.work) > cores {
		dt = float64(dt * (float64(cores) / float64(len(c.work))))
	}
	if len(c.work) > 0 {
		c.v += dt
	}
	for _, s := range c.work {
		s.left -= dt
	}
	c.at = now
}

func (c *twinCores) first() *twinShare {
	first := c.work[0]
	for _, s := range c.work {
		if s.end < first.end {
			first = s
		}
	}
	return first
}

func (tw *twin) shareCores(r *twinRequest, work int64) {
	c, s := &r.inst.cores, r.inst.service
	c.pass(tw.now, s.t.Cores)
	if len(c.work) < s.t.Cores {
		s.busyCores.change(tw.now, +1)
	}
	c.work = append(c.work, &twinShare{r, c.v + float64(work), float64(work)})
	tw.setEnd(r.inst)
}

// setEnd schedules the first end; if the time stays, so does the moment.
func (tw *twin) setEnd(in *twinInstance) {
	c := &in.cores
	if len(c.work) == 0 {
		return
	}
	left := max(0, c.first().end-c.v)
	if n, cores := len(c.work), in.service.t.Cores; n > cores {
		left = float64(left * (float64(n) / float64(cores)))
	}
	at := c.at + int64(left+0.5)
	if c.end != nil && c.end.at == at {
		return
	}
	tw.dropEnd(c)
	c.end = tw.at(at, twinEvent, func() { tw.coreDone(in) })
	c.end.loose = c.stale[at]
}

func (tw *twin) dropEnd(c *twinCores) {
	if c.end == nil {
		return
	}
	if c.stale == nil {
		c.stale = map[int64]bool{}
	}
	c.stale[c.end.at] = true
	c.end.off = true
	c.end = nil
}

func (tw *twin) coreDone(in *twinInstance) {
	c, s := &in.cores, in.service
	c.pass(tw.now, s.t.Cores)
	first := c.first()
	if math.Abs(first.left) > 1000 {
		panic("the twin's shared cores do not share")
	}
	var rest []*twinShare
	for _, w := range c.work {
		if w != first {
			rest = append(rest, w)
		}
	}
	c.work, c.end = rest, nil
	c.v = max(c.v, first.end)
	if len(c.work) < s.t.Cores {
		s.busyCores.change(tw.now, -1)
	}
	tw.setEnd(in)
	tw.worked(first.r)
}

// stopCores: the instance has died.
func (tw *twin) stopCores(in *twinInstance) {
	in.service.busyCores.change(tw.now, -int64(min(len(in.cores.work), in.service.t.Cores)))
	tw.dropEnd(&in.cores)
	in.cores.work = nil
}
