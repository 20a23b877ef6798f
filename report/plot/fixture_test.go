package plot

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// plan says what a synthetic run looks like.
type plan struct {
	scenario, description string
	duration, window      time.Duration
	zones, services       int
	clients               []string
	rate                  float64 // client requests/s
	at, until, seen       time.Duration
	lostZone              int     // lost from at to until; -1 = none
	failing, undetected   float64 // share of requests, in the fault and before it is seen
	headroom              float64 // of all zones
	gaps                  bool    // some windows without a request
}

func base() plan {
	return plan{
		scenario: "none", duration: 30 * time.Minute, window: 5 * time.Second, zones: 3, services: 6,
		clients: []string{"members"}, rate: 900, lostZone: -1, headroom: 0.6,
	}
}

func gorilla(zone int) plan {
	p := base()
	p.scenario, p.lostZone = fmt.Sprintf("gorilla[us-east-1%c]", 'a'+zone), zone
	p.description = "any one zone is lost for ten minutes at peak"
	p.at, p.seen, p.until = 5*time.Minute, 5*time.Minute+9*time.Second, 15*time.Minute
	p.failing, p.undetected = 0.0006*float64(zone), 0.03
	return p
}

var serviceNames = []string{"edge", "api", "profiles", "recommendations", "catalogue", "playback-licences"}

func streaming() *topology.Topology {
	return &topology.Topology{Name: "streaming", Objectives: []*topology.Objective{
		{Metric: "availability", Op: ">=", Value: 0.999, Scenario: "gorilla", During: "fault"},
		{Metric: "latency", Quantile: "p99", Op: "<=", Value: 0.4, Scenario: "gorilla"},
		{Metric: "utilization", Service: "catalogue", Op: "<=", Value: 0.85, Scenario: "gorilla"},
	}}
}

// play makes up the run of a plan.
func play(p plan) *trace.Run {
	random := rand.New(rand.NewPCG(1, uint64(p.services)))
	run := &trace.Run{
		Topology: "streaming", Scenario: p.scenario, Description: p.description, Engine: "requests",
		Seed: 1, Duration: p.duration, Warmup: 2 * time.Minute, Window: p.window,
		Spans: []trace.Span{{Start: 0, Phase: trace.Before}},
	}
	if p.lostZone >= 0 {
		run.Spans = append(run.Spans, trace.Span{Start: p.at, Phase: trace.Undetected}, trace.Span{Start: p.seen, Phase: trace.Detected})
		zone := zoneName(p.lostZone)
		run.Events = append(run.Events, trace.Event{T: p.at, Kind: "gorilla", Object: zone, What: "zone lost"})
		if p.until < p.duration {
			run.Spans = append(run.Spans, trace.Span{Start: p.until, Phase: trace.Recovery})
			run.Events = append(run.Events, trace.Event{T: p.until, Kind: "restored", Object: zone, What: "zone is back"})
		}
	}
	for i := range p.zones {
		run.Zones = append(run.Zones, playZone(p, i, run.Windows()))
	}
	for _, name := range p.clients {
		run.Clients = append(run.Clients, playClient(p, name, run, random))
	}
	for i := range p.services {
		run.Components = append(run.Components, playService(p, i, run, random))
	}
	return run
}

func zoneName(i int) string { return fmt.Sprintf("us-east-1%c", 'a'+i) }

func (p plan) phase(t time.Duration) trace.Phase {
	switch {
	case p.lostZone < 0 || t < p.at:
		return trace.Before
	case t < p.seen:
		return trace.Undetected
	case t < p.until:
		return trace.Detected
	}
	return trace.Recovery
}

func playZone(p plan, i, windows int) trace.Zone {
	z := trace.Zone{Name: zoneName(i)}
	share := 1 / float64(p.zones)
	for w := range windows {
		phase := p.phase(time.Duration(w) * p.window)
		lost := phase == trace.Undetected || phase == trace.Detected
		alive, asked := share, share
		if lost {
			asked = 1 / float64(max(p.zones-1, 1))
		}
		if lost && i == p.lostZone {
			alive, asked = 0, 0
		}
		z.InService = append(z.InService, math.Round(alive*72))
		z.Capacity = append(z.Capacity, alive*p.rate*(1+p.headroom))
		z.Demand = append(z.Demand, asked*p.rate)
	}
	return z
}

