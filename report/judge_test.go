package report

import (
	"math"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

func availabilityOver(share float64) *topology.Objective {
	return &topology.Objective{Metric: "availability", During: "all", Op: ">=", Value: share}
}

// judged gives verdicts on samples that a judge would have measured.
func judged(o *topology.Objective, trials float64, never int, samples ...float64) Verdict {
	s := sample{trials: trials, never: never}
	for _, x := range samples {
		s.figures.Add(x)
	}
	return s.verdict(o, 0.95)
}

func TestVerdictsLookAtTheBound(t *testing.T) {
	fast := &topology.Objective{Metric: "latency", During: "all", Op: "<=", Value: 0.4}
	back := &topology.Objective{Metric: "recovers_within", During: "all", Op: "<=", Value: 180}
	nan := math.NaN()
	for name, c := range map[string]struct {
		got  Verdict
		want string
	}{
		"clearly above":              {judged(availabilityOver(0.99), 1e6, 0, 0.999, 0.9991, 0.9989), Pass},
		"clearly below":              {judged(availabilityOver(0.9999), 1e6, 0, 0.999, 0.9991, 0.9989), Fail},
		"around":                     {judged(availabilityOver(0.999), 1e6, 0, 0.999, 0.9991, 0.9989), Inconclusive},
		"above, interval across":     {judged(availabilityOver(0.95), 1e6, 0, 1, 0.9, 1), Inconclusive},
		"one run above":              {judged(availabilityOver(0.99), 1e6, 0, 0.999), Pass},
		"one run below":              {judged(availabilityOver(0.99), 1e6, 0, 0.98), Fail},
		"nothing failed, many asked": {judged(availabilityOver(0.999), 1e5, 0, 1, 1, 1), Pass},
		"nothing failed, few asked":  {judged(availabilityOver(0.999), 300, 0, 1, 1, 1), Inconclusive},
		"no availability at all":     {judged(availabilityOver(0), 0, 0, nan, nan, nan), Fail},
		"no latency at all":          {judged(fast, 0, 0, nan, nan), Fail},
		"no latency once":            {judged(fast, 0, 0, 0.1, nan, 0.1), Inconclusive},
		"fast":                       {judged(fast, 0, 0, 0.1, 0.11, 0.12), Pass},
		"never back once":            {judged(back, 0, 1, 10, 20), Fail},
		"too short to tell":          {judged(back, 0, 0, nan, nan), Inconclusive},
		"back in time":               {judged(back, 0, 0, 10, 20, 15), Pass},
		"not measured yet":           {judged(&topology.Objective{Metric: "cost", Op: "<=", Value: 1}, 0, 0, 0, 0), Inconclusive},
	} {
		if c.got.Verdict != c.want {
			t.Errorf("%s: %s (%v [%v, %v]), want %s", name, c.got.Verdict, c.got.Value, c.got.Low, c.got.High, c.want)
		}
	}
}

func TestConcerns(t *testing.T) {
	for _, c := range []struct {
		scenario, during, metric, variant string
		want                              bool
	}{
		{"gorilla", "fault", "availability", "gorilla[a]", true},
		{"gorilla", "fault", "availability", "gorilla-elastic[a]", false},
		{"", "all", "availability", "none", true},
		{"*", "fault", "availability", "none", false},
		{"*", "all", "recovers_within", "none", false},
		{"none", "all", "headroom", "none", true},
		{"none", "all", "headroom", "monkey", false},
	} {
		o := &topology.Objective{Scenario: c.scenario, During: c.during, Metric: c.metric}
		if got := Concerns(o, c.variant); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// recovering is a result of 20 windows of 30 s whose fault ends at 150 s, with
// the given availability in each window.
func recovering(share func(window int) float64) *Result {
	r := &Result{Duration: 600, Spans: []trace.Span{
		{Start: 0, Phase: trace.Before}, {Start: 60 * time.Second, Phase: trace.Detected}, {Start: 150 * time.Second, Phase: trace.Recovery},
	}}
	s := &ClientSeries{}
	r.Series = Series{Window: 30, Clients: Named[*ClientSeries]{{Name: "users", Value: s}}}
	for i := range 20 {
		a := share(i)
		r.Series.T = append(r.Series.T, float64(30*i))
		s.OK = append(s.OK, 1000*a)
		s.Degraded = append(s.Degraded, 0)
		s.Failed = append(s.Failed, 1000*(1-a))
	}
	c := &Client{}
	c.Phases.Before.OK = 2000
	r.Clients = Named[*Client]{{Name: "users", Value: c}}
	return r
}

func TestRecovery(t *testing.T) {
	o := &topology.Objective{Metric: "recovers_within", During: "all"}
	bad := func(windows ...int) func(int) float64 {
		return func(i int) float64 {
			for _, w := range windows {
				if i == w {
					return 0.5
				}
			}
			return 1
		}
	}
	for name, c := range map[string]struct {
		share func(int) float64
		want  float64
	}{
		"at once":                    {bad(3, 4), 0},
		"after two windows":          {bad(4, 5, 6), 60},
		"back for 30 s does not do":  {bad(5, 7), 90},
		"back for a minute does":     {bad(5, 8), 30},
		"a tenth of a point is well": {func(i int) float64 { return 1 - 0.0009*float64(min(i, 1)) }, 0},
		"never":                      {func(i int) float64 { return map[bool]float64{true: 1, false: 0.9}[i < 2] }, math.Inf(1)},
	} {
		if got := float64(recovering(c.share).recovery(o)); got != c.want {
			t.Errorf("%s: recovers within %v s, want %v", name, got, c.want)
		}
	}
	r := recovering(bad())
	r.Duration, r.Series.T = 180, r.Series.T[:6]
	if got := r.recovery(o); got.Known() {
		t.Errorf("30 s after the fault tell %v", got)
	}
	r = recovering(bad(3))
	r.Spans, r.faultsOver = r.Spans[:2], 60*time.Second // a kill: its phase lasts, its recovery begins at once
	if got := float64(r.recovery(o)); got != 60 || r.NoRecovery() != "" {
		t.Errorf("recovers from the strike within %v s, %q", got, r.NoRecovery())
	}
	r.faultsOver = 0
	if got := r.recovery(o); got.Known() || r.NoRecovery() != "the faults last to the end of the run" {
		t.Errorf("recovery from a fault that lasts is %v, %q", got, r.NoRecovery())
	}
	r.Spans = r.Spans[:1]
	if got := r.recovery(o); got.Known() {
		t.Errorf("recovery of a run without fault is %v", got)
	}
}

func TestWhenFaultsAreOver(t *testing.T) {
	kill := &topology.Fault{At: 60 * time.Second, Kill: &topology.Kill{}}
	lasting := &topology.Fault{At: 60 * time.Second, Gorilla: &topology.Gorilla{}}
	ending := &topology.Fault{At: 30 * time.Second, For: 90 * time.Second, Gorilla: &topology.Gorilla{}}
	late := &topology.Fault{At: time.Hour, Kill: &topology.Kill{}}
	for _, c := range []struct {
		faults []*topology.Fault
		want   time.Duration
	}{
		{[]*topology.Fault{kill}, 60 * time.Second},
		{[]*topology.Fault{kill, ending}, 120 * time.Second},
		{[]*topology.Fault{kill, lasting}, 0},
		{[]*topology.Fault{kill, late}, 0},
		{nil, 0},
	} {
		system := &topology.Topology{Scenarios: []*topology.Scenario{{Name: "s", Faults: c.faults}}}
		if got := faultsOver(system, &trace.Run{Scenario: "s[a]", Duration: 10 * time.Minute}); got != c.want {
			t.Errorf("%d faults are over at %s, want %s", len(c.faults), got, c.want)
		}
	}
}

func TestHeadroomWithoutZones(t *testing.T) {
	zone := func(capacity, demand float64) *ZoneSeries {
		return &ZoneSeries{Capacity: Column{9e9, capacity}, Demand: Column{1, demand}}
	}
	r := &Result{Duration: 20, Series: Series{Window: 10, T: Column{0, 10}, Zones: Named[*ZoneSeries]{
		{Name: "a", Value: zone(500, 300)}, {Name: "b", Value: zone(400, 300)}, {Name: "c", Value: zone(600, 300)},
	}}}
	for lost, want := range map[int]float64{0: 1500./900 - 1, 1: 0, 2: 400./900 - 1, 3: -1} {
		if got := float64(r.without(lost)); math.Abs(got-want) > 1e-12 {
			t.Errorf("without %d zones %v is left, want %v", lost, got, want)
		}
	}
}
