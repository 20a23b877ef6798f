package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

const s = time.Second

func shop() *topology.Topology {
	return &topology.Topology{
		Name:    "shop",
		Regions: []topology.Region{{Zones: []string{"a", "b"}}},
		Scenarios: []*topology.Scenario{
			{Name: "gorilla", Faults: []*topology.Fault{{At: 20 * s, For: 20 * s, Gorilla: new(topology.Gorilla)}}},
			{Name: "late", Faults: []*topology.Fault{{At: 90 * s, Kill: new(topology.Kill)}}},
		},
	}
}

// lost is a minute of a shop that loses zone b from 20 s to 40 s: 100 requests
// a second, of which 5% fail while undetected.
func lost() *trace.Run {
	run := &trace.Run{
		Topology: "shop", Scenario: "gorilla[b]", Description: "one zone is lost", Engine: "requests",
		Seed: 7, Duration: 60 * s, Warmup: 10 * s, Window: 10 * s, Played: 123456,
		Spans: []trace.Span{
			{Start: 0, Phase: trace.Before},
			{Start: 20 * s, Phase: trace.Undetected},
			{Start: 25 * s, Phase: trace.Detected},
			{Start: 40 * s, Phase: trace.Recovery},
		},
		Events: []trace.Event{
			{T: 20 * s, Kind: "gorilla", Object: "b", What: "zone lost"},
			{T: 25 * s, Kind: "detect", Object: "web-2", What: "out of rotation"},
			{T: 40 * s, Kind: "restored", Object: "b", What: "zone is back, 4 instances restart"},
		},
		Causes: []trace.Cause{
			{Component: "web", Reason: trace.Timeout, Fault: "gorilla", Failed: 20},
			{Component: "db", Reason: trace.Rejected, Fault: "gorilla", Failed: 5, Degraded: 30},
		},
		Warnings: []string{"the step of web has no timeout: 30s is used"},
		Zones: []trace.Zone{
			{Name: "a", InService: fill(6, 4), Capacity: fill(6, 110), Demand: []float64{50, 50, 75, 100, 50, 50}},
			{Name: "b", InService: []float64{4, 4, 0, 0, 4, 4}, Capacity: []float64{110, 110, 0, 0, 110, 110}, Demand: []float64{50, 50, 25, 0, 50, 50}},
		},
	}
	run.Clients = []*trace.Client{{
		Name: "visitors",
		Phases: [trace.Phases]trace.Outcomes{
			trace.Before:     outcomes(2000, 2000, 2000, 0, nil, 40),
			trace.Undetected: outcomes(500, 520, 470, 5, map[trace.Reason]uint64{trace.Timeout: 20, trace.Dependency: 5}, 90),
			trace.Detected:   outcomes(1500, 1500, 1475, 25, nil, 60),
			trace.Recovery:   outcomes(2000, 2000, 1999, 0, nil, 40),
		},
		Answered: [trace.Phases]uint64{1996, 470, 1502, 2006},
		Windows: trace.ClientWindows{
			Requests: column(1000, 1000, 1000, 1000, 1000, 1000), Attempts: column(1000, 1000, 1020, 1000, 1000, 1000),
			OK: column(1000, 1000, 955, 990, 1000, 999), Degraded: column(0, 0, 20, 10, 0, 0), Failed: column(0, 0, 25, 0, 0, 0),
			Answered: column(998, 998, 972, 1000, 1003, 1003),
			P50:      fill(6, 0.04), P99: []float64{0.08, 0.08, 0.9, 0.12, 0.08, math.NaN()},
		},
	}}
	run.Components = []*trace.Component{component("web", 8, 0.05), component("db", 4, 0.02)}
	return run
}

func component(name string, slots int, hold float64) *trace.Component {
	c := &trace.Component{
		Name: name, QueueMax: 6, InServiceMin: 2, InServiceMax: 4, Slots: slots, HoldTime: hold,
		Phases: [trace.Phases]trace.Outcomes{
			trace.Before:     outcomes(2000, 2000, 2000, 0, nil, 12),
			trace.Undetected: outcomes(520, 520, 475, 0, map[trace.Reason]uint64{trace.Timeout: 45}, 15),
			trace.Detected:   outcomes(1500, 1500, 1500, 0, nil, 15),
			trace.Recovery:   outcomes(2000, 2000, 1999, 0, nil, 12),
		},
		Windows: trace.ComponentWindows{
			Requests: column(1000, 1000, 1020, 1000, 1000, 1000), OK: column(1000, 1000, 975, 1000, 1000, 999),
			Degraded: column(0, 0, 0, 0, 0, 0), Failed: column(0, 0, 45, 0, 0, 0),
			Utilization: []float64{0.45, 0.45, 0.8, 0.9, 0.45, 0.45},
			Queue:       []float64{0.1, 0.1, 1, 2, 0.1, 0.1},
			InService:   []float64{4, 4, 2, 2, 4, 4},
			Capacity:    []float64{220, 220, 110, 110, 220, 220},
			P99:         fill(6, 0.02),
		},
	}
	for _, ms := range []int64{0, 1, 2, 3} {
		c.Wait.Record(ms * 1e6)
	}
	busy := [trace.Phases]float64{0.45, 0.8, 0.9, 0.45}
	for phase, time := range [trace.Phases]float64{20, 5, 15, 20} {
		instances := 4.0
		if phase == int(trace.Undetected) || phase == int(trace.Detected) {
			instances = 2
		}
		c.Use[phase] = trace.Use{
			Time: time, InService: instances * time, Slots: instances * float64(slots) * time,
			Busy: busy[phase] * instances * float64(slots) * time, Queue: 0.5 * time, InSystem: 3 * time,
		}
	}
	return c
}

