package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// steady is a healthy run of n batches of 10 s and 10,000 requests each: 60% of
// the answers take 10 to 18 ms, the rest 20 to 40 ms, and a few fail, by turns.
func steady(n int) *trace.Run {
	run := healthy()
	run.Duration = time.Duration(n) * 10 * s
	run.Spans = []trace.Span{{Start: 0, Phase: trace.Before}}
	c, web := run.Clients[0], run.Components[0]
	run.Components = run.Components[:1]
	c.Phases, web.Phases, web.Use = [trace.Phases]trace.Outcomes{}, [trace.Phases]trace.Outcomes{}, [trace.Phases]trace.Use{}
	c.Answered = [trace.Phases]uint64{}
	for k := range n {
		run.Batches = append(run.Batches, time.Duration(k)*10*s)
		put(run, trace.Before, uint64(k*7%5), 0)
	}
	return run
}

// put one more batch into a run, in a phase: so many failures, and so much
// latency on top.
func put(run *trace.Run, phase trace.Phase, failed uint64, slower time.Duration) {
	o := trace.Outcomes{Requests: 10_000, Attempts: 10_000, OK: 10_000 - failed}
	o.Failed[trace.Timeout] = failed
	for i := range int64(o.OK) {
		took := 10*time.Millisecond + time.Duration(i*7%1000*8)*time.Microsecond
		if i%5 < 2 {
			took = 20*time.Millisecond + time.Duration(i*2)*time.Microsecond
		}
		o.Latency.Record(int64(took + slower + time.Duration(failed)*100*time.Microsecond))
	}
	use := trace.Use{Time: 10, InService: 20, Slots: 160, Busy: 80 + min(float64(failed), 70), Queue: 1}
	c, web := run.Clients[0], run.Components[0]
	c.Batches, web.Batches = append(c.Batches, o), append(web.Batches, trace.ComponentBatch{Outcomes: o, Use: use})
	c.Phases[phase].Add(&o)
	web.Phases[phase].Add(&o)
	web.Use[phase].Add(use)
	c.Answered[phase] += o.OK
}

// struck is steady for 20 batches, then 20 of a fault that begins with a bad one,
// then three of recovery.
func struck() *trace.Run {
	run := steady(20)
	run.Scenario = "gorilla[b]"
	run.Duration = 430 * s
	run.Spans = append(run.Spans, trace.Span{Start: 200 * s, Phase: trace.Undetected}, trace.Span{Start: 205 * s, Phase: trace.Detected}, trace.Span{Start: 400 * s, Phase: trace.Recovery})
	for k := range 23 {
		run.Batches = append(run.Batches, time.Duration(20+k)*10*s)
		switch {
		case k == 0:
			put(run, trace.Undetected, 3000, time.Millisecond)
		case k < 20:
			put(run, trace.Detected, uint64(k*7%5), time.Millisecond)
		default:
			put(run, trace.Recovery, uint64(k*7%5), 0)
		}
	}
	return run
}

