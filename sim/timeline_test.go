package sim

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// These tests play small systems of constant times and regular arrivals, whose
// every moment can be worked out by hand.

// played runs a topology (after a common head) under its first scenario, or
// healthy.
func played(t *testing.T, text string) *trace.Run {
	t.Helper()
	if !strings.Contains(text, "simulation:") {
		text = "simulation: {duration: 100s, warmup: 0s, window: 10s}\n" + text
	}
	if !strings.Contains(text, "network:") {
		text = "network: {same_zone: 0, cross_zone: 0}\n" + text
	}
	top, err := topology.Load([]topology.Source{{Name: "test.yaml", Data: []byte("version: 1\n" + text)}}, topology.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	v := scenarios.Healthy()
	if len(top.Scenarios) > 0 {
		v = scenarios.Variants(top, top.Scenarios[0])[0]
	}
	w := newWorld(m, v, Options{Seed: 1})
	w.play()
	checkWorld(t, w)
	return w.record(v)
}

// checkWorld holds at the end of every run: frames, events, slots and queues
// agree.
func checkWorld(t *testing.T, w *World) {
	t.Helper()
	busy := make([]int32, len(w.insts))
	waitingFor := make([]int32, len(w.insts))
	flying := make([]int32, len(w.insts))
	for i := range int32(len(w.frames.chunks)) << chunkBits {
		f := w.frames.at(i)
		if f.attached() && f.inst >= 0 {
			flying[f.inst]++
		}
		if f.inst < 0 {
			continue
		}
		switch op := w.edges[f.edge].op; {
		case f.state == queued:
			waitingFor[f.inst]++
		case f.state == working, f.state == frozenWork, f.state == waiting && op.blocking:
			busy[f.inst]++
		}
	}
	checkFrames(t, w)
	checkCalls(t, w)
	checkDisciplines(t, w)
	for i := range w.insts {
		in := &w.insts[i]
		if in.busy != busy[i] || in.queued != waitingFor[i] || w.inFlight[i] != flying[i] {
			t.Errorf("%s: busy %d, queued %d, in flight %d; its frames say %d, %d, %d",
				w.name(int32(i)), in.busy, in.queued, w.inFlight[i], busy[i], waitingFor[i], flying[i])
		}
		if s := &w.services[in.service]; in.busy > s.m.slots || in.queued > s.m.queue {
			t.Errorf("%s: busy %d of %d, queued %d of %d", w.name(int32(i)), in.busy, s.m.slots, in.queued, s.m.queue)
		}
		if in.life != up && (in.busy != 0 || in.queued != 0) {
			t.Errorf("%s is not up and holds requests", w.name(int32(i)))
		}
	}
	for k := range w.services {
		s := &w.services[k]
		if s.alive > s.wanted {
			t.Errorf("%s: %d instances, %d wanted", s.m.name, s.alive, s.wanted)
		}
	}
}

// checkFrames holds that every frame in use waits for something that will come,
// and no free one does: for one event, for a slot or its calls at an instance, or,
// when the instance sends no answer, for its caller's timeout.
func checkFrames(t *testing.T, w *World) {
	t.Helper()
	free := map[int32]bool{}
	for i := w.frames.free; i != nobody; i = w.frames.at(i).next {
		if free[i] {
			t.Fatalf("frame %d is twice in the free list", i)
		}
		free[i] = true
	}
	ends := map[int32]bool{w.late.index: true}
	for _, l := range w.timers {
		ends[l.index] = true
	}
	events := pending(w)
	onIce := map[int32]int{}
	for _, ice := range w.ice {
		onIce[ice.frame]++
	}
	for i := range int32(len(w.frames.chunks)) << chunkBits {
		f := w.frames.at(i)
		var held bool
		n, timer, atInstance := events[i], f.attached(), f.inst != nobody
		switch {
		case ends[i]:
			held = n == 0
		case free[i]:
			held = n == 0 && !timer && !atInstance
		case f.state == queued, f.state == waiting:
			held = n == 0 && atInstance
		case f.state == frozen, f.state == frozenWork:
			held = n == 0 && onIce[i] == 1
		case f.state == gone:
			held = n == 1 && !timer || n == 0 && timer
		default:
			held = n == 1
		}
		if !held {
			t.Errorf("frame %d (free: %v, state %d): %d events, timer: %v, at an instance: %v", i, free[i], f.state, n, timer, atInstance)
		}
	}
}

// pending counts the events that every frame has to come: in the set, in the
// lines, and its end of work on shared cores. It leaves the world as it is.
func pending(w *World) map[int32]int {
	count := map[int32]int{}
	var list []des.Event
	for w.set.Len() > 0 {
		first := w.set.Min()
		list = append(list, first.WithID(w.set.Take()))
	}
	for _, e := range list {
		w.set.Push(e)
		if e.ID()&lineID == 0 {
			count[int32(e.ID())]++
		}
	}
	for k := range w.lines {
		l := &w.lines[k]
		for range l.Len() {
			e := l.Pop()
			count[int32(e.ID())]++
			l.Push(e)
		}
	}
	for k := range w.cores {
		for _, s := range w.cores[k].done {
			count[s.id]++
		}
	}
	return count
}

// used counts the frames that are not free.
func (p *pool) used() int {
	n := len(p.chunks) << chunkBits
	for i := p.free; i != nobody; i = p.at(i).next {
		n--
	}
	return n
}

func totals(phases *[trace.Phases]trace.Outcomes) *trace.Outcomes {
	sum := new(trace.Outcomes)
	for p := range phases {
		sum.Add(&phases[p])
	}
	return sum
}

func clientTotals(r *trace.Run) *trace.Outcomes { return totals(&r.Clients[0].Phases) }

func component(t *testing.T, r *trace.Run, name string) *trace.Component {
	t.Helper()
	for _, c := range r.Components {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no component %s", name)
	return nil
}

// expect compares a number; seconds are exact to 1 us plus a bucket's width.
func expect(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9+0.008*math.Abs(want) || want == math.Trunc(want) && math.Abs(want) > 130 && math.Abs(want) < 1e4 && got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

const oneAtATime = `
traffic: {users: {to: web, rate: 10/s, arrivals: regular, timeout: 10s}}
services:
  web: {concurrency: 1, work: %s}
`

func TestDeterministicQueueNeverWaits(t *testing.T) {
	r := played(t, strings.ReplaceAll(oneAtATime, "%s", "100ms")) // D/D/1 at rho = 1: each leaves as the next comes
	o := clientTotals(r)
	// Arrivals at 0, 0.1, … 99.9; the one of 99.9 is in flight at 100.
	expect(t, "requests", float64(o.Requests), 1000)
	expect(t, "in flight", float64(o.InFlight()), 1)
	expect(t, "mean latency", o.Latency.Mean(), 0.1)
	expect(t, "waits", component(t, r, "web").Wait.Above(0), 0)
}

func TestHopsBothWays(t *testing.T) {
	r := played(t, `
network: {same_zone: 5ms, cross_zone: 5ms}
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {work: 10ms, calls: [{to: db}, [{to: db}, {to: db}]]}
  db: {work: 1ms}
`)
	o := clientTotals(r)
	expect(t, "latency", o.Latency.Mean(), 0.005+0.010+(0.005+0.001+0.005)*2+0.005)
	expect(t, "sojourn at web", totals(&component(t, r, "web").Phases).Latency.Mean(), 0.032)
	expect(t, "requests to db", float64(totals(&component(t, r, "db").Phases).Requests), 3*float64(o.Requests))
}

func TestBlockingKeepsTheSlot(t *testing.T) {
	for blocking, held := range map[string]float64{"true": 0.010 + 0.040, "false": 0.010} {
		r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {concurrency: 1, blocking: `+blocking+`, work: 10ms, calls: [{to: db}]}
  db: {work: 40ms}
`)
		c := component(t, r, "web")
		expect(t, "slot-holding time", c.HoldTime, held)
		expect(t, "utilization", c.Use[0].Busy/c.Use[0].Slots, held/0.1)
		expect(t, "capacity", c.Windows.Capacity[3], 1/held)
	}
}

func TestTimeoutAbandonsAndTheWorkGoesOn(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular, timeout: 50ms, retries: {max: 1}}}
services:
  web: {concurrency: unlimited, work: 80ms, calls: [{to: db}]}
  db: {work: 10ms}
`)
	o := clientTotals(r)
	web, db := totals(&component(t, r, "web").Phases), totals(&component(t, r, "db").Phases)
	expect(t, "answered", float64(o.OK), 0)
	expect(t, "timeouts", float64(o.Failed[trace.Timeout]), 999) // of the last, at 99.9, the second ends at 100.0: it comes first
	expect(t, "attempts", float64(o.Attempts), 2*1000)
	expect(t, "attempts at web", float64(web.Requests), 2000)
	expect(t, "abandoned work still calls", float64(db.Requests), 1999) // all but the second attempt of 99.9
	expect(t, "served all the same", float64(web.Latency.Count), 1999)
}

func TestBackoffIsWaited(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 1/s, arrivals: regular, retries: {max: 3, backoff: {initial: 10ms, factor: 2, max: 30ms}, jitter: none}}}
services:
  web: {concurrency: 1, queue: {limit: 0}, work: 10ms, calls: [{to: db, timeout: 30ms}]}
  db: {concurrency: 1, queue: {limit: 0}, work: 990ms}
`)
	// Every request: web 10 ms, db times out at 40 ms and goes on for 990 ms, so
	// the retries find db full: 10 ms work, then rejected at once. Attempts begin
	// at 0, 40+10, 60+20, 90+30 and the last ends at 130 ms.
	o := clientTotals(r)
	expect(t, "attempts", float64(o.Attempts), 400)
	expect(t, "dependency failures", float64(o.Failed[trace.Dependency]), 100)
	expect(t, "time of the last attempt", component(t, r, "web").Use[0].Busy, 100*(0.04+0.01*3))
	for _, c := range r.Causes {
		if c.Component != "db" || c.Reason != trace.Rejected && c.Reason != trace.Timeout {
			t.Errorf("cause %+v", c)
		}
	}
}

func TestFirstRequiredFailureEndsTheRequest(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {work: 0, calls: [[{to: bad, timeout: 5ms}, {to: slow}], {to: never}]}
  bad: {work: 1s, concurrency: unlimited}
  slow: {work: 50ms}
  never: {work: 1ms}
`)
	o := clientTotals(r)
	expect(t, "failed", float64(o.Failed[trace.Dependency]), 1000)
	expect(t, "calls of the next step", float64(totals(&component(t, r, "never").Phases).Requests), 0)
	expect(t, "the sibling went on", float64(totals(&component(t, r, "slow").Phases).OK), 1000)
	expect(t, "cost", component(t, r, "slow").Use[0].Busy, 50)
	if len(r.Causes) != 1 || r.Causes[0].Component != "bad" || r.Causes[0].Reason != trace.Timeout || r.Causes[0].Failed != 1000 {
		t.Errorf("causes %+v", r.Causes)
	}
}

