package sim

import (
	"container/heap"
	"slices"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// twin plays the same systems as World in the plainest way: one list of moments,
// each with a function to call; requests and instances are ordinary values that
// point at each other; what happens is noted as it happens and summed up at the
// end. It shares with the engine only what decides a system's luck (the keys of
// the draws), the policies, which are tested alone, and the scenario's player.
type twin struct {
	top  *topology.Topology
	seed uint64
	now  int64
	end  int64

	moments   moments
	latest    *moment // scheduled
	scheduled uint64
	stopped   bool

	services  []*twinService
	instances []*twinInstance
	inFlight  []int32 // by instance, as the balancer counts
	clients   []*twinClient
	requests  uint64
	zoneOf    []int // region of each zone
	losses    []twinLoss
	inForce   []twinEffect
	since     []int64    // by zone: when its loss began
	names     []twinName // by zone
	planned   bool       // a step of the player is scheduled,
	stepAt    int64      // for then
	player    *scenarios.Player

	told             map[*topology.Call]*twinBreakers
	held             []twinHeld
	blaming          twinBlame
	faulted, inFault bool
	facts            twinFacts
	doubts           []string
}

// moment is something that happens at a time. At equal times the classes come
// one after the other, within a class in the order of scheduling.
type moment struct {
	at     int64
	class  twinClass
	order  uint64
	length int64 // of a timeout
	loose  bool  // its place among equal times is not defined
	off    bool  // does not happen any more
	do     func()
}

type twinClass uint8

const (
	twinWindow twinClass = iota
	twinPhase
	twinFault
	twinSeesDeath
	twinSeesReturn
	twinInService
	twinRelaunch
	twinEjectionEnds
	twinEvent // of requests; all before it are control
	twinTimeout
)

type moments []*moment

func (m moments) Len() int { return len(m) }
func (m moments) Less(i, j int) bool {
	a, b := m[i], m[j]
	switch {
	case a.at != b.at:
		return a.at < b.at
	case a.class != b.class:
		return a.class < b.class
	}
	return a.order < b.order
}
func (m moments) Swap(i, j int) { m[i], m[j] = m[j], m[i] }
func (m *moments) Push(x any)   { *m = append(*m, x.(*moment)) }
func (m *moments) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}

func newTwin(top *topology.Topology, v scenarios.Variant, seed uint64) *twin {
	tw := &twin{
		top: top, seed: seed, now: -int64(top.Simulation.Warmup), end: int64(top.Simulation.Duration),
		player: scenarios.NewPlayer(top, v, seed), names: make([]twinName, len(top.ZoneNames())), since: make([]int64, len(top.ZoneNames())),
		facts: twinFacts{causes: map[trace.Cause]twinCause{}},
	}
	for r, region := range top.Regions {
		for range region.Zones {
			tw.zoneOf = append(tw.zoneOf, r)
		}
	}
	tw.at(0, twinWindow, func() {
		tw.feel()
		tw.notePhase()
		for _, s := range tw.services {
			s.up.warmup = len(s.up.all)
			s.queueMax = 0
			for _, in := range s.instances {
				s.queueMax = max(s.queueMax, len(in.queue))
			}
		}
	})
	for at := int64(top.Simulation.Window); at < tw.end; at += int64(top.Simulation.Window) {
		tw.at(at, twinWindow, tw.feel)
	}
	tw.at(tw.end, twinWindow, func() { tw.stopped = true })
	tw.openServices()
	if start, end, ok := tw.player.FaultPhase(); ok {
		tw.at(int64(start), twinPhase, func() { tw.setFault(true) })
		if end > 0 {
			tw.at(int64(end), twinPhase, func() { tw.setFault(false) })
		}
	}
	tw.openTraffic()
	tw.nextFault()
	return tw
}

// at schedules a moment, now at the earliest.
func (tw *twin) at(at int64, class twinClass, do func()) *moment {
	tw.scheduled++
	m := &moment{at: max(at, tw.now), class: class, order: tw.scheduled, do: do}
	heap.Push(&tw.moments, m)
	tw.latest = m
	return m
}

// after calls do when a delay is over: at once if it is the constant 0. It
// returns when that is.
func (tw *twin) after(d topology.Distribution, key, purpose uint64, do func()) int64 {
	if d.Kind == topology.Constant && d.Mean == 0 {
		do()
		return tw.now
	}
	return tw.at(tw.now+sampled(d, key, purpose), twinEvent, do).at
}

// sampled draws a delay.
func sampled(d topology.Distribution, key, purpose uint64) int64 {
	r := des.From(key, purpose)
	delay := compileDelay(d)
	return delay.Sample(&r)
}

// next removes the first moment that still happens.
func (tw *twin) next() *moment {
	m := heap.Pop(&tw.moments).(*moment)
	for m.off {
		m = heap.Pop(&tw.moments).(*moment)
	}
	return m
}

// peek is the first moment that still happens, nil if there is none.
func (tw *twin) peek() *moment {
	for len(tw.moments) > 0 && tw.moments[0].off {
		heap.Pop(&tw.moments)
	}
	if len(tw.moments) == 0 {
		return nil
	}
	return tw.moments[0]
}

func (tw *twin) play() {
	for !tw.stopped {
		m := tw.next()
		then := tw.peek()
		tied := then != nil && then.at == m.at && then.class == m.class
		switch {
		case tied && m.class == twinEvent && (m.loose || then.loose):
			tw.doubt("order of shared cores at equal times")
		case tied && m.class == twinTimeout && m.length != then.length:
			tw.doubt("order of timeouts of different lengths at equal times")
		}
		tw.now = m.at
		m.do()
		if m.class < twinEvent {
			tw.ease()
		}
	}
}

// doubt notes that the rules do not say what happens here: the run cannot be
// compared.
func (tw *twin) doubt(why string) {
	if !slices.Contains(tw.doubts, why) {
		tw.doubts = append(tw.doubts, why)
	}
}

// nextFault schedules the player's next step.
func (tw *twin) nextFault() {
	at, ok := tw.player.Next()
	if !ok || tw.planned && int64(at) >= tw.stepAt {
		return
	}
	tw.planned, tw.stepAt = true, int64(at)
	tw.at(int64(at), twinFault, func() {
		tw.planned = false
		if at, ok := tw.player.Next(); ok && int64(at) <= tw.now {
			tw.player.Step(tw)
		}
		tw.nextFault()
	})
}

func (tw *twin) setFault(on bool) {
	tw.faulted, tw.inFault = true, on
	tw.notePhase()
}

// unseen counts a dead instance that nobody knows of, or that is known now.
func (tw *twin) unseen(s *twinService, by int) {
	s.unseen += by
	tw.notePhase()
}

// wrong tells that callers believe in an instance that does not answer.
func (tw *twin) wrong(in *twinInstance) bool { return tw.inRotation(in) && !in.answers() }

func (in *twinInstance) answers() bool { return in.state == up && !in.frozen }

func (tw *twin) blind() bool { return slices.ContainsFunc(tw.instances, tw.wrong) }

func (tw *twin) phase() trace.Phase {
	switch {
	case tw.inFault && tw.blind():
		return trace.Undetected
	case tw.inFault:
		return trace.Detected
	case tw.faulted:
		return trace.Recovery
	}
	return trace.Before
}

// hop is the delay of a message between two zones.
func (tw *twin) hop(from, to int) topology.Distribution {
	switch {
	case from == to:
		return tw.top.Network.SameZone
	case tw.zoneOf[from] == tw.zoneOf[to]:
		return tw.top.Network.CrossZone
	}
	return tw.top.Network.CrossRegion
}