func TestIntervalsOfOneRun(t *testing.T) {
	doc := document(steady(40))
	r := doc.Runs[0]
	if r.Interval != "batch means, 20 batches" {
		t.Errorf("interval %q", r.Interval)
	}
	c := r.Clients[0].Value
	for name, f := range map[string]struct {
		value Number
		path  []string
	}{
		"availability":     {c.Availability, []string{"clients", "visitors", "availability"}},
		"mean latency":     {c.Latency.Mean, []string{"clients", "visitors", "latency", "mean"}},
		"p99":              {c.Latency.P99, []string{"clients", "visitors", "latency", "p99"}},
		"p99 before":       {c.Phases.Before.Latency.P99, []string{"clients", "visitors", "phases", "before", "latency", "p99"}},
		"goodput":          {c.Goodput, []string{"clients", "visitors", "goodput"}},
		"utilization":      {r.Components[0].Value.Utilization, []string{"components", "web", "utilization"}},
		"instances":        {2, []string{"components", "web", "in_service", "mean"}},
		"component's p50":  {r.Components[0].Value.Latency.P50, []string{"components", "web", "latency", "p50"}},
		"component before": {r.Components[0].Value.Phases.Before.Utilization, []string{"components", "web", "phases", "before", "utilization"}},
	} {
		if i, ok := r.Around(f.path...); !ok || !i.Contains(float64(f.value)) || i.HalfWidth() > 0.05*float64(f.value) {
			t.Errorf("%s: %v has the interval %v (%v)", name, f.value, i, ok)
		}
	}
	for _, path := range [][]string{{"clients", "visitors", "requests"}, {"clients", "visitors", "latency", "max"}, {"clients", "visitors", "phases", "fault", "availability"}} {
		if i, ok := r.Around(path...); ok {
			t.Errorf("%v has the interval %v", path, i)
		}
	}
	golden(t, "steady.txt", text(t, doc))
	var b bytes.Buffer
	if err := WriteJSON(&b, doc); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"replications":1,"confidence":0.95,"interval":"batch means, 20 batches"`, `"availability_ci":[0.99`, `"utilization_ci":[0.5`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is not in the document", want)
		}
	}
	for _, no := range []string{`requests_ci`, `p99_low`, `failed_ci`, `max_ci`} {
		if strings.Contains(b.String(), no) {
			t.Errorf("%s is in the document", no)
		}
	}
	b.Reset()
	if err := WriteCSV(&b, doc); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "none,client,visitors,all,availability,0.9998,share,0.9997") {
		t.Errorf("the table has no interval:\n%s", b.String())
	}
}

func text(t *testing.T, doc *Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteText(&b, doc, Style{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What changes within a part has no interval there, and a warning says so; the
// whole of a run with a fault has none.
func TestIntervalsOfPhases(t *testing.T) {
	doc := document(struck())
	r := doc.Runs[0]
	for _, c := range []struct {
		want bool
		path []string
	}{
		{false, []string{"availability"}},
		{true, []string{"phases", "before", "availability"}},
		{false, []string{"phases", "fault", "availability"}},
		{false, []string{"phases", "recovery", "availability"}},
		{true, []string{"phases", "before", "latency", "p50"}},
	} {
		if i, ok := r.Around(append([]string{"clients", "visitors"}, c.path...)...); ok != c.want {
			t.Errorf("%v: interval %v, %v", c.path, i, ok)
		}
	}
	var texts []string
	for _, w := range r.Warnings {
		if w.Rule == WarnNoInterval {
			texts = append(texts, w.Text)
		}
	}
	if len(texts) != 2 || !strings.Contains(texts[0], "during the fault: no interval") || !strings.Contains(texts[0], "availability") ||
		!strings.Contains(texts[0], "(a start unlike the rest)") || !strings.Contains(texts[1], "in recovery") || !strings.Contains(texts[1], "of any figure (too few answers)") {
		t.Errorf("warnings %q", texts)
	}
	golden(t, "struck.txt", text(t, doc))
}

// A single run is judged on its interval where it has one.
func TestVerdictsOfOneRun(t *testing.T) {
	top := shop()
	objective := func(metric, during, quantile, op string, value float64) {
		top.Objectives = append(top.Objectives, &topology.Objective{Scenario: "*", Metric: metric, During: during, Quantile: quantile, Op: op, Value: value})
	}
	objective("availability", "before", "", ">=", 0.99)   // far below
	objective("availability", "before", "", ">=", 0.9998) // about what it is
	objective("latency", "before", "p99", "<=", 1)
	objective("availability", "fault", "", ">=", 0.5) // has no interval
	for _, study := range []bool{false, true} {
		doc := NewDocument(top, 7, []*trace.Run{struck()})
		if study {
			st := NewStudy(top, 1, 0.95)
			st.Take(0, struck())
			doc = st.Document(7)
		}
		want := [][2]string{{Pass, WithinOneRun}, {Inconclusive, WithinOneRun}, {Pass, WithinOneRun}, {Pass, ByValue}}
		for k, v := range doc.Runs[0].Objectives {
			if v.Verdict != want[k][0] || v.Basis != want[k][1] {
				t.Errorf("study %v, objective %d: %s by %s (%v [%v, %v]), want %v", study, k, v.Verdict, v.Basis, v.Value, v.Low, v.High, want[k])
			}
		}
	}
}

// Two traffics: the worse of both latencies, and the sum of the rest.
func TestBoundsOfSeveralClients(t *testing.T) {
	run := steady(20)
	second := *run.Clients[0]
	second.Name = "robots"
	run.Clients = append(run.Clients, &second)
	r := document(run).Runs[0]
	one, _ := r.Around("clients", "robots", "goodput")
	both, ok := r.boundOf(&topology.Objective{Metric: "goodput"})
	if !ok || both.Low < 1.9*one.Low || both.High > 2.1*one.High {
		t.Errorf("goodput of both %v, of one %v", both, one)
	}
	of, _ := r.Around("clients", "robots", "latency", "p99")
	if slowest, ok := r.boundOf(&topology.Objective{Metric: "latency", Quantile: "p99"}); !ok || slowest != of {
		t.Errorf("latency of the slowest %v, want %v", slowest, of)
	}
	if i, ok := r.boundOf(&topology.Objective{Metric: "headroom"}); ok {
		t.Errorf("headroom has the interval %v", i)
	}
}
