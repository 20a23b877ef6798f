package sim

import (
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
)

// Options of one run. The topology's `simulation` gives its length.
type Options struct {
	Seed uint64
	// Requests are kept whole as a sample.
	Requests trace.Sampling
	// Progress, if set, is told at every window's end how much of the run is
	// done, 0..1.
	Progress func(share float64)
	// Stop, if set, is asked at every window's end and now and then between; true
	// ends the run there.
	Stop func() bool
}

// World is one run in progress: the state of every instance, request and timer.
type World struct {
	m         *Model
	edges     []edgeModel // of the model, one step nearer
	hops      []hop
	seed      uint64
	disturbed bool // messages can be lost or refused
	ailing    bool // effects bear on the requests of some instances
	now       des.Time
	end       des.Time

	// Pending events: random delays in set; constant ones in lines, whose heads
	// are in set; and outside of it what is one value each: the next arrival, the
	// next control event, the next timeout.
	set     des.Set
	seq     uint64
	lines   []des.Line
	timers  []timerLine
	timerAt des.Time
	arrival des.Event // the next of all traffics; its ID is the traffic
	surging bool      // some traffic's arrivals are not the usual ones
	control agenda
	outAt   des.Time // earliest of the outside ones
	played  uint64

	frames       pool
	dying        []int32   // instances that takeDown is to empty
	lists        [][]int32 // scratch of interleave
	resets       []int32   // scratch of takeDown
	insts        []instance
	inFlight     []int32      // per instance, as the shared balancer counts
	cores        []cores      // of the instances that share cores
	disciplines  []discipline // of the instances that are not first come first served
	nodes        []node       // of the instances of caches
	zoneOf       []int32      // by instance
	copied       []int32      // scratch of copies
	services     []service
	traffic      []client
	zones        []zone
	frozen       int // instances
	ice          []onIce
	late         timerLine // overdue timeouts of frozen callers
	inForce      []force   // effects, in the order of their begin
	ailments     []force   // those that bear on requests
	disturbances []force   // those that bear on messages
	player       *scenarios.Player
	stepAt       des.Time // of its step on the agenda; Never if there is none
	calls        calls    // over guarded edges
	caller       int32    // that makes the calls of a parallel step, though it may have ended
	gates        []gate
	balancers    []balancer
	breakers     []breakerLog // by guarded edge

	spans    *spans // of a sample; nil without one
	strikes  strikeLog
	watching bool // outcomes are looked at: there is a sample, or a fault has struck

	meter    meter
	opts     Options
	stopping bool // Stop has said so
}

// Event IDs: a frame, a line or an instance with shared cores.
const (
	lineID  = 1 << 29
	coreID  = 3 << 28
	indexOf = 1<<28 - 1
)

// Play runs one variant of a scenario to its end and returns what happened.
func Play(m *Model, v scenarios.Variant, opts Options) *trace.Run {
	w := newWorld(m, v, opts)
	w.play()
	return w.record(v)
}

func newWorld(m *Model, v scenarios.Variant, opts Options) *World {
	sm := m.topology.Simulation
	w := &World{
		m: m, edges: m.edges, hops: m.hops, seed: opts.Seed, opts: opts, now: -int64(sm.Warmup), end: int64(sm.Duration),
		stepAt: des.Never, frames: newPool(), calls: calls{free: nobody}, breakers: make([]breakerLog, m.guards), set: des.NewSet(), lines: make([]des.Line, len(m.delays)),
		player: scenarios.NewPlayer(m.topology, v, opts.Seed),
	}
	w.openTimers()
	w.spans = newSpans(opts.Requests)
	w.watching = w.spans != nil
	w.disturbed = m.loss > 0 || w.spans != nil
	w.meter.init(w)
	w.openServices()
	w.schedulePhases()
	w.openTraffic()
	w.nextStep()
	return w
}

// play is the engine's loop. At equal times control events come first, then
// events and arrivals in the order in which they were scheduled, then timeouts.
func (w *World) play() {
	for !w.meter.stopped {
		w.step()
		w.maybeStop()
	}
}

// maybeStop asks now and then whether the run is to end here.
func (w *World) maybeStop() {
	if w.played&(askEvery-1) == 0 && w.askedToStop() {
		w.endWindow()
	}
}

