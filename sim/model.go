// Package sim plays every request of a topology, one by one, in virtual time.
//
// Modelled: network hops by zone, the balancer's choice among the instances it
// believes healthy, queues, slots, work (first come first served, or shared
// cores), calls in order and in parallel, timeouts, retries, fallbacks, clients
// in open and closed loop, health checks, deaths, lost zones, restarts and
// replacements. Not modelled: bandwidth, connection set-up, the scheduling of
// CPUs between slots (write `cores` where it matters), message sizes.
//
// A run is a function of (model, scenario, seed). What a request meets is drawn
// from keys that belong to the request, its hop and a purpose, not from a
// shared stream, so that two designs meet the same luck.
package sim

import (
	"fmt"
	"math"
	"slices"

	"github.com/silverback-sim/silverback/sim/cache"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// Model is a topology in flat tables, read-only and shared by all runs of it.
type Model struct {
	topology *topology.Topology
	fleets   []*topology.Service // by component: all are played as services
	zones    int
	regions  int
	region   []int // of each zone
	services []serviceModel
	caches   []*cacheModel
	ops      []opModel
	edges    []edgeModel
	callers  []int16 // service of each edge's caller; -1 = a client
	callees  [][]int // services that each service calls, directly or not
	traffic  []trafficModel
	hops     []hop      // from zone × to zone
	delays   []des.Time // the constant delays; each has a line in the world
	timeouts []des.Time // the constant timeouts; each has a timer line
	loss     float64
	guards   int // guarded edges
	// Keys of attempts: the bits that all that is done for a request have in common,
	// and the steps from one try, or hedge, to the next.
	shared, perTry, perHedge uint64
	below                    [priorities]int // steps of each priority below the highest in use
}

type serviceModel struct {
	name     string
	slots    int32 // math.MaxInt32 if unlimited
	queue    int32 // likewise
	cores    int32 // 0 = none
	blocking bool
	serverModel
	balance   topology.Balancing
	routing   topology.ZoneRouting
	failOpen  bool    // below panic, the share of the healthy
	panic     float64 //
	perCaller bool
	ejects    bool
	outlier   policy.OutlierRule
	careful   bool // see view
	spread    bool // over several regions
	checked   bool // health checks, or callers know at once
	health    policy.HealthCheck
	startup   des.Delay
	replace   bool
	homes     []int       // zones in which it may run
	required  bool        // a client's request can need it
	guarded   []uint16    // its guarded edges, each with a gate per instance
	cache     *cacheModel // nil = it holds nothing
}

// opModel is one operation: its work, then its steps.
type opModel struct {
	service  uint16
	number   uint16 // in its service
	work     timing
	steps    []stepModel
	blocking bool // and it has calls to wait for
}

// stepModel is one round of calls made at once: edges first .. first+n-1.
type stepModel struct {
	first uint16
	n     uint16
	calls uint16 // in all, each edge as often as it is made
}

// edgeModel is one call of one operation, or of a client.
type edgeModel struct {
	op          *opModel
	service     uint16
	timer       uint16 // timer line
	client      int16  // traffic, or -1
	times       uint16 // in parallel
	retries     uint8
	on          uint16      // set of the reasons that are tried again
	guard       *guardModel // nil = none
	plain       bool        // neither a client's nor guarded
	optional    bool
	fallback    bool
	tolerant    bool // the caller can make out some malformed answers
	probability float64
	salt        uint64
	turn        uint16 // of a client's: the how manieth request of an arrival it makes
	keying      keying
	keyed       bool              // its key does not follow from the caller's alone
	drawn       bool              // keyed, or perhaps not made
	keys        *cache.Popularity // of drawsKey
	backoff     policy.Backoff
	substitute  timing
}

type trafficModel struct {
	name   string
	stream uint64
	edges  []uint16
	share  []float64 // cumulative, of the edges of one turn
	// An arrival makes its requests one after the other, each with a probability, and
	// each by edges of its own: those of the first turn, then those of the second …
	turns       int
	probability float64
	follows     bool      // something comes after a request: another, or the user thinks
	enters      []float64 // weights of zones
	// entryShare is cumulative, of the zones; onlyEntry is the only one that is
	// entered, or -1.
	entryShare []float64
	onlyEntry  int
	gap        float64 // mean ns between arrivals; 0 = closed loop
	regular    bool
	users      int
	think      timing
	mark       uint8 // of its requests: their priority
	failover   des.Time
	guarded    []uint16 // those of the edges that are
}

// timing is a delay as the engine wants it: constant ones run in a line.
type timing struct {
	line  int32 // index of delays, or -1 if random
	delay des.Delay
}

type hop struct {
	timing
	instant bool // zero: called, not scheduled
}

// Compile flattens a checked topology. It fails only where the engine's tables
// are too small for it, or where it has what the engine does not play yet.
func Compile(t *topology.Topology) (*Model, error) {
	if n := len(t.ZoneNames()); n > math.MaxUint8 {
		return nil, fmt.Errorf("%d zones: at most %d can be played", n, math.MaxUint8)
	}
	if err := unplayed(t); err != nil {
		return nil, err
	}
	m := &Model{topology: t, fleets: components(t), zones: len(t.ZoneNames()), loss: t.Network.Loss, below: stepsBelow(t)}
	m.compileHops()
	for _, c := range t.Caches {
		m.caches = append(m.caches, compileCache(c))
		m.shared = keyBits
	}
	firstOp := make([]int, len(m.fleets))
	n := 0
	for i, s := range m.fleets {
		firstOp[i] = n
		n += len(s.Operations)
	}
	m.ops = make([]opModel, n) // edges point into it
	for i, s := range m.fleets {
		m.compileService(s)
		for k, o := range s.Operations {
			if err := m.compileOperation(&m.ops[firstOp[i]+k], i, o, firstOp); err != nil {
				return nil, err
			}
			m.ops[firstOp[i]+k].number = uint16(k)
			for len(m.callers) < len(m.edges) {
				m.callers = append(m.callers, int16(i))
			}
		}
	}
	m.perTry, m.perHedge = perAttempt&^m.shared, perHedge&^m.shared
	for i, tr := range t.Traffic {
		if err := m.compileTraffic(i, tr, firstOp); err != nil {
			return nil, err
		}
	}
	for len(m.callers) < len(m.edges) {
		m.callers = append(m.callers, -1)
	}
	for k := range m.edges {
		e := &m.edges[k]
		e.keyed = e.keying != inheritsKey || m.shared != 0
		e.drawn = e.probability < 1 || e.keyed
		e.plain = e.client < 0 && e.guard == nil
	}
	m.markRequired()
	m.findCallees()
	return m, nil
}

// markRequired finds the services that some request cannot do without: those
// that clients reach through calls that are neither optional nor substituted.
func (m *Model) markRequired() {
	visited := map[*opModel]bool{}
	var visit func(o *opModel)
	visit = func(o *opModel) {
		if visited[o] {
			return
		}
		visited[o] = true
		m.services[o.service].required = true
		for _, step := range o.steps {
			for k := range step.n {
				if e := &m.edges[step.first+k]; !e.optional && !e.fallback {
					visit(e.op)
				}
			}
		}
	}
	for _, t := range m.traffic {
		for _, e := range t.edges {
			visit(m.edges[e].op)
		}
	}
}

// findCallees lists for every service those that its requests reach.
func (m *Model) findCallees() {
	calls := make([][]int, len(m.services))
	for k, caller := range m.callers {
		if callee := int(m.edges[k].service); caller >= 0 && !slices.Contains(calls[caller], callee) {
			calls[caller] = append(calls[caller], callee)
		}
	}
	m.callees = make([][]int, len(m.services))
	for s := range m.services {
		reached := make([]bool, len(m.services))
		var visit func(caller int)
		visit = func(caller int) {
			for _, callee := range calls[caller] {
				if !reached[callee] {
					reached[callee] = true
					m.callees[s] = append(m.callees[s], callee)
					visit(callee)
				}
			}
		}
		visit(s)
	}
}

func (m *Model) compileHops() {
	t := m.topology
	m.regions = len(t.Regions)
	for r, g := range t.Regions {
		for range g.Zones {
			m.region = append(m.region, r)
		}
	}
	region := m.region
	for a := range m.zones {
		for b := range m.zones {
			d := t.Network.CrossZone
			switch {
			case a == b:
				d = t.Network.SameZone
			case region[a] != region[b]:
				d = t.Network.CrossRegion
				for _, p := range t.Network.Matrix {
					if p.From == t.Regions[region[a]].Name && p.To == t.Regions[region[b]].Name {
						d = p.Delay
					}
				}
			}
			tm := m.timing(d)
			fixed, ok := tm.delay.Fixed()
			m.hops = append(m.hops, hop{timing: tm, instant: ok && fixed == 0})
		}
	}
}

func (m *Model) compileService(s *topology.Service) {
	c := serviceModel{
		name: s.Name, slots: bounded(s.Concurrency), queue: bounded(s.Queue.Limit), cores: int32(s.Cores),
		blocking: s.Blocking, balance: s.Balancing, routing: s.ZoneRouting,
		checked: !s.HealthCheck.None,
		health: policy.HealthCheck{
			Interval: int64(s.HealthCheck.Interval), Timeout: int64(s.HealthCheck.Timeout),
			UnhealthyAfter: s.HealthCheck.UnhealthyAfter, HealthyAfter: s.HealthCheck.HealthyAfter,
		},
		startup: compileDelay(s.Startup), replace: s.Replace, failOpen: s.FailOpen, panic: s.PanicThreshold,
	}
	c.serverModel = m.compileServer(s)
	for z, n := range s.Instances {
		if n > 0 {
			c.homes = append(c.homes, z)
			c.spread = c.spread || m.region[z] != m.region[c.homes[0]]
		}
	}
	if s.Balancing == topology.ConsistentHash {
		m.shared = keyBits
	}
	if x := s.Ejection; x != nil {
		c.ejects = true
		c.outlier = policy.OutlierRule{Errors: x.ConsecutiveErrors, Eject: int64(x.Eject), Max: x.Max}
	}
	c.perCaller = s.PerCaller
	if kind, of := m.topology.Component(len(m.services)); kind == topology.CacheKind {
		c.cache = m.caches[of]
	}
	c.careful = c.cache != nil || c.spread || c.perCaller || c.ejects || s.FailOpen || s.Balancing == topology.ConsistentHash
	m.services = append(m.services, c)
}

func (m *Model) compileOperation(op *opModel, service int, o *topology.Operation, firstOp []int) error {
	s := m.fleets[service]
	*op = opModel{
		service: uint16(service), work: m.timing(o.Work),
		blocking: s.Blocking && len(o.Steps) > 0,
	}
	for k, step := range o.Steps {
		first := len(m.edges)
		for j, c := range step {
			salt := des.Stream(0, "call", s.Name, o.Name, fmt.Sprint(k, " ", j))
			if err := m.addEdge(c, -1, salt, firstOp); err != nil {
				return err
			}
			m.edges[len(m.edges)-1].tolerant = s.Tolerant
			if err := m.guardLast(&m.services[service].guarded, c, s.Name); err != nil {
				return err
			}
			m.keyLast(c, service)
		}
		for j, c := range step {
			if err := m.askFirst(first+j, c, firstOp); err != nil {
				return err
			}
		}
		rounds := 1
		if !step[0].Parallel {
			rounds = max(1, step[0].Times)
			m.edges[first].times = 1
		}
		calls := 0
		for _, e := range m.edges[first:][:len(step)] {
			calls += int(e.times)
		}
		if calls >= math.MaxUint16 {
			return fmt.Errorf("%s: %d calls at once, at most %d can be played", s.Name, calls, math.MaxUint16-1)
		}
		for range rounds {
			op.steps = append(op.steps, stepModel{uint16(first), uint16(len(step)), uint16(calls)})
		}
	}
	if n := len(op.steps); n > math.MaxUint16 {
		return fmt.Errorf("%s: %d calls one after the other, at most %d can be played", s.Name, n, math.MaxUint16)
	}
	return nil
}

func (m *Model) addEdge(c *topology.Call, client int, salt uint64, firstOp []int) error {
	switch {
	case c.To.Service >= inherited:
		return fmt.Errorf("%d components: at most %d can be played", len(m.fleets), inherited)
	case len(m.edges) >= math.MaxUint16:
		return fmt.Errorf("more than %d calls in the topology cannot be played", math.MaxUint16)
	case c.Times > math.MaxUint16/2:
		return fmt.Errorf("a call made %d times: at most %d can be played", c.Times, math.MaxUint16/2)
	case c.Retries.Max >= math.MaxUint8:
		return fmt.Errorf("%d retries of one call: at most %d can be played", c.Retries.Max, math.MaxUint8-1)
	}
	e := edgeModel{
		op: &m.ops[firstOp[c.To.Service]+c.To.Operation], service: uint16(c.To.Service),
		timer: m.timer(int64(c.Timeout)), client: int16(client), times: uint16(max(1, c.Times)),
		retries: uint8(c.Retries.Max), on: triedAgain(c.Retries.On), optional: c.Optional, probability: c.Probability, salt: salt,
		backoff: policy.Backoff{
			Initial: int64(c.Retries.Initial), Factor: c.Retries.Factor, Cap: int64(c.Retries.Cap),
			Jitter: jitter(c.Retries.Jitter),
		},
	}
	if c.Fallback != nil {
		e.fallback = true
		e.substitute = m.timing(*c.Fallback)
	}
	m.edges = append(m.edges, e)
	return nil
}

func (m *Model) compileTraffic(i int, tr *topology.Traffic, firstOp []int) error {
	c := trafficModel{
		name: tr.Name, stream: des.Stream(0, "traffic", tr.Name), enters: tr.Enters,
		regular: tr.Arrivals == topology.RegularArrivals, users: tr.Users, failover: int64(tr.EntryFailover),
		mark: compilePriority(tr.Priority).mark(),
	}
	if tr.Users == 0 && tr.Rate > 0 {
		c.gap = 1e9 / tr.Rate
	}
	if tr.Users > 0 {
		c.think = m.timing(tr.Think)
	}
	c.onlyEntry = -1
	for z, v := range tr.Enters {
		if v >= 1 {
			c.onlyEntry = z
		}
		c.entryShare = append(c.entryShare, v)
		if z > 0 {
			c.entryShare[z] += c.entryShare[z-1]
		}
	}
	var sum float64
	for k, to := range tr.To {
		sum += to.Weight
		c.edges = append(c.edges, uint16(len(m.edges)))
		c.share = append(c.share, sum)
		if err := m.addEdge(to.Call, i, des.Stream(0, "client", tr.Name, fmt.Sprint(k)), firstOp); err != nil {
			return err
		}
		if err := m.guardLast(&c.guarded, to.Call, tr.Name); err != nil {
			return err
		}
		edge := len(m.edges) - 1
		m.keyLast(to.Call, -1)
		if err := m.askFirst(edge, to.Call, firstOp); err != nil {
			return err
		}
	}
	if err := m.addTurns(&c, tr.To[0].Call); err != nil {
		return err
	}
	m.traffic = append(m.traffic, c)
	return nil
}

func (m *Model) timing(d topology.Distribution) timing {
	tm := timing{line: -1, delay: compileDelay(d)}
	if fixed, ok := tm.delay.Fixed(); ok {
		tm.line = int32(index(&m.delays, fixed))
	}
	return tm
}

func (m *Model) timer(timeout des.Time) uint16 { return uint16(index(&m.timeouts, timeout)) }

// index of v in the list, appended if new.
func index(list *[]des.Time, v des.Time) int {
	for i, have := range *list {
		if have == v {
			return i
		}
	}
	*list = append(*list, v)
	return len(*list) - 1
}

func bounded(n int) int32 {
	if n == topology.Unlimited || n > math.MaxInt32 {
		return math.MaxInt32
	}
	return int32(n)
}