func TestOptionalAndFallbackDegrade(t *testing.T) {
	for option, latency := range map[string]float64{"optional: true": 0.005, "fallback: 7ms": 0.012} {
		r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
services:
  web: {work: 0, calls: [{to: bad, timeout: 5ms, `+option+`}]}
  bad: {work: 1s, concurrency: unlimited}
`)
		o := clientTotals(r)
		expect(t, "degraded", float64(o.Degraded), 1000)
		expect(t, "latency", o.Latency.Mean(), latency)
		if len(r.Causes) != 1 || r.Causes[0].Degraded != 1000 {
			t.Errorf("%s: causes %+v", option, r.Causes)
		}
	}
}

func TestTimesAndProbability(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 100/s, arrivals: regular}}
services:
  web: {work: 0, concurrency: unlimited, calls: [{to: a, times: 3}, [{to: b, times: 4}, {to: c, probability: 25%}]]}
  a: {work: 1ms, concurrency: unlimited}
  b: {work: 1ms, concurrency: unlimited}
  c: {work: 0, concurrency: unlimited}
`)
	expect(t, "three in turn and four at once", clientTotals(r).Latency.Mean(), 0.004)
	expect(t, "calls of a", float64(totals(&component(t, r, "a").Phases).Requests), 30000)
	expect(t, "calls of b", float64(totals(&component(t, r, "b").Phases).Requests), 40000)
	if n := float64(totals(&component(t, r, "c").Phases).Requests); math.Abs(n-2500) > 4*math.Sqrt(10000*.25*.75) {
		t.Errorf("%v calls at a probability of 25%% of 10,000", n)
	}
}

