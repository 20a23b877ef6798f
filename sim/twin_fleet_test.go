package sim

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// Instances and what the callers believe of them, in the twin.

type twinService struct {
	t         *topology.Service
	index     int
	instances []*twinInstance // all ever
	zones     int
	wanted    int
	balancer  *twinBalancer // that its callers share
	told      int           // ejections
	ring      policy.Ring
	placed    []int32 // on the ring
	unseen    int     // dead, and nobody knows
	draws     int     // launches and refusals ever
	retrying  bool
	cache     *topology.Cache // nil = it holds nothing
	looks     []twinLook
	refused   bool
	twinServiceFacts
}

type twinInstance struct {
	id      int32
	service *twinService
	zone    int
	number  int
	place   int // in its service and zone
	state   life
	mode    topology.DeathMode
	phase   int64 // of its health checks

	young bool  // was launched or restarted in this run,
	since int64 // into service at this time

	caller   twinCaller
	node     twinNode
	believed bool // by the health checks
	known    bool // callers have its address
	seen     bool // the checks know that it is dead, or frozen
	frozen   bool
	mute     int64 // when it froze
	inbox    []twinIce
	overdue  []*twinRequest // of its calls
	plans    []*moment
	sight    *moment // when the checks see its death

	gates    twinGates // of its calls, in this life
	busy     int
	queue    []*twinRequest
	backlog  policy.Backlog
	gradient policy.Gradient
	present  []*twinRequest // waiting, working, or waiting for calls
	cores    twinCores
}

// callSalt keeps the calls of an operation apart.
func callSalt(service, operation string, step, call int) uint64 {
	return des.Stream(0, "call", service, operation, strconv.Itoa(step)+" "+strconv.Itoa(call))
}

func (tw *twin) openServices() {
	for k, t := range components(tw.top) {
		s := &twinService{t: t, index: k, zones: len(t.Instances), cache: tw.cacheOf(k)}
		tw.services = append(tw.services, s)
		for z, n := range t.Instances {
			for range n {
				in := tw.birth(s, z)
				in.believe()
				tw.begin(in)
			}
			s.wanted += n
		}
	}
}

func (tw *twin) birth(s *twinService, z int) *twinInstance {
	in := &twinInstance{
		id: int32(len(tw.instances)), service: s, zone: z, number: len(s.instances) + 1,
		state: starting, mode: topology.Refuse, node: twinNode{empty: longAgo},
	}
	born := 0
	for _, other := range s.instances {
		if other.zone == z {
			born++
		}
	}
	in.place = born
	if h := s.t.HealthCheck; !h.None {
		draw := des.From(des.Stream(tw.seed, "health", s.t.Name), (uint64(z)<<32|uint64(born))*forPick)
		in.phase = -int64(tw.top.Simulation.Warmup) - 1 - int64(draw.Float64()*float64(h.Interval))
	}
	tw.instances = append(tw.instances, in)
	tw.inFlight = append(tw.inFlight, 0)
	s.instances = append(s.instances, in)
	return in
}

func (in *twinInstance) name() string { return fmt.Sprintf("%s-%d", in.service.t.Name, in.number) }

func (s *twinService) slots() int      { return limit(s.t.Concurrency) }
func (s *twinService) queueLimit() int { return limit(s.t.Queue.Limit) }

func limit(n int) int {
	if n == topology.Unlimited {
		return math.MaxInt
	}
	return n
}

// count instances that meet a condition.
func (s *twinService) count(is func(*twinInstance) bool) int {
	n := 0
	for _, in := range s.instances {
		if is(in) {
			n++
		}
	}
	return n
}

func (in *twinInstance) living() bool { return in.state == up || in.state == starting }

// plan schedules what only happens in this life of the instance.
func (tw *twin) plan(in *twinInstance, at int64, class twinClass, do func()) *moment {
	m := tw.at(at, class, do)
	in.plans = append(in.plans, m)
	return m
}

func (in *twinInstance) dropPlans() {
	for _, m := range in.plans {
		m.off = true
	}
	in.plans = nil
}

func (in *twinInstance) checks() policy.HealthCheck {
	h := in.service.t.HealthCheck
	return policy.HealthCheck{
		Interval: int64(h.Interval), Timeout: int64(h.Timeout),
		UnhealthyAfter: h.UnhealthyAfter, HealthyAfter: h.HealthyAfter,
	}
}

func (tw *twin) begin(in *twinInstance) {
	in.state = up
	in.service.up.change(tw.now, in.zone, +1)
}

