package trace

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func drawHistogram(t *rapid.T) (h Histogram) {
	for range rapid.IntRange(0, 5).Draw(t, "values") {
		h.Record(rapid.Int64Range(-1, 1<<54).Draw(t, "ns"))
	}
	return h
}

func drawOutcomes(t *rapid.T) Outcomes {
	count := rapid.Uint64()
	o := Outcomes{Requests: count.Draw(t, "requests"), Attempts: count.Draw(t, "attempts"), OK: count.Draw(t, "ok"), Degraded: count.Draw(t, "degraded"), Latency: drawHistogram(t)}
	for i := 1; i < len(o.Failed); i++ {
		if rapid.Bool().Draw(t, "occurs") {
			o.Failed[i] = count.Draw(t, "failed")
		}
	}
	return o
}

func drawUse(t *rapid.T, float *rapid.Generator[float64]) Use {
	return Use{float.Draw(t, "time"), float.Draw(t, "busy"), float.Draw(t, "slots"), float.Draw(t, "queue"), float.Draw(t, "in system"), float.Draw(t, "in service")}
}

func drawRun(t *rapid.T) *Run {
	word := rapid.String()
	count := rapid.Uint64()
	float := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.NaN(), math.Inf(1), math.Inf(-1), 0.1, 5e-324}))
	column := rapid.OneOf(rapid.Just([]float64(nil)), rapid.SliceOfN(float, 0, 4))
	counts := rapid.OneOf(rapid.Just([]uint32(nil)), rapid.SliceOfN(rapid.Uint32(), 0, 4))
	moment := rapid.Custom(func(t *rapid.T) time.Duration { return time.Duration(rapid.Int64().Draw(t, "time")) })
	few := func() int { return rapid.IntRange(0, 2).Draw(t, "few") }
	run := &Run{
		Topology: word.Draw(t, "topology"), Scenario: word.Draw(t, "scenario"), Description: word.Draw(t, "description"), Engine: word.Draw(t, "engine"),
		Seed: count.Draw(t, "seed"), Duration: moment.Draw(t, "duration"), Warmup: moment.Draw(t, "warmup"), Window: moment.Draw(t, "window"),
		Interrupted: rapid.Bool().Draw(t, "interrupted"), Played: count.Draw(t, "played"),
	}
	for range few() {
		run.Zones = append(run.Zones, Zone{word.Draw(t, "zone"), column.Draw(t, "in service"), column.Draw(t, "capacity"), column.Draw(t, "demand")})
	}
	for range few() {
		c := &Client{Name: word.Draw(t, "client"), Windows: ClientWindows{
			counts.Draw(t, "requests"), counts.Draw(t, "attempts"), counts.Draw(t, "ok"), counts.Draw(t, "degraded"), counts.Draw(t, "failed"), counts.Draw(t, "answered"),
			column.Draw(t, "p50"), column.Draw(t, "p99"),
		}}
		for range few() {
			c.Batches = append(c.Batches, drawOutcomes(t))
		}
		for p := range c.Phases {
			if rapid.Bool().Draw(t, "phase") {
				c.Phases[p], c.Answered[p] = drawOutcomes(t), count.Draw(t, "answered")
			}
		}
		run.Clients = append(run.Clients, c)
	}
	for range few() {
		c := &Component{
			Name: word.Draw(t, "component"), Wait: drawHistogram(t), QueueMax: rapid.Int().Draw(t, "queue"), InServiceMin: few(), InServiceMax: few(),
			Slots: rapid.Int().Draw(t, "slots"), HoldTime: float.Draw(t, "hold"),
			Windows: ComponentWindows{
				counts.Draw(t, "requests"), counts.Draw(t, "ok"), counts.Draw(t, "degraded"), counts.Draw(t, "failed"),
				column.Draw(t, "utilization"), column.Draw(t, "queue"), column.Draw(t, "in system"), column.Draw(t, "in service"), column.Draw(t, "capacity"), column.Draw(t, "p99"), counts.Draw(t, "hits"), counts.Draw(t, "misses"),
			},
		}
		for p := range c.Phases {
			if rapid.Bool().Draw(t, "phase") {
				c.Phases[p] = drawOutcomes(t)
				c.Use[p] = drawUse(t, float)
				c.Lookups[p] = Lookups{count.Draw(t, "hits"), count.Draw(t, "misses"), count.Draw(t, "fetches"), 1, 0}
			}
		}
		for range few() {
			c.Batches = append(c.Batches, ComponentBatch{drawOutcomes(t), drawUse(t, float)})
		}
		run.Components = append(run.Components, c)
	}
	for range few() {
		run.Batches = append(run.Batches, moment.Draw(t, "batch"))
		run.Spans = append(run.Spans, Span{moment.Draw(t, "start"), Phase(rapid.IntRange(0, int(Phases)-1).Draw(t, "phase"))})
		run.Events = append(run.Events, Event{moment.Draw(t, "t"), word.Draw(t, "kind"), word.Draw(t, "object"), word.Draw(t, "what")})
		run.Causes = append(run.Causes, Cause{word.Draw(t, "component"), Reason(rapid.IntRange(0, int(Reasons)-1).Draw(t, "reason")), word.Draw(t, "fault"), count.Draw(t, "failed"), count.Draw(t, "degraded")})
		run.Warnings = append(run.Warnings, word.Draw(t, "warning"))
	}
	return run
}

func TestLinesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := drawRun(t)
		var b bytes.Buffer
		if err := WriteLines(&b, run); err != nil {
			t.Fatal(err)
		}
		written := b.String()
		back, err := ReadLines(&b)
		if err != nil {
			t.Fatalf("%v\n%s", err, written)
		}
		clients, components := run.Clients, run.Components
		if len(back.Clients) != len(clients) || len(back.Components) != len(components) {
			t.Fatalf("%d clients and %d components came back", len(back.Clients), len(back.Components))
		}
		for i := range clients {
			if !same(*clients[i], *back.Clients[i]) {
				t.Fatalf("client\n%s", written)
			}
		}
		for i := range components {
			if !same(*components[i], *back.Components[i]) {
				t.Fatalf("component\n%s", written)
			}
		}
		a, c := *run, *back
		a.Clients, a.Components, c.Clients, c.Components = nil, nil, nil, nil
		if !same(a, c) {
			t.Fatalf("%+v became\n%+v", a, c)
		}
	})
}

// same is reflect.DeepEqual in which NaN equals NaN and zeros have signs.
func same(a, b any) bool { return deepSame(reflect.ValueOf(a), reflect.ValueOf(b)) }

func deepSame(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Float64:
		x, y := a.Float(), b.Float()
		return math.Float64bits(x) == math.Float64bits(y) || math.IsNaN(x) && math.IsNaN(y)
	case reflect.Struct:
		for i := range a.NumField() {
			if !deepSame(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() || a.Kind() == reflect.Slice && a.IsNil() != b.IsNil() {
			return false
		}
		for i := range a.Len() {
			if !deepSame(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	default:
		return a.Equal(b)
	}
}

func TestReadLinesRefuses(t *testing.T) {
	run := `{"record":"run","version":1}`
	for _, test := range []struct{ lines, want string }{
		{``, "record 1: unexpected EOF"},
		{run, "record 2: unexpected EOF"},
		{`{"record":"run","version":9}`, "version 9"},
		{`{"record":"event"}`, "begins with"},
		{run + run, "begins with"},
		{run + `{"record":"dream"}`, "no kind of record"},
		{run + `{"record":"span","phase":"dusk"}`, "no phase"},
		{run + `{"record":"cause","reason":"spite"}`, "no reason"},
		{run + `{"record":"client","name":"c","phases":[{"phase":"before","failed":{"spite":1}}]}`, "client c"},
		{run + `{"record":"component","name":"web","phases":[{"phase":"dusk"}]}`, "component web"},
		{run + `{"record":"component","wait":{"count":1,"buckets":[[99999,1]]}}`, "histogram"},
		{run + `{"record":"component","wait":{"count":2,"buckets":[[5,1]]}}`, "hold 1 values of 2"},
		{run + `{"record":"component","wait":{"count":2,"buckets":[[5,1],[5,1]]}}`, "out of order"},
		{run + `{"record":"end","records":7}`, "the end counts 7"},
		{run + `]`, "invalid character"},
	} {
		_, err := ReadLines(strings.NewReader(test.lines))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.lines, err, test.want)
		}
	}
}

func FuzzReadLines(f *testing.F) {
	var b bytes.Buffer
	if err := WriteLines(&b, &Run{Topology: "t", Clients: []*Client{{Name: "c"}}, Components: []*Component{{Name: "web"}}, Zones: []Zone{{Name: "a"}}}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		run, err := ReadLines(bytes.NewReader(data))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := WriteLines(&out, run); err != nil {
			t.Fatal(err)
		}
	})
}