func TestSharedCores(t *testing.T) {
	// Two requests at once, every second, 100 ms of work each on one core: both
	// end at 200 ms. With two cores each ends at 100 ms.
	for cores, latency := range map[string]float64{"1": 0.2, "2": 0.1} {
		r := played(t, `
traffic: {users: {to: web, rate: 1/s, arrivals: regular}}
services:
  web: {work: 0, calls: [[{to: cpu}, {to: cpu}]]}
  cpu: {cores: `+cores+`, concurrency: 10, work: 100ms}
`)
		expect(t, "latency on "+cores+" cores", clientTotals(r).Latency.Mean(), latency)
		c := component(t, r, "cpu")
		expect(t, "busy cores", c.Use[0].Busy, 20)
	}
}

func TestKillResetsAndRefuses(t *testing.T) {
	r := played(t, `
network: {same_zone: 1ms, cross_zone: 1ms}
traffic: {users: {to: web, rate: 100/s, arrivals: regular}}
services:
  web:
    instances: 2
    work: 5ms
    replace: false
    health_check: {interval: 4s, unhealthy_after: 2}
scenarios:
  kill: {faults: [{kill: {services: [web], count: 1}, at: 50.0035s}]}
`)
	o := clientTotals(r)
	// The one at work (arrivals every 10 ms alternate; one instance holds the
	// request of 50.000 from 50.001 to 50.006) may be reset; then every second
	// request is refused until the checks see the death after 4 to 8 s.
	n := float64(o.Failed[trace.Refused])
	if n < 4*50 || n > 8*50+1 {
		t.Errorf("%v refused, want 200 to 401", n)
	}
	expect(t, "other failures", float64(o.FailedTotal())-n, 0)
	expect(t, "instances at the end", component(t, r, "web").Windows.InService[9], 1)
	if r.Spans[1].Phase != trace.Undetected || r.Spans[2].Phase != trace.Detected {
		t.Errorf("spans %v", r.Spans)
	}
	seen := r.Spans[2].Start - r.Spans[1].Start
	if math.Abs(n-seen.Seconds()*50) > 1.5 {
		t.Errorf("%v refused in %v undetected", n, seen)
	}
}

