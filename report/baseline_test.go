package report

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

func promised() *topology.Topology {
	return &topology.Topology{
		Name:       "shop",
		Simulation: topology.Simulation{Duration: time.Minute, Seed: 4},
		Traffic:    []*topology.Traffic{{Name: "visitors"}},
		Objectives: []*topology.Objective{
			{Scenario: "gorilla", Metric: "availability", Op: ">=", Value: 0.9, During: "fault"},
			{Scenario: "gorilla", Metric: "utilization", Service: "web", Op: ">=", Value: 0.1, During: "all"},
			{Scenario: "gorilla", Metric: "recovers_within", Op: "<=", Value: 60, During: "all"},
			{Scenario: "gorilla", Metric: "cost", Op: "<=", Value: 60, During: "all"},
			{Scenario: "none", Metric: "headroom", Zones: 1, Op: ">=", During: "all"},
		},
	}
}

// watchOf takes the same run n times, changed a little each time.
func watchOf(n int, change func(i int, r *trace.Run)) *Watch {
	t := promised()
	w := NewWatch(t, []string{"gorilla[b]"})
	for i := range n {
		run := lost()
		change(i, run)
		w.Take(0, Summarize(t, run))
	}
	return w
}

// wobbling loses a few more requests with every replication.
func wobbling(i int, run *trace.Run) {
	p := &run.Clients[0].Phases[trace.Detected]
	p.OK -= uint64(i % 3)
	p.Failed[trace.Timeout] += uint64(i % 3)
}

func baselineOf(w *Watch, n int) *Baseline {
	return NewBaseline(w, promised().Simulation, n, UsualTolerances(), 0.95)
}