// askedToStop asks, and does not forget: whoever wanted the end once, gets it.
func (w *World) askedToStop() bool {
	w.stopping = w.stopping || w.opts.Stop != nil && w.opts.Stop()
	return w.stopping
}

// askEvery so many events Stop is asked, however long a window is; a power of 2.
const askEvery = 1 << 18

// step plays one event.
func (w *World) step() {
	e := w.set.Min()
	if e.At >= w.outAt && w.stepOutside(e) {
		return
	}
	id := w.set.Take()
	w.now = e.At
	w.played++
	if id&lineID != 0 {
		if id&coreID == coreID {
			w.coresDue(int32(id & indexOf))
			return
		}
		l := &w.lines[id&indexOf]
		line := id
		id = l.Pop().ID()
		if l.Len() > 0 {
			w.set.Push(l.Head().WithID(line))
		}
	}
	i := int32(id)
	f := w.frames.at(i)
	switch f.state {
	case travelling:
		in := &w.insts[f.inst]
		w.reach(i, f, in, &w.services[in.service], w.edges[f.edge].op)
	case working:
		in := &w.insts[f.inst]
		w.worked(i, f, in, &w.services[in.service])
	case replying:
		w.replied(i, f)
	case paused, substituting, hedging:
		switch {
		case w.frozen > 0 && w.callerIsFrozen(i, f):
		case f.state == paused:
			w.resume(i, f)
		case f.state == hedging:
			w.hedgeDue(i, f)
		default:
			w.substituted(i, f)
		}
	case gone: // the instance died under it
		w.frames.give(i, f)
	default:
		panic("sim: an event for a frame that has none pending")
	}
}

// stepOutside plays the next of what is outside of the set, unless e, the first
// of the set, comes before it.
func (w *World) stepOutside(e des.Event) bool {
	t := w.outAt
	switch {
	case w.control.at == t:
		w.now = t
		w.playControl()
	case w.arrival.At == t && w.arrival.Before(e):
		w.now = t
		w.arrive()
	case e.At == t:
		return false
	default:
		w.now = t
		w.fireTimers()
	}
	return true
}

// outside recomputes the earliest event outside of the set.
func (w *World) outside() {
	w.outAt = min(w.arrival.At, w.control.at, w.timerAt)
}

// after schedules frame i: in its line if the delay is constant.
func (w *World) after(i int32, t *timing, key, purpose uint64) {
	if t.line >= 0 {
		w.inLine(i, t.line)
		return
	}
	r := des.From(key, purpose)
	w.set.Push(des.NewEvent(w.now+t.delay.Sample(&r), w.nextSeq(), uint32(i)))
}

func (w *World) inLine(i, line int32) {
	e := des.NewEvent(w.now+w.m.delays[line], w.nextSeq(), uint32(i))
	if w.lines[line].Push(e) {
		w.set.Push(e.WithID(lineID | uint32(line)))
	}
}

func (w *World) nextSeq() uint64 {
	w.seq++
	return w.seq
}

// Purposes of draws. What a request meets is drawn from its key and one of
// these; odd constants keep the streams apart.
const (
	forWork       = 0x9e3779b97f4a7c15
	forPick       = 0xbf58476d1ce4e5b9
	forHop        = 0x94d049bb133111eb
	forReply      = 0xd6e8feb86659fd93
	forLoss       = 0xa3b195354a39b70d
	forReplyLoss  = 0x1b03738712fad5c9
	forCall       = 0xc2b2ae3d27d4eb4f
	forBackoff    = 0x165667b19e3779f9
	forEntry      = 0x85ebca77c2b2ae63
	forChoice     = 0x27d4eb2f165667c5
	forThink      = 0xff51afd7ed558ccd
	forSubstitute = 0xc4ceb9fe1a85ec53
	forSurge      = 0x8ebc6af09c88c6e3
	forLate       = 0x589965cc75374cc3
	forThrottle   = 0xe7037ed1a0b428db
	forDNS        = 0xd1b54a32d192ed03
	forError      = 0x9fb21c651e98df25
	forKey        = 0xa0761d6478bd642f
	forAside      = 0x8bb84b93962eacc9
	forHit        = 0x4b33a62ed433d4a3
	forEviction   = 0x4d5a2da51de1aa47
	forTurn       = 0x6a09e667f3bcc909
	forBadData    = 0xd1342543de82ef95
	perAttempt    = 0x2545f4914f6cdd1d
	perHedge      = 0x2127599bf4325c37
)