func TestFailFastBlackHole(t *testing.T) {
	// Of four instances one dies. It refuses at once, looks idle and draws nearly
	// all requests until the checks see it; round robin sends it a quarter.
	text := func(balancing string) string {
		return `
traffic: {users: {to: web, rate: 300/s}}
services:
  web:
    instances: 4
    concurrency: 10
    work: {exponential: 100ms}
    balancing: ` + balancing + `
    health_check: {interval: 20s, unhealthy_after: 2}
scenarios:
  kill: {faults: [{kill: {services: [web], count: 1}, at: 50s}]}
`
	}
	share := func(r *trace.Run) float64 {
		o := &r.Clients[0].Phases[trace.Undetected]
		return float64(o.Failed[trace.Refused]) / float64(o.Requests)
	}
	if s := share(played(t, text("least_requests"))); s < 0.9 {
		t.Errorf("least_requests: the black hole swallows %.2f, want over 0.9", s)
	}
	if s := share(played(t, text("round_robin"))); math.Abs(s-0.25) > 0.02 {
		t.Errorf("round_robin: %.3f refused, want 0.25", s)
	}
}

func TestKilledIsReplacedAfterTheChecks(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 10/s, arrivals: regular}}
zones: [a, b]
services:
  web: {instances: 4, work: 5ms, startup: 10s, health_check: {interval: 2s, unhealthy_after: 1}}
scenarios:
  kill: {faults: [{kill: {services: [web], zones: [b], count: 2}, at: 20s}]}
`)
	in := component(t, r, "web").Windows.InService
	if in[1] != 4 || in[2] < 2 || in[2] > 2.1 || in[9] != 4 {
		t.Errorf("in service %v", in)
	}
	if b := r.Zones[1].InService[9]; b != 2 {
		t.Errorf("zone b has %v instances, want 2: the replacement goes where the fewest are", b)
	}
}

const threeZones = `
zones: [a, b, c]
traffic: {users: {to: web, rate: 300/s, arrivals: regular, timeout: 500ms}}
services:
  web: {instances: {per_zone: 2}, work: 5ms, startup: 10s, health_check: {interval: 2s, unhealthy_after: 2, healthy_after: 2}}
scenarios:
  gorilla: {faults: [{gorilla: {zone: b, %s}, at: 20s, for: 40s}]}