func playClient(p plan, name string, run *trace.Run, random *rand.Rand) *trace.Client {
	c := &trace.Client{Name: name}
	w := &c.Windows
	for i := range run.Windows() {
		t := time.Duration(i) * p.window
		phase := p.phase(t)
		n := p.rate * p.window.Seconds() / float64(len(p.clients))
		n = math.Max(0, math.Round(n+math.Sqrt(n)*random.NormFloat64()))
		if p.gaps && i/7%3 == 1 {
			n = 0
		}
		bad, p50, p99 := 0.0, 0.041, 0.21
		switch phase {
		case trace.Undetected:
			bad, p50, p99 = p.undetected, 0.06, 2.1
		case trace.Detected:
			bad, p50, p99 = p.failing, 0.045, 0.34
		default:
		}
		failed := math.Round(n * bad)
		noise := 1 + 0.05*random.NormFloat64()
		p50, p99 = p50*noise, p99*noise
		if n-failed == 0 {
			p50, p99 = math.NaN(), math.NaN()
		}
		o := &c.Phases[phase]
		o.Requests += uint64(n)
		o.Attempts += uint64(n)
		o.OK += uint64(n-failed) - uint64((n-failed)/2)
		o.Degraded += uint64((n - failed) / 2)
		o.Failed[trace.Timeout] += uint64(failed)
		c.Answered[phase] += uint64(n - failed)
		for k := range int(n-failed) / 10 {
			o.Latency.Record(int64((p50 + (p99-p50)*math.Pow(float64(k%100)/99, 8)) * 1e9))
		}
		w.Requests, w.Attempts = append(w.Requests, uint32(n)), append(w.Attempts, uint32(n))
		w.OK, w.Failed, w.Degraded = append(w.OK, uint32(n-failed)-uint32((n-failed)/2)), append(w.Failed, uint32(failed)), append(w.Degraded, uint32((n-failed)/2))
		w.Answered = append(w.Answered, uint32(n-failed))
		w.P50, w.P99 = append(w.P50, p50), append(w.P99, p99)
	}
	return c
}

func playService(p plan, k int, run *trace.Run, random *rand.Rand) *trace.Component {
	name := fmt.Sprintf("service-%d", k)
	if k < len(serviceNames) {
		name = serviceNames[k]
	}
	c := &trace.Component{Name: name, Slots: 16, HoldTime: 0.02, InServiceMin: 8, InServiceMax: 12}
	w := &c.Windows
	level := 0.3 + 0.3*random.Float64()
	for i := range run.Windows() {
		phase := p.phase(time.Duration(i) * p.window)
		u, instances := level, 12.0
		if phase == trace.Undetected || phase == trace.Detected {
			u, instances = min(level*float64(p.zones)/float64(max(p.zones-1, 1)), 1), 8
		}
		u = min(max(u*(1+0.03*random.NormFloat64()), 0), 1)
		if p.gaps && i/7%3 == 1 {
			u = 0
		}
		requests := p.rate * p.window.Seconds()
		s := p.window.Seconds()
		c.Use[phase].Add(trace.Use{Time: s, Busy: u * instances * 16 * s, Slots: instances * 16 * s, InService: instances * s})
		c.Phases[phase].Requests += uint64(requests)
		c.Phases[phase].OK += uint64(requests)
		w.Requests, w.OK = append(w.Requests, uint32(requests)), append(w.OK, uint32(requests))
		w.Degraded, w.Failed = append(w.Degraded, 0), append(w.Failed, 0)
		w.Utilization, w.Queue = append(w.Utilization, u), append(w.Queue, u)
		w.InService, w.Capacity = append(w.InService, instances), append(w.Capacity, p.rate/u)
		w.P99 = append(w.P99, 0.02)
	}
	return c
}

// fixtures are the runs that pages must cope with.
func fixtures() map[string]*trace.Run {
	plans := map[string]plan{"healthy": base(), "gorilla": gorilla(1)}

	p := gorilla(0)
	p.zones, p.failing, p.undetected, p.headroom, p.scenario = 1, 1, 1, 0.2, "total-outage"
	plans["outage"] = p

	p = base()
	p.rate, p.scenario = 0, "silent"
	plans["silent"] = p

	p = gorilla(2)
	p.duration, p.window, p.at, p.seen, p.until = 5*time.Second, 5*time.Second, 0, 5*time.Second, 5*time.Second
	p.scenario = "single-window"
	plans["single"] = p

	p = gorilla(1)
	p.services, p.scenario, p.failing = 30, "thirty-services", 0.2
	plans["services"] = p

	p = gorilla(4)
	p.zones, p.clients, p.headroom, p.scenario = 5, []string{"members", "visitors", "partners-with-a-rather-long-name"}, 0.1, "five-zones"
	plans["zones"] = p

	p = gorilla(1)
	p.duration, p.at, p.seen, p.until = 24*time.Hour, 8*time.Hour, 8*time.Hour+time.Minute, 11*time.Hour
	p.scenario, p.rate = "a-whole-day", 9
	plans["day"] = p

	p = gorilla(1)
	p.gaps, p.scenario, p.duration = true, "gaps", 20*time.Minute
	plans["gaps"] = p

	runs := map[string]*trace.Run{}
	for name, p := range plans {
		runs[name] = play(p)
	}
	return runs
}

// variants are several runs of one topology.
func variants() []*trace.Run {
	return []*trace.Run{play(base()), play(gorilla(0)), play(gorilla(1)), play(gorilla(2))}
}
