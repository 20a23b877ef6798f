package sim

import (
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
)

// frame is one call attempt, from the caller's decision until both sides have
// done with it: the caller (reply, reset or timeout) and the instance (the work
// of an abandoned attempt goes on). 64 bytes, one cache line, no pointers.
type frame struct {
	key     uint64   // what the attempt meets is drawn from it
	ref     uint64   // of calls: the parent; of client attempts: when the first was made; of guarded edges: the call record
	sent    des.Time // when the caller made it
	arrived des.Time // at the instance
	gen     uint32   // of this use of the frame
	inst    int32    // instance picked, or nobody
	next    int32    // in the instance's queue, or in the free list
	tnext   int32    // in the timer line
	tprev   int32    // likewise; detached if the caller does not wait (any more)
	edge    uint16
	zone    uint8 // of the caller, or where the client came in
	state   state
	// These are cleared together when the frame is taken.
	step    uint16 // of the operation's steps, while waiting for calls
	pending uint16 // calls of this step without an answer
	cause   uint16 // service at the root of the failure or degradation
	attempt uint8  // 0 = first
	mark    uint8  // degraded (1 bit), priority (2 bits), root reason (the others)
}

type state uint8

const (
	travelling   state = iota // on its way to the instance (an event is pending)
	queued                    // waiting for a slot
	working                   // own work (an event is pending, unless cores are shared)
	waiting                   // for the calls it made
	replying                  // the answer is on its way (event)
	paused                    // backing off or thinking before it is sent (event)
	substituting              // making the fallback's answer (event)
	frozen                    // something has come for it, and who is to act on it is frozen
	frozenWork                // own work stands still: the instance is frozen
	hedging                   // until it is time for a hedge (event)
	gone                      // nothing more comes from the instance
)

// Bits of mark.
const (
	degradedBit   = 1
	priorityShift = 1
	priorityBits  = 3 << priorityShift
	reasonShift   = 3
)

// priority of a client's request and of all calls that are made for it; normal is
// 0, so that a plain frame's mark is.
type priority uint8

const (
	normal priority = iota
	high
	low
	priorities = 3
)

// rank of a priority: 0 is served first and shed last.
func (p priority) rank() int { return [...]int{normal: 1, high: 0, low: 2}[p] }

// mark of a frame that has nothing but its priority.
func (p priority) mark() uint8 { return uint8(p) << priorityShift }

const (
	nobody   = -1
	detached = -2 // in tprev
)

func (f *frame) degraded() bool     { return f.mark&degradedBit != 0 }
func (f *frame) root() trace.Reason { return trace.Reason(f.mark >> reasonShift) }
func (f *frame) attached() bool     { return f.tprev != detached }

// priority of the client's request that the attempt belongs to.
func (f *frame) priority() priority { return priority(f.mark & priorityBits >> priorityShift) }

// degrade notes that an optional part is missing; the first cause stays.
func (f *frame) degrade(service uint16, root trace.Reason) {
	if !f.degraded() {
		f.mark |= degradedBit
		f.blame(service, root)
	}
}

// inherited, in a frame's cause, tells that a call that it made has failed it.
const inherited = 1 << 15

// blame sets the root cause.
func (f *frame) blame(service uint16, root trace.Reason) {
	f.mark = f.mark&(1<<reasonShift-1) | uint8(root)<<reasonShift
	f.cause = service
}

// fail makes the answer a failure, whatever it was before.
func (f *frame) fail(service uint16, root trace.Reason) {
	f.mark &^= degradedBit
	f.blame(service, root)
}

// Frames live in chunks, so that they never move and growing copies nothing.
const (
	chunkBits = 10
	chunkSize = 1 << chunkBits
)

type pool struct {
	chunks []*[chunkSize]frame
	free   int32 // head of the free list
}

func newPool() pool { return pool{free: nobody} }

func (p *pool) at(i int32) *frame {
	return &p.chunks[uint32(i)>>chunkBits][uint32(i)&(chunkSize-1)]
}

// take returns a clean frame, detached and without an instance.
func (p *pool) take() (int32, *frame) {
	if p.free == nobody {
		p.grow()
	}
	i := p.free
	f := p.at(i)
	p.free = f.next
	f.step, f.pending, f.cause, f.attempt, f.mark = 0, 0, 0, 0, 0
	return i, f
}

// give frees a frame, which is detached; references to it become stale.
func (p *pool) give(i int32, f *frame) {
	f.gen++
	f.inst = nobody
	f.next = p.free
	p.free = i
}

func (p *pool) grow() {
	c := new([chunkSize]frame)
	base := int32(len(p.chunks)) << chunkBits
	p.chunks = append(p.chunks, c)
	for k := chunkSize - 1; k >= 0; k-- {
		c[k].inst, c[k].tprev = nobody, detached
		c[k].next = p.free
		p.free = base + int32(k)
	}
}

// ref is a reference that goes stale when the frame is freed.
func ref(i int32, f *frame) uint64 { return uint64(f.gen)<<32 | uint64(uint32(i)) }

// parent of a call's frame, nil if it no longer waits.
func (p *pool) parent(r uint64) (int32, *frame) {
	i := int32(uint32(r))
	f := p.at(i)
	if f.gen != uint32(r>>32) || f.state != waiting {
		return nobody, nil
	}
	return i, f
}