// outcomes whose good answers all took about ms milliseconds.
func outcomes(requests, attempts, ok, degraded uint64, failed map[trace.Reason]uint64, ms int64) trace.Outcomes {
	o := trace.Outcomes{Requests: requests, Attempts: attempts, OK: ok, Degraded: degraded}
	for reason, n := range failed {
		o.Failed[reason] = n
	}
	for i := range int64(ok + degraded) {
		o.Latency.Record(ms*1e6 + i*1e3)
	}
	return o
}

// healthy is the same shop without a fault.
func healthy() *trace.Run {
	run := lost()
	run.Scenario, run.Description, run.Events, run.Causes, run.Warnings = "none", "", nil, nil, nil
	run.Spans = run.Spans[:1]
	for i := range run.Zones {
		run.Zones[i].InService, run.Zones[i].Capacity, run.Zones[i].Demand = fill(6, 4), fill(6, 110), fill(6, 50)
	}
	c := run.Clients[0]
	c.Phases = [trace.Phases]trace.Outcomes{trace.Before: outcomes(6000, 6000, 5999, 0, nil, 40)}
	c.Answered = [trace.Phases]uint64{trace.Before: 5995}
	c.Windows.OK, c.Windows.Degraded, c.Windows.Failed = column(1000, 1000, 1000, 1000, 1000, 999), make([]uint32, 6), make([]uint32, 6)
	for _, c := range run.Components {
		c.Phases = [trace.Phases]trace.Outcomes{trace.Before: outcomes(6000, 6000, 5999, 0, nil, 12)}
		slots := 4 * float64(c.Slots) * 60
		c.Use = [trace.Phases]trace.Use{trace.Before: {Time: 60, Busy: 0.45 * slots, Slots: slots, InService: 240, Queue: 6}}
		c.Windows.Utilization, c.Windows.InService, c.Windows.Capacity = fill(6, 0.45), fill(6, 4), fill(6, 220)
		c.InServiceMin = 4
	}
	return run
}

// outage is a shop in which every request failed.
func outage() *trace.Run {
	run := lost()
	run.Scenario, run.Description = "gorilla[a]", "every zone is lost"
	c := run.Clients[0]
	for i := range c.Phases {
		n := c.Phases[i].Requests
		c.Phases[i] = outcomes(n, n, 0, 0, map[trace.Reason]uint64{trace.Unavailable: n}, 0)
	}
	c.Answered = [trace.Phases]uint64{}
	for i := range run.Zones {
		run.Zones[i].Capacity = fill(6, 0)
	}
	for _, c := range run.Components {
		c.Windows.Capacity = fill(6, 0)
		c.Windows.Utilization = fill(6, math.NaN())
	}
	return run
}

// renamed gives a run names as long as the language allows.
func renamed(run *trace.Run) *trace.Run {
	long := strings.Repeat("a-rather-long-name-", 4)[:62]
	run.Scenario = long + "s[" + long + "z]"
	run.Clients[0].Name = long + "c"
	for i, c := range run.Components {
		c.Name = long + strconv.Itoa(i)
	}
	for i := range run.Causes {
		run.Causes[i].Component = run.Components[i].Name
	}
	return run
}

// silent is a shop that nobody visits and where nothing runs.
func silent() *trace.Run {
	return &trace.Run{
		Topology: "shop", Scenario: "none", Engine: "requests", Duration: 20 * s, Window: 10 * s,
		Spans:   []trace.Span{{Start: 0, Phase: trace.Before}},
		Zones:   []trace.Zone{{Name: "a", InService: fill(2, 0), Capacity: fill(2, 0), Demand: fill(2, 0)}},
		Clients: []*trace.Client{{Name: "visitors", Windows: trace.ClientWindows{Requests: column(0, 0), Attempts: column(0, 0), OK: column(0, 0), Degraded: column(0, 0), Failed: column(0, 0), Answered: column(0, 0), P50: fill(2, math.NaN()), P99: fill(2, math.NaN())}}},
		Components: []*trace.Component{{
			Name: "web", Slots: 4, HoldTime: math.NaN(),
			Use:     [trace.Phases]trace.Use{trace.Before: {Time: 20}},
			Windows: trace.ComponentWindows{Requests: column(0, 0), OK: column(0, 0), Degraded: column(0, 0), Failed: column(0, 0), Utilization: fill(2, math.NaN()), Queue: fill(2, 0), InService: fill(2, 0), Capacity: fill(2, 0), P99: fill(2, math.NaN())},
		}},
	}
}

func fill(n int, x float64) []float64 {
	c := make([]float64, n)
	for i := range c {
		c[i] = x
	}
	return c
}

func column(n ...uint32) []uint32 { return n }
