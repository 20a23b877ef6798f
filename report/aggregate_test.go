package report

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"github.com/silverback-sim/silverback/report/trace"
)

// three replications of the fixture that differ in one client's outcomes.
func three() (*Aggregate, []*Result) {
	a := NewAggregate()
	var results []*Result
	for k := range uint64(3) {
		run := lost()
		run.Clients[0].Phases[trace.Before].OK -= 10 * k
		run.Clients[0].Phases[trace.Before].Failed[trace.Timeout] += 10 * k
		if k == 2 {
			run.Clients[0].Phases[trace.Before].OK -= 6
			run.Clients[0].Phases[trace.Before].Failed[trace.Open] += 6
			run.Causes = append(run.Causes, trace.Cause{Component: "late", Reason: trace.Open, Failed: 6})
		}
		r := Summarize(shop(), run)
		results = append(results, r)
		a.Add(r)
	}
	return a, results
}

func TestOneReplicationIsItsOwnResult(t *testing.T) {
	r := Summarize(shop(), lost())
	a := NewAggregate()
	a.Add(r)
	want, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(a.Result(0.95)); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v: one replication differs from the run", err)
	}
}

func TestAggregateByHand(t *testing.T) {
	a, results := three()
	r := a.Result(0.95)
	name := r.Clients[0].Name
	var samples []float64
	for _, one := range results {
		samples = append(samples, float64(one.Clients[0].Value.Phases.Before.Availability))
	}
	mean := (samples[0] + samples[1] + samples[2]) / 3
	sd := math.Sqrt(((samples[0]-mean)*(samples[0]-mean) + (samples[1]-mean)*(samples[1]-mean) + (samples[2]-mean)*(samples[2]-mean)) / 2)
	half := 4.302652729749464 * sd / math.Sqrt(3) // t(0.975, 2)
	if got := float64(r.Clients[0].Value.Phases.Before.Availability); math.Abs(got-mean) > 1e-9 {
		t.Errorf("mean availability %v, want %v", got, mean)
	}
	i, ok := r.Around("clients", name, "phases", "before", "availability")
	if !ok || math.Abs(i.Low-(mean-half)) > 1e-9 || math.Abs(i.High-(mean+half)) > 1e-9 {
		t.Errorf("interval %v, want %v ± %v", i, mean, half)
	}
	if got, _ := r.Clients[0].Value.Phases.Before.Failed.Get("open"); got != 2 {
		t.Errorf("6 in one replication of three are %v on average", got)
	}
	late := false
	for _, c := range r.Causes {
		late = late || c.Component == "late" && c.Failed == 2
	}
	if !late || r.Replications != 3 || r.Events != 3*results[0].Events {
		t.Errorf("causes %v, %d replications, %d events", r.Causes, r.Replications, r.Events)
	}
	if _, ok := r.Around("clients", "nobody", "availability"); ok {
		t.Error("there is an interval around nothing")
	}
}

// TestAggregateShape: the document has every member of a plain one, in the same
// order, with an interval beside every figure.
func TestAggregateShape(t *testing.T) {
	a, _ := three()
	data, err := json.Marshal(a.Result(0.9))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Confidence float64
		Clients    map[string]map[string]any
		Series     map[string]any
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Confidence != 0.9 {
		t.Errorf("confidence %v", doc.Confidence)
	}
	for _, c := range doc.Clients {
		for _, key := range []string{"requests", "requests_ci", "availability_ci", "failed", "failed_ci"} {
			if _, ok := c[key]; !ok {
				t.Errorf("no %s in %v", key, c)
			}
		}
		if ci, ok := c["requests_ci"].([]any); !ok || len(ci) != 2 {
			t.Errorf("requests_ci is %v", c["requests_ci"])
		}
	}
	if doc.Series["window_ci"] != nil || doc.Series["t_low"] != nil {
		t.Error("given figures have intervals")
	}
	var back Result
	if err := json.Unmarshal(data, &back); err != nil {
		t.Errorf("cannot be read back: %v", err)
	}
}