func TestFiguresOfABaseline(t *testing.T) {
	b := baselineOf(watchOf(5, wobbling), 5)
	var names []string
	for _, f := range b.Variants[0].Value {
		names = append(names, f.Name)
	}
	// Cost is not measured, recovery could not be told, and the only client is
	// all clients.
	want := "availability of visitors during fault; utilization of web, lower is worse; availability of visitors; " +
		"latency p99 of visitors; latency p99 of visitors during fault"
	if got := strings.Join(names, "; "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestBaselineSurvivesItsFile(t *testing.T) {
	for _, n := range []int{3, MostValues + 1} {
		b := baselineOf(watchOf(n, wobbling), n)
		var first, second strings.Builder
		if err := WriteBaseline(&first, b); err != nil {
			t.Fatal(err)
		}
		read, err := ReadBaseline(strings.NewReader(first.String()))
		if err != nil {
			t.Fatal(err)
		}
		if err := WriteBaseline(&second, read); err != nil {
			t.Fatal(err)
		}
		if first.String() != second.String() {
			t.Errorf("written\n%s\nread and written\n%s", first.String(), second.String())
		}
		f := read.Variants[0].Value[0].Value
		if want := map[bool]int{true: n, false: 0}[n <= MostValues]; len(f.Values) != want || f.N != n {
			t.Errorf("of %d replications (n = %d), %d values are kept", n, f.N, len(f.Values))
		}
		for line := range strings.Lines(first.String()) {
			if strings.Count(line, `"mean"`) > 1 {
				t.Errorf("two figures on a line: %s", line)
			}
		}
	}
}

func TestBaselinesThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "is not a baseline",
		"version: 1\nvariants: {}":      "is not a baseline",
		`{"version": 1, "runs": []}`:    "is not a baseline",
		`{"version": 2, "variants": 7}`: "is of another version: 2",
		`{"version": 1, "replications": 5, "variants": {"none": {"x": {"mean": 1, "stddev": 0, "n": 5, "values": [1]}}}}`:      "has 1 values of 5 replications",
		`{"version": 1, "replications": 0, "variants": {}}`:                                                                    "0 replications",
		`{"version": 1, "replications": 5, "tolerance": {"speed": "1%"}, "variants": {}}`:                                      "no tolerance of",
		`{"version": 1, "replications": 5, "unknown": 1, "variants": {}}`:                                                      "unknown field",
		`{"version": 1, "replications": 5, "variants": {"none": {"x": {"mean": 1, "n": 6}}}}`:                                  "is of 6 replications of 5",
		`{"version": 1, "replications": 5, "variants": {"none": {"x": {"mean": 1, "stddev": -1, "n": 5}}}}`:                    "standard deviation of -1",
		`{"version": 1, "replications": 5, "variants": {"none": {"x": {"mean": 1, "stddev": null, "n": 5}}}}`:                  "standard deviation of NaN",
		`{"version": 1, "replications": 2, "variants": {"none": {"x": {"mean": 1, "stddev": 0, "n": 2, "values": [1,null]}}}}`: "has 1 known values and says 2",
		`{"version": 1, "replications": 1, "variants": {"none": {"x": {"mean": 1, "n": 1}, "x": {"mean": 1, "n": 1}}}}`:        "x of none is there twice",
		`{"version": 1, "replications": 1, "variants": {"none": {}, "none": {}}}`:                                              "none is there twice",
		`{"version": 1, "replications": 1, "duration": -1, "confidence": 0.95, "variants": {}}`:                                "runs of -1 s",
		`{"version": 1, "replications": 1, "duration": 60, "confidence": 7, "variants": {}}`:                                   "a confidence of 7",
		`{"version": 1, "replications": 5, "variants": {"none": {"x": null}}}`:                                                 "has no mean",
		`{"version": 1, "replications": 5, "variants": {"none": {"x": {"mean": 1, "n": 5, "values": [1,2,3,4]}}}`:              "is not a baseline",
	} {
		if _, err := ReadBaseline(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestComparison(t *testing.T) {
	b := baselineOf(watchOf(10, wobbling), 10)
	worse := func(i int, run *trace.Run) {
		wobbling(i, run)
		p := &run.Clients[0].Phases[trace.Detected]
		p.OK -= 50
		p.Failed[trace.Timeout] += 50
	}
	dead := func(_ int, run *trace.Run) {
		for i := range run.Clients[0].Phases {
			p := &run.Clients[0].Phases[i]
			*p = outcomes(p.Requests, p.Requests, 0, 0, map[trace.Reason]uint64{trace.Unavailable: p.Requests}, 0)
		}
	}
	for name, c := range map[string]struct {
		change func(i int, run *trace.Run)
		n      int
		seed   uint64
		want   string // the figures that are worse
	}{
		"unchanged, in pairs":   {wobbling, 10, 4, ""},
		"unchanged, other luck": {func(i int, r *trace.Run) { wobbling(i+1, r) }, 10, 5, ""},
		"fewer replications":    {wobbling, 4, 4, ""},
		"worse, in pairs":       {worse, 10, 4, "availability of visitors during fault; availability of visitors"},
		"worse, other luck":     {worse, 10, 5, "availability of visitors during fault; availability of visitors"},
		"worse, too few":        {worse, 1, 5, ""},
		"dead": {dead, 10, 4, "availability of visitors during fault; availability of visitors; " +
			"latency p99 of visitors; latency p99 of visitors during fault"},
	} {
		got := b.Compare(watchOf(c.n, c.change), c.seed, b.Tolerance)
		var names []string
		for _, r := range got.Regressions {
			names = append(names, r.Figure)
		}
		if strings.Join(names, "; ") != c.want || got.Paired != (c.seed == 4) {
			t.Errorf("%s (paired: %v): %q, want %q", name, got.Paired, names, c.want)
		}
		if c.n == 1 && (got.Compared != 0 || len(got.Undecided) != 5) {
			t.Errorf("%s: of one replication %d figures were compared, %d undecided", name, got.Compared, len(got.Undecided))
		}
	}
}

// What becomes better is no regression, whichever way is better.
func TestBetterIsNotWorse(t *testing.T) {
	b := baselineOf(watchOf(10, wobbling), 10)
	better := func(i int, run *trace.Run) {
		wobbling(i, run)
		p := &run.Clients[0].Phases[trace.Undetected]
		p.OK, p.Failed = p.OK+25, [len(p.Failed)]uint64{}
		for phase := range run.Components[0].Use {
			run.Components[0].Use[phase].Busy *= 1.05
		}
	}
	if c := b.Compare(watchOf(10, better), 4, b.Tolerance); len(c.Regressions) > 0 {
		t.Errorf("better is called %+v", c.Regressions)
	}
	idle := func(i int, run *trace.Run) {
		wobbling(i, run)
		for phase := range run.Components[0].Use {
			run.Components[0].Use[phase].Busy /= 2
		}
	}
	c := b.Compare(watchOf(10, idle), 4, b.Tolerance)
	if len(c.Regressions) != 1 || c.Regressions[0].Figure != "utilization of web, lower is worse" {
		t.Errorf("less than the least utilization is called %+v", c.Regressions)
	}
}

func TestNewAndGone(t *testing.T) {
	b := baselineOf(watchOf(3, wobbling), 3)
	topo := promised()
	topo.Objectives = topo.Objectives[1:2]
	w := NewWatch(topo, []string{"gorilla[b]", "none"})
	for range 3 {
		w.Take(0, Summarize(topo, lost()))
		w.Take(1, Summarize(topo, healthy()))
	}
	b.Variants = append(b.Variants, Entry[Named[*BaselineFigure]]{Name: "monkey"})
	b.Variants[0].Value = append(b.Variants[0].Value, Entry[*BaselineFigure]{"goodput of visitors", &BaselineFigure{Mean: 1, N: 3}})
	c := b.Compare(w, 4, b.Tolerance)
	if got := strings.Join(c.New, "; "); got != "none" {
		t.Errorf("new: %s", got)
	}
	if got := strings.Join(c.Gone, "; "); got != "gorilla[b]: goodput of visitors; monkey" {
		t.Errorf("gone: %s", got)
	}
}

// A system that never came back is worse than one that did: it is taken to need
// the whole run.
func TestNeverBackIsMeasured(t *testing.T) {
	f := newFigure(promised(), &topology.Objective{Metric: "recovers_within", During: "all"})
	r := recovering(func(i int) float64 { return map[bool]float64{true: 1, false: 0.5}[i < 2] })
	f.what.Of = ""
	if got := f.measure(r); got != 600 {
		t.Errorf("needs %v s, want the whole 600", got)
	}
	if got := f.measure(&Result{}); !math.IsNaN(got) {
		t.Errorf("a run that says nothing needs %v s", got)
	}
}

func TestTolerances(t *testing.T) {
	usual := UsualTolerances()
	for metric, c := range map[string]struct {
		baseline, want float64
		text           string
	}{
		"availability":    {0.5, 0.0005, "0.05 points"},
		"latency":         {2, 0.1, "5%"},
		"utilization":     {0.5, 0.02, "2 points"},
		"headroom":        {-0.5, 0.02, "2 points"},
		"recovers_within": {100, 10, "10s"},
		"goodput":         {300, 3, "1%"},
	} {
		if got := usual.of(metric, c.baseline); math.Abs(got-c.want) > 1e-12 || usual.text(metric) != c.text {
			t.Errorf("%s: %v (%s), want %v (%s)", metric, got, usual.text(metric), c.want, c.text)
		}
	}
	changed, err := usual.With("latency=10%")
	if err != nil || math.Abs(changed.of("latency", 2)-0.2) > 1e-12 || usual.of("latency", 2) == 0.2 {
		t.Errorf("changed to %v, the usual to %v: %v", changed.of("latency", 2), usual.of("latency", 2), err)
	}
	for _, bad := range []string{"latency", "speed=1%", "latency=1s", "recovers_within=1%", "latency=200%", "latency=-1%"} {
		if _, err := usual.With(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
