package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// Plain services queue first come first served, in a list through the frames. An
// instance of any other service has a discipline, which decides who is admitted, who
// is next and who is not served after all.

// discipline is the state of it at one instance.
type discipline struct {
	rings [priorities]ring // of frames, by rank; all but `order: priority` use the first alone
	since des.Time         // when the instance came into service

	backlog  policy.Backlog
	gradient policy.Gradient
}

// longAgo an instance that a run begins with came into service.
const longAgo = -1 << 62

// ring of waiting requests, the oldest at head.
type ring struct {
	frames  []int32 // as many as a power of two
	head, n int
}

func (r *ring) push(i int32) {
	if r.n == len(r.frames) {
		r.grow()
	}
	r.frames[(r.head+r.n)&(len(r.frames)-1)] = i
	r.n++
}

func (r *ring) grow() {
	bigger := make([]int32, max(8, 2*len(r.frames)))
	for k := range r.n {
		bigger[k] = r.frames[(r.head+k)&(len(r.frames)-1)]
	}
	r.frames, r.head = bigger, 0
}

// first is the oldest, which stays.
func (r *ring) first() int32 { return r.frames[r.head] }

func (r *ring) oldest() int32 {
	i := r.first()
	r.head = (r.head + 1) & (len(r.frames) - 1)
	r.n--
	return i
}

func (r *ring) newest() int32 {
	r.n--
	return r.frames[(r.head+r.n)&(len(r.frames)-1)]
}

// enqueueSpecial lets a request wait at an instance with a discipline.
func (w *World) enqueueSpecial(i int32, f *frame, in *instance, s *service) {
	s.queue.add(w.now)
	f.state = queued
	w.disciplines[in.discipline].enqueue(w.now, i, f, s, in.queued)
	in.queued++
	s.queueMax = max(s.queueMax, int(in.queued))
}

// enqueue lets a request wait behind so many others.
func (d *discipline) enqueue(now des.Time, i int32, f *frame, s *service, waiting int32) {
	d.backlog.Enqueue(now, int(waiting))
	r := &d.rings[0]
	if s.m.order == topology.ByPriority {
		r = &d.rings[f.priority().rank()]
	}
	r.push(i)
}

// next takes the request whose turn it is out of the queue, which is not empty.
func (d *discipline) next(now des.Time, s *service) int32 {
	r := &d.rings[0]
	switch s.m.order {
	case topology.ByPriority:
		for k := 1; r.n == 0; k++ {
			r = &d.rings[k]
		}
	case topology.LIFO:
		return r.newest()
	case topology.AdaptiveLIFO:
		if d.backlog.NewestFirst(now) {
			return r.newest()
		}
	case topology.FIFO:
	}
	return r.oldest()
}

// unshare gives a copy everything of its own.
func (d *discipline) unshare() {
	for k := range d.rings {
		d.rings[k].frames = slices.Clone(d.rings[k].frames)
	}
}

// reset: a new process begins with nothing.
func (d *discipline) reset() {
	for k := range d.rings {
		d.rings[k].head, d.rings[k].n = 0, 0
	}
	d.backlog, d.gradient = policy.Backlog{}, policy.Gradient{}
}
