package sim

import (
	"fmt"

	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// instance of a service, or the address of one that is no more.
type instance struct {
	service, zone int32
	busy          int32 // slots in use
	queued        int32
	head, tail    int32 // of the queue
	away          int32 // that gave their slot back to wait for their calls
	cores         int32 // index of World.cores, or -1
	discipline    int32 // index of World.disciplines, or -1
	node          int32 // index of World.nodes, or -1
	// What it is physically: its life, the loss of its zone (zone.losses) and what
	// holds it up besides. answers sums that up; see settle.
	life     life
	frozen   bool // up, and a pause is in force
	answers  bool
	mode     topology.DeathMode // how the address of a dead one behaves
	believed bool               // by the health checks
	known    bool               // callers have its address
	seen     bool               // its death has been seen by the health checks
	purge    bool               // takeDown is about to empty it
	wrong    bool               // in rotation, and does not answer
	epoch    uint32             // control events of an earlier life are stale
	phase    des.Time           // of its health checks
	mute     des.Time           // of a frozen one: when it froze
	number   int32              // in its service, for its name
	gates    int32              // the first of those that its calls pass
	place    int32              // in its service and zone
}

type life uint8

const (
	up life = iota
	starting
	dead
	stopped // by a fault that ends: it restarts then
)

func (l life) living() bool { return l <= starting }

// reckon brings up to date what follows from an instance's state and from what
// the callers believe.
func (w *World) reckon(in *instance) {
	in.answers = in.life == up && !in.frozen
	w.setWrong(in, &w.services[in.service], w.inRotation(in) && !in.answers)
}

// service is the state of one service.
type service struct {
	m         *serviceModel
	slots     int32 // of the model, one step nearer
	room      int32 // in the queue
	cores     int32
	special   bool // not plain: by its model, an effect on an instance, or because it is looked at
	index     int
	insts     []int32 // in order of birth, without those that are gone for good
	born      int32   // addresses ever
	wanted    int
	inZone    []presence
	rotation  []int32 // instances in rotation, interleaved by zone
	rotating  int     // how many they are
	stale     int     // rotation is wrong from here on in each zone, or fresh
	version   uint32  // of who is in rotation, and of whose addresses are known
	turn      policy.RoundRobin
	careful   bool                // to pick takes more than a look at the rotation
	view      view                // of a careful service
	turns     []policy.RoundRobin // likewise: by zone, by region, and the last over all
	balancer  int32               // if it ejects, and callers share one
	addresses []int32             // of a per_caller service: its instances by handle
	ejected   int                 // now, by all balancers
	told      int                 // ejections

	alive    int  // up or starting
	unseen   int  // dead, and the health checks do not know yet
	wrong    int  // believed healthy, and do not answer
	launches int  // ever made, for their random numbers
	retrying bool // a relaunch is on the agenda
	refused  bool // the last launch was refused everywhere

	// What integrals are taken of: slots in use; waiting requests; requests that
	// gave their slot back to wait for their calls; busy cores.
	held, queue, away, busyCores level
	queueMax                     int
	serviceMeter
}

// presence of a service in one zone.
type presence struct {
	rotation []int32 // in order of birth
	turn     policy.RoundRobin
	alive    int
	born     int // addresses ever
	up       level
}

func (w *World) openServices() {
	w.zones = make([]zone, w.m.zones)
	w.services = make([]service, len(w.m.services))
	for k := range w.services {
		w.services[k].m = &w.m.services[k]
	}
	w.openBalancers()
	for k := range w.services {
		s := &w.services[k]
		s.index = k
		s.slots, s.room, s.cores = s.m.slots, s.m.queue, s.m.cores
		s.reckonSpecial(w)
		s.inZone = make([]presence, w.m.zones)
		for z, n := range w.m.fleets[k].Instances {
			for range n {
				i := w.birth(s, z)
				w.begin(i)
				w.believe(i)
			}
			s.wanted += n
		}
		if s.m.careful {
			s.careful, s.view, s.turns = true, w.newView(s), make([]policy.RoundRobin, w.m.zones+w.m.regions+1)
		}
		w.openServiceMeter(s)
	}
}

// birth gives a service a new address in a zone; it is not up yet.
func (w *World) birth(s *service, z int) int32 {
	i := int32(len(w.insts))
	in := instance{
		service: int32(s.index), zone: int32(z), head: nobody, tail: nobody, cores: nobody, discipline: nobody, node: nobody,
		life: starting, mode: topology.Refuse, number: s.born + 1, place: int32(s.inZone[z].born),
	}
	s.born++
	if s.m.checked {
		// By zone, so that one more instance elsewhere leaves the others' luck alone.
		r := des.From(des.Stream(w.seed, "health", s.m.name), (uint64(z)<<32|uint64(s.inZone[z].born))*forPick)
		in.phase = -int64(w.m.topology.Simulation.Warmup) - 1 - int64(r.Float64()*float64(s.m.health.Interval))
	}
	in.gates = w.openGates(s.m.guarded, des.Mix(des.Stream(w.seed, "caller", s.m.name), uint64(z)<<32|uint64(in.place)))
	if s.m.cores > 0 {
		in.cores = int32(len(w.cores))
		w.cores = append(w.cores, cores{due: des.Never})
	}
	if s.m.special {
		in.discipline = int32(len(w.disciplines))
		w.disciplines = append(w.disciplines, discipline{since: longAgo})
	}
	if s.m.cache != nil {
		in.node = w.openNode(s.m.cache)
	}
	w.insts = append(w.insts, in)
	w.zoneOf = append(w.zoneOf, int32(z))
	w.inFlight = append(w.inFlight, 0)
	s.insts = append(s.insts, i)
	if s.m.perCaller {
		s.addresses = append(s.addresses, i)
	}
	s.alive++
	s.inZone[z].alive++
	s.inZone[z].born++
	return i
}

// begin: the instance is in service.
func (w *World) begin(i int32) {
	in := &w.insts[i]
	in.life = up
	s := &w.services[in.service]
	s.inZone[in.zone].up.add(w.now)
	s.noteUp(false)
	w.reckon(in)
}

// die takes a living instance out of service, into the given state. The health
// checks can see it after `unseen`.
func (w *World) die(i int32, to life, mode topology.DeathMode, unseen des.Time) {
	in := &w.insts[i]
	s := &w.services[in.service]
	since := w.now + unseen
	if in.frozen {
		since = min(since, in.mute)
		w.breakIce(i)
	}
	if in.life == up {
		s.inZone[in.zone].up.sub(w.now)
		s.noteUp(false)
	}
	in.life, in.mode = to, mode
	in.epoch++
	w.closeGates(in.gates, s.m.guarded)
	s.alive--
	s.inZone[in.zone].alive--
	in.seen = false
	s.unseen++
	w.reckon(in)
	in.purge = true
	w.dying = append(w.dying, i)
	switch {
	case s.m.checked:
		w.control.add(w.now, s.m.health.SeesDeath(since, in.phase), seesDeath, i, in.epoch)
	case unseen > 0:
		w.control.add(w.now, w.now+unseen, seesDeath, i, in.epoch)
	}
}

// takeOut lets instances die together; those who know without checks know at
// once, unless it is unseen for a time, and resets are felt then. told says what
// is to be told between.
func (w *World) takeOut(all []int32, to life, mode topology.DeathMode, unseen des.Time, told func()) {
	for _, i := range all {
		w.die(i, to, mode, unseen)
	}
	told()
	for _, i := range all {
		if unseen == 0 && !w.services[w.insts[i].service].m.checked {
			w.seeDeath(i)
		}
	}
	w.takeDown()
}

// seeDeath: the callers' side knows that an instance does not answer;
// replacements of the dead are launched.
func (w *World) seeDeath(i int32) {
	in := &w.insts[i]
	s := &w.services[in.service]
	if in.seen {
		return
	}
	in.seen = true
	in.believed = false
	w.rotate(i)
	if w.reckon(in); in.life.living() {
		return // it restarts already, but does not answer yet; or it is frozen
	}
	w.bury(i)
	s.unseen--
	w.reconcile(s)
}

// setWrong notes whether callers believe wrongly in an instance; as long as they
// do in any, a fault is not detected.
func (w *World) setWrong(in *instance, s *service, wrong bool) {
	switch {
	case wrong && !in.wrong:
		s.wrong++
		w.meter.unseen(w, +1)
	case !wrong && in.wrong:
		s.wrong--
		w.meter.unseen(w, -1)
		if s.wrong == 0 && !in.answers {
			what := "dead"
			if in.frozen {
				what = "frozen"
			}
			w.log("detected", s.m.name, fmt.Sprintf("%s instances are out of rotation; %d of %d left", what, s.rotating, s.wanted))
		}
	}
	in.wrong = wrong
}

// believe in an instance (again): the callers' side takes it into rotation.
func (w *World) believe(i int32) {
	in := &w.insts[i]
	in.believed, in.known = true, true
	w.rotate(i)
}

// name of an instance for the event log, such as catalog-3.
func (w *World) name(i int32) string {
	in := &w.insts[i]
	return fmt.Sprintf("%s-%d", w.services[in.service].m.name, in.number)
}