`

func TestLostZone(t *testing.T) {
	r := played(t, strings.ReplaceAll(threeZones, "%s", "refuse_capacity_elsewhere: 100%"))
	o := clientTotals(r)
	expect(t, "failures other than timeouts", float64(o.FailedTotal()-o.Failed[trace.Timeout]), 0)
	n := float64(o.Failed[trace.Timeout])
	if n < 2*100 || n > 4*100+2 { // a third of 300/s for 2 to 4 s
		t.Errorf("%v timeouts", n)
	}
	c := component(t, r, "web")
	for win, want := range map[int]float64{1: 6, 3: 4, 5: 4, 8: 6} {
		expect(t, "in service", c.Windows.InService[win], want)
	}
	if c.InServiceMin != 4 || c.InServiceMax != 6 {
		t.Errorf("in service from %d to %d", c.InServiceMin, c.InServiceMax)
	}
	// Capacity is of the slots alone here: 100 per instance held for 5 ms.
	expect(t, "capacity of zone b before", r.Zones[1].Capacity[1], 2*100/0.005)
	expect(t, "capacity of zone b lost", r.Zones[1].Capacity[4], 0)
	expect(t, "demand through zone b lost", r.Zones[1].Demand[4], 0)
	expect(t, "demand in all", r.Zones[0].Demand[4]+r.Zones[2].Demand[4], 300)
}

func TestLostZoneIsReplacedElsewhereAndNeverTooMany(t *testing.T) {
	r := played(t, strings.ReplaceAll(threeZones, "%s", "refuse_capacity_elsewhere: 0%"))
	c := component(t, r, "web")
	if got := c.Windows.InService[4]; got != 6 {
		t.Errorf("%v in service while the zone is lost, want 6", got)
	}
	if c.InServiceMax != 6 {
		t.Errorf("%d in service, 6 wanted", c.InServiceMax)
	}
	if got := r.Zones[1].InService[9]; got != 0 {
		t.Errorf("zone b got %v back although nothing was missing", got)
	}
}

func TestReturningZoneCancelsLaunches(t *testing.T) {
	text := strings.ReplaceAll(threeZones, "%s", "refuse_capacity_elsewhere: 0%")
	text = strings.ReplaceAll(text, "startup: 10s", "startup: 38s") // under way when the zone is back
	r := played(t, text)
	cancelled := 0
	for _, e := range r.Events {
		if e.Kind == "cancelled" {
			cancelled++
		}
	}
	c := component(t, r, "web")
	if cancelled != 2 || c.InServiceMax != 6 || r.Zones[1].InService[9] < 0.1 {
		t.Errorf("%d launches cancelled, %d in service at most, zone b %v", cancelled, c.InServiceMax, r.Zones[1].InService)
	}
}

func TestEntryFailover(t *testing.T) {
	text := strings.ReplaceAll(threeZones, "%s", "refuse_capacity_elsewhere: 100%")
	text = strings.ReplaceAll(text, "timeout: 500ms}", "timeout: 500ms, entry_failover: 10s}")
	text = strings.ReplaceAll(text, "health_check: {interval: 2s, unhealthy_after: 2, healthy_after: 2}", "health_check: none")
	o := clientTotals(played(t, text))
	n := float64(o.Failed[trace.Timeout])
	if math.Abs(n-1000) > 4*math.Sqrt(3000*2./9) { // a third of the arrivals of 10 s
		t.Errorf("%v timeouts, want 1000", n)
	}
}

func TestAllZonesLost(t *testing.T) {
	r := played(t, `
zones: [a]
traffic: {users: {users: 10, think: 0, to: web, timeout: 100ms}}
services:
  web: {work: 10ms, health_check: none}
scenarios:
  gorilla: {faults: [{gorilla: {zone: a}, at: 20s}]}
`)
	o := &r.Clients[0].Phases[trace.Detected]
	if o.OK != 0 || o.Failed[trace.Timeout] == 0 {
		t.Errorf("outcomes in a total outage: %d ok, failed %v", o.OK, o.Failed)
	}
}

func TestClosedLoopOverAnAbsentService(t *testing.T) {
	r := played(t, `
traffic: {users: {users: 3, think: 0, to: web}}
services:
  web: {instances: 0, work: 10ms}
`)
	o := clientTotals(r)
	if o.OK != 0 || o.Failed[trace.Unavailable] != 3*100_000 { // one try per ms each
		t.Errorf("outcomes %+v", o.Failed)
	}
}

func TestDeepQueueOfNoWork(t *testing.T) {
	// 100,000 requests wait for one slot, then the work of each takes no time:
	// the queue must drain without recursion.
	r := played(t, `
simulation: {duration: 3s, warmup: 0s, window: 1s}
traffic: {users: {to: web, rate: 100k/s, arrivals: regular, timeout: 1h}}
services:
  web: {concurrency: 1, queue: {limit: unlimited}, operations: {a: {work: {quantiles: {0: 0, 99.9999: 0, 100: 1s}}}}}
`)
	if o := clientTotals(r); o.OK == 0 {
		t.Error("nothing served")
	}
}

func TestWarmupIsNotReported(t *testing.T) {
	r := played(t, `
simulation: {duration: 10s, warmup: 20s, window: 1s}
traffic: {users: {to: web, rate: 10/s, arrivals: regular, timeout: 1s}}
services:
  web: {concurrency: 1, work: 2s}
`)
	o := clientTotals(r)
	expect(t, "requests", float64(o.Requests), 100)
	var windows uint32
	for _, n := range r.Clients[0].Windows.Requests {
		windows += n
	}
	expect(t, "requests in windows", float64(windows), 100)
	if len(r.Clients[0].Windows.P99) != 10 || r.Duration != 10*time.Second {
		t.Errorf("%d windows in %v", len(r.Clients[0].Windows.P99), r.Duration)
	}
}
