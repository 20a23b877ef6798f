package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (-update rewrites it), got:\n%s", path, got)
	}
}

func document(runs ...*trace.Run) *Document { return NewDocument(shop(), 7, runs) }

func TestJSONIsTheContract(t *testing.T) {
	var line, pretty bytes.Buffer
	if err := WriteJSON(&line, document(lost(), silent())); err != nil {
		t.Fatal(err)
	}
	if err := json.Indent(&pretty, line.Bytes(), "", " "); err != nil {
		t.Fatal(err)
	}
	golden(t, "results.json", pretty.Bytes())

	doc, err := ReadJSON(bytes.NewReader(line.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := WriteJSON(&again, doc); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(line.Bytes(), again.Bytes()) {
		t.Error("a document that is read and written again differs")
	}
}

func TestReadJSONRefuses(t *testing.T) {
	for _, text := range []string{``, `{"version": 2}`, `{"version": 1, "runs": [{"clients": []}]}`} {
		if _, err := ReadJSON(strings.NewReader(text)); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}

func TestText(t *testing.T) {
	for name, runs := range map[string][]*trace.Run{
		"lost":     {lost()},
		"variants": {healthy(), lost(), outage()},
		"silent":   {silent()},
		"names":    {renamed(healthy()), renamed(lost())},
	} {
		for _, style := range []Style{{}, {Width: 120, Colour: true}} {
			var b bytes.Buffer
			if err := WriteText(&b, document(runs...), style); err != nil {
				t.Fatal(err)
			}
			if style.Colour {
				golden(t, name+".colour.txt", b.Bytes())
				continue
			}
			golden(t, name+".txt", b.Bytes())
			for _, line := range strings.Split(b.String(), "\n") {
				if columns(line) > 80 {
					t.Errorf("%s: more than 80 columns: %q", name, line)
				}
			}
		}
	}
}

func TestPhasesSumToTotals(t *testing.T) {
	for _, run := range []*trace.Run{lost(), healthy(), outage(), silent()} {
		r := Summarize(shop(), run)
		for _, e := range r.Clients {
			c := e.Value
			if c.Requests != c.OK+c.Degraded+c.FailedTotal()+c.InFlight {
				t.Errorf("%s %s: %v requests are not the sum of their outcomes", r.Scenario, e.Name, c.Requests)
			}
			parts := []ClientFigures{c.Phases.Before, c.Phases.Fault.ClientFigures, c.Phases.Recovery}
			var sum ClientFigures
			for _, p := range parts {
				sum.Requests += p.Requests
				sum.Attempts += p.Attempts
				sum.OK += p.OK
				sum.Degraded += p.Degraded
				sum.InFlight += p.InFlight
			}
			if sum.Requests != c.Requests || sum.Attempts != c.Attempts || sum.OK != c.OK || sum.Degraded != c.Degraded || sum.InFlight != c.InFlight {
				t.Errorf("%s %s: the phases sum to %+v", r.Scenario, e.Name, sum)
			}
			if u := c.Phases.Fault.Undetected; u.Requests > c.Phases.Fault.Requests {
				t.Errorf("%s %s: more undetected than in the fault", r.Scenario, e.Name)
			}
		}
		for _, e := range r.Components {
			c := e.Value
			if got := c.Phases.Before.Requests + c.Phases.Fault.Requests + c.Phases.Recovery.Requests; got != c.Requests {
				t.Errorf("%s %s: the phases sum to %v of %v requests", r.Scenario, e.Name, got, c.Requests)
			}
		}
	}
}

func TestFigures(t *testing.T) {
	r := Summarize(shop(), lost())
	c, _ := r.Clients.Get("visitors")
	for name, pair := range map[string][2]Number{
		"availability":            {c.Availability, 5974.0 / 5999},
		"strict availability":     {c.StrictAvailability, 5944.0 / 5999},
		"of the fault":            {c.Phases.Fault.Availability, 1975.0 / 2000},
		"of its undetected part":  {c.Phases.Fault.Undetected.Availability, 475.0 / 500},
		"goodput":                 {c.Goodput, 5974.0 / 60},
		"goodput of the fault":    {c.Phases.Fault.Goodput, 1972.0 / 20},
		"in flight":               {c.InFlight, 1},
		"left at the worst":       {r.Headroom(trace.Undetected, trace.Detected).Left, 110.0/100 - 1},
		"left before":             {r.Headroom(trace.Before).Left, 220.0/100 - 1},
		"utilization of the db":   {r.Components[1].Value.Phases.Fault.Utilization, (0.8*5 + 0.9*15) / 20},
		"wait of the web, median": {r.Components[0].Value.Wait.P50, 0.001},
	} {
		if d := pair[0]/pair[1] - 1; d > 0.01 || d < -0.01 || name != "wait of the web, median" && (d > 1e-12 || d < -1e-12) {
			t.Errorf("%s = %v, want %v", name, pair[0], pair[1])
		}
	}
	if most, ok := r.Bottleneck(trace.Undetected, trace.Detected); !ok || most.Component != "web" {
		t.Errorf("bottleneck = %+v", most)
	}
}

func TestBottleneckIsWhatWasDown(t *testing.T) {
	run := lost()
	run.Components[1].Windows.InService[3] = 0
	r := Summarize(shop(), run)
	if most, ok := r.Bottleneck(trace.Undetected, trace.Detected); !ok || most.Component != "db" || most.Short() != "down" {
		t.Errorf("bottleneck = %+v", most)
	}
	if most, ok := r.Bottleneck(trace.Before); !ok || most.Component != "web" {
		t.Errorf("bottleneck before = %+v", most)
	}
}

func TestBottleneckIsNeeded(t *testing.T) {
	run := lost()
	run.Components = append(run.Components, component("ads", 2, 0.01))
	run.Components[2].Windows.Utilization = fill(6, 1)
	call := func(service int) *topology.Call { return &topology.Call{To: topology.Target{Service: service}} }
	system := shop()
	for _, name := range []string{"web", "db", "ads"} {
		system.Services = append(system.Services, &topology.Service{Name: name, Operations: []*topology.Operation{{}}})
	}
	system.Traffic = []*topology.Traffic{{Name: "visitors", To: []topology.WeightedCall{{Weight: 1, Call: call(0)}}}}
	for _, optional := range []bool{false, true} {
		ads := call(2)
		ads.Optional = optional
		system.Services[0].Operations[0].Steps = []topology.Step{{call(1)}, {ads}}
		r := Summarize(system, run)
		want := "ads"
		if optional {
			want = "web"
		}
		most, _ := r.Bottleneck()
		if most.Component != want {
			t.Errorf("optional %v: bottleneck = %+v", optional, most)
		}
		if busier, ok := r.Busier(most); ok != optional || ok && busier.Component != "ads" {
			t.Errorf("optional %v: busier = %+v, %v", optional, busier, ok)
		}
	}
}

func TestZoneIsLostTwice(t *testing.T) {
	run := lost()
	run.Events = append(run.Events,
		trace.Event{T: 50 * s, Kind: "gorilla", Object: "b", What: "zone lost"},
		trace.Event{T: 52 * s, Kind: "gorilla", Object: "b", What: "zone lost"})
	var got []string
	for _, loss := range Summarize(shop(), run).Losses() {
		got = append(got, loss.String())
	}
	want := "zone b at 20s for 20s: 4 of 8 instances (gorilla)|zone b at 50s to the end: 4 of 8 instances (gorilla)"
	if strings.Join(got, "|") != want {
		t.Errorf("losses = %q", got)
	}
}

func TestWorstVariantIsTold(t *testing.T) {
	mild, hard := lost(), lost()
	mild.Scenario, hard.Scenario = "gorilla[a]", "gorilla[c]"
	mild.Warnings = append(mild.Warnings, "only here")
	hard.Clients[0].Phases[trace.Detected].Failed[trace.Error] = 100
	for _, runs := range [][]*trace.Run{{mild, hard, healthy()}, {healthy(), hard, mild}} {
		var b bytes.Buffer
		if err := WriteText(&b, document(runs...), Style{}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"\ngorilla[c], the worst of 2 variants: one zone", "gorilla[a]: only here\n", "\nnone: the healthy run\n"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%q is not in\n%s", want, b.String())
			}
		}
		if strings.Contains(b.String(), "\ngorilla[a]: one zone") {
			t.Errorf("both variants are told:\n%s", b.String())
		}
	}
}

func TestTopologyWithoutAName(t *testing.T) {
	doc := document(healthy())
	doc.Topology = ""
	var b bytes.Buffer
	if err := WriteText(&b, doc, Style{}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "seed 7 · 1m after") {
		t.Errorf("it begins with %q", strings.SplitN(b.String(), "\n", 2)[0])
	}
}

func TestDemandWithoutAZone(t *testing.T) {
	run := lost()
	run.Zones[0].Demand[3], run.Zones[0].Capacity[3] = 100, 0 // they ask, and do not get in
	r := Summarize(shop(), run)
	if got := r.Headroom(trace.Undetected, trace.Detected).Left; got != -1 {
		t.Errorf("left = %v of a lost system", got)
	}
}

func TestWarnings(t *testing.T) {
	late := lost()
	late.Scenario, late.Interrupted = "late", true
	few := lost()
	few.Clients[0].Phases = [trace.Phases]trace.Outcomes{outcomes(90, 90, 90, 0, nil, 5)}
	hot := lost()
	for p := range hot.Components[1].Use {
		hot.Components[1].Use[p].Busy = hot.Components[1].Use[p].Slots
	}
	growing := healthy()
	growing.Window = s
	growing.Components[0].Windows.Queue = nil
	for i := range 60 {
		growing.Components[0].Windows.Queue = append(growing.Components[0].Windows.Queue, float64(i*i))
	}
	sick := lost()
	for i := 4; i < 6; i++ {
		sick.Clients[0].Windows.OK[i], sick.Clients[0].Windows.Failed[i] = 900, 100
	}
	unmeasured := lost()
	unmeasured.Components[0].HoldTime = unmeasured.Clients[0].Windows.P99[5] // NaN
	for _, test := range []struct {
		run          *trace.Run
		rule, object string
	}{
		{lost(), WarnEngine, ""},
		{late, WarnInterrupted, ""},
		{late, WarnFaultBeyondEnd, "kill"},
		{few, WarnFewSamples, "visitors"},
		{hot, WarnSaturated, "db"},
		{growing, WarnSaturated, "web"},
		{sick, WarnNotRecovered, "visitors"},
		{unmeasured, WarnCapacityUnknown, "web"},
		{silent(), WarnNoRequests, "visitors"},
		{silent(), WarnNoInstance, "web"},
	} {
		found := false
		list := Summarize(shop(), test.run).Warnings
		for _, w := range list {
			found = found || w.Rule == test.rule && w.Object == test.object
		}
		if !found {
			t.Errorf("no %s of %q among %v", test.rule, test.object, list)
		}
	}
	if list := Summarize(shop(), healthy()).Warnings; len(list) > 0 {
		t.Errorf("the healthy run has %v", list)
	}
}

func TestFormats(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{FormatShare(1), "100%"},
		{FormatShare(0), "0%"},
		{FormatShare(0.99982), "99.982%"},
		{FormatShare(1 - 1e-7), "99.99999%"},
		{FormatShare(0.9999999), "99.99999%"},
		{FormatShare(0.974), "97.4%"},
		{FormatShare(0.5), "50%"},
		{FormatShare(0.0003), "0.03%"},
		{FormatAvailability(0.9997), "99.970%"},
		{FormatAvailability(0.99982), "99.982%"},
		{FormatAvailability(1), "100%"},
		{FormatAvailability(0), "0%"},
		{FormatPercent(0.662), "66.2%"},
		{FormatPercent(0.0000204), "<0.1%"},
		{FormatPercent(0), "0%"},
		{FormatChange(0.62), "+62%"},
		{FormatChange(-0.031), "−3.1%"},
		{FormatLatency(0.0412), "41.2ms"},
		{FormatLatency(1.5), "1.5s"},
		{FormatLatency(0.00025), "250us"},
		{FormatLatency(0.9996), "1s"},
		{FormatRate(1234), "1,230/s"},
		{FormatRate(0.02), "0.02/s"},
		{FormatCount(1234567), "1,234,567"},
		{FormatCount(999), "999"},
		{FormatTime(90 * s), "1m30s"},
		{FormatTime(3600 * s), "1h"},
		{FormatTime(12500e6), "12.5s"},
		{FormatTime(0), "0s"},
	} {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
	for _, x := range []float64{1 - 1e-9, 1 - 1e-12, 1e-9, 0.9999996} {
		if text := FormatShare(x); strings.HasPrefix(text, "100") || text == "0%" {
			t.Errorf("FormatShare(%v) = %s", x, text)
		}
	}
}

func TestSaturationAndShortageArePainted(t *testing.T) {
	hot := lost()
	hot.Components[0].Windows.Utilization = fill(6, 1)
	short := lost()
	short.Zones[0].Demand = fill(6, 1000)
	poorly := lost()
	poorly.Clients[0].Phases[trace.Before].OK -= 100
	for name, run := range map[string]*trace.Run{"lost": lost(), "hot": hot, "short": short, "poorly": poorly} {
		run.Clients[0].Phases[trace.Undetected].Failed = [trace.Reasons]uint64{}
		if name == "poorly" {
			run.Clients[0].Phases[trace.Before].Failed[trace.Error] = 100
		}
		var b bytes.Buffer
		if err := WriteText(&b, document(run, run), Style{Colour: true}); err != nil {
			t.Fatal(err)
		}
		if painted := strings.Contains(b.String(), "\x1b["+red); painted != (name != "lost") {
			t.Errorf("%s: red = %v", name, painted)
		}
	}
}