// die: the health checks can see it after `unseen`.
func (tw *twin) die(in *twinInstance, to life, mode topology.DeathMode, unseen int64) {
	if in.state == up {
		in.service.up.change(tw.now, in.zone, -1)
	}
	since := tw.now + unseen
	in.dropPlans()
	tw.forgetGates(in)
	in.caller.forget()
	in.state, in.mode, in.seen = to, mode, false
	if in.frozen {
		in.frozen = false
		since = min(since, in.mute)
		tw.melt(in, false)
	}
	tw.unseen(in.service, +1)
	if !in.service.t.HealthCheck.None {
		h := in.checks()
		in.sight = tw.plan(in, h.SeesDeath(since, in.phase), twinSeesDeath, func() { tw.seeDeath(in) })
	} else if unseen > 0 {
		in.sight = tw.plan(in, tw.now+unseen, twinSeesDeath, func() { tw.seeDeath(in) })
	}
}

// seeDeath: the callers know that an instance is dead.
func (tw *twin) seeDeath(in *twinInstance) {
	s := in.service
	if in.seen {
		return
	}
	fooled := tw.wrong(in)
	in.believed, in.seen = false, true
	tw.notePhase()
	if fooled && s.count(tw.wrong) == 0 {
		tw.logDetected(s, in)
	}
	if in.living() { // restarted before anybody noticed, and not yet up; or frozen
		return
	}
	tw.unseen(s, -1)
	tw.reconcile(s)
}

// logDetected: callers are wrong about nobody any more, this instance being the last.
func (tw *twin) logDetected(s *twinService, last *twinInstance) {
	what := "dead"
	if last.frozen {
		what = "frozen"
	}
	tw.log("detected", s.t.Name, fmt.Sprintf("%s instances are out of rotation; %d of %d left", what, s.count(tw.inRotation), s.wanted))
}

// reconcile launches what is missing and known to be missing.
func (tw *twin) reconcile(s *twinService) {
	for s.t.Replace && s.count((*twinInstance).living)+s.unseen < s.wanted {
		z, refused := tw.launchZone(s)
		if z < 0 {
			if refused && !s.refused {
				s.refused = true
				tw.log("refused", s.t.Name, "no zone gives capacity for a replacement")
			}
			if !s.retrying {
				s.retrying = true
				tw.at(tw.now+int64(time.Minute), twinRelaunch, func() {
					s.retrying = false
					tw.reconcile(s)
				})
			}
			return
		}
		s.refused = false
		in := tw.birth(s, z)
		tw.log("launch", in.name(), "replacement in "+tw.top.ZoneNames()[z])
		tw.startUp(in)
	}
}

// launchZone asks the home zones, those with the fewest instances first.
func (tw *twin) launchZone(s *twinService) (z int, refused bool) {
	var homes []int
	living := make([]int, s.zones)
	for z, n := range s.t.Instances {
		living[z] = s.count(func(in *twinInstance) bool { return in.living() && in.zone == z })
		if n > 0 && !tw.lost(z) {
			homes = append(homes, z)
		}
	}
	slices.SortStableFunc(homes, func(a, b int) int { return living[a] - living[b] })
	share := 0.0
	for _, l := range tw.losses {
		share = max(share, l.refuse)
	}
	for _, z := range homes {
		if share == 0 {
			return z, refused
		}
		if draw := tw.draw(s, "capacity"); draw.Float64() >= share {
			return z, refused
		}
		refused = true
	}
	return -1, refused
}

// draw starts the random numbers of a service's next launch or refusal.
func (tw *twin) draw(s *twinService, what string) des.Rand {
	s.draws++
	return des.From(des.Stream(tw.seed, what, s.t.Name), uint64(s.draws)*forPick)
}

func (tw *twin) startUp(in *twinInstance) {
	draw := tw.draw(in.service, "startup")
	delay := compileDelay(in.service.t.Startup)
	tw.plan(in, tw.now+delay.Sample(&draw), twinInService, func() { tw.started(in) })
}

func (tw *twin) started(in *twinInstance) {
	s := in.service
	tw.begin(in)
	in.young, in.since = true, tw.now
	in.node.empty = tw.now
	tw.notePhase()
	if in.sight != nil {
		in.sight.off = true
	}
	if h := in.checks(); in.seen && !s.t.HealthCheck.None {
		tw.plan(in, h.SeesReturn(tw.now, in.phase), twinSeesReturn, in.believe)
	} else {
		in.believe()
	}
	in.seen = false
	tw.player.Started(time.Duration(tw.now), int(in.id), s.index, in.zone)
	tw.nextFault()
	if tw.paused(in) {
		tw.freeze(in)
	}
	if s.count((*twinInstance).living) == s.wanted && s.count(func(in *twinInstance) bool { return in.state == up }) == s.wanted {
		tw.log("in_service", s.t.Name, fmt.Sprintf("all %d instances are in service again", s.wanted))
	}
}
