package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

// stricken is a lost run in which other faults struck, too.
func stricken() *trace.Run {
	run := lost()
	run.Events = []trace.Event{
		{T: 5 * s, Kind: "latency", Object: "web", What: "work takes 3 times as long"},
		{T: 8 * s, Kind: "latency", Object: "web", What: "replies come 10ms later"},
		{T: 10 * s, Kind: "monkey", Object: "web-1", What: "terminated in a"},
		{T: 10 * s, Kind: "monkey", Object: "db-1", What: "terminated in a"},
		{T: 15 * s, Kind: "ended", Object: "web", What: "latency is over"},
		{T: 20 * s, Kind: "gorilla", Object: "b", What: "zone lost, 4 instances with it"},
		{T: 25 * s, Kind: "gorilla", Object: "b", What: "an operator shifts traffic away"},
		{T: 30 * s, Kind: "failures", Object: "web-2", What: "failed in a"},
		{T: 31 * s, Kind: "repaired", Object: "web-2", What: "works again in a"},
		{T: 32 * s, Kind: "pause", Object: "b", What: "instances freeze"},
		{T: 33 * s, Kind: "ended", Object: "b", What: "pause is over"},
		{T: 40 * s, Kind: "restored", Object: "b", What: "zone is back, 4 instances restart"},
		{T: 40 * s, Kind: "ended", Object: "b", What: "traffic is shifted back"},
		{T: 41 * s, Kind: "monkey", Object: "web-3", What: "terminated in b"},
		{T: 50 * s, Kind: "latency", Object: "web", What: "work takes 3 times as long"},
	}
	return run
}

func TestStrikesHaveTheirTimes(t *testing.T) {
	r := Summarize(shop(), stricken())
	var got []string
	for _, strike := range r.Strikes() {
		got = append(got, strike.Name()+" | "+strike.String())
	}
	want := []string{
		"latency: web | web 2 times from 5s to 1m: work takes 3 times as long (latency)",
		"latency: web | web at 8s to the end: replies come 10ms later (latency)",
		"b shifted away | b at 25s for 15s: an operator shifts traffic away (gorilla)",
		"pause: b | b at 32s for 1s: instances freeze (pause)",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("strikes:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	got = nil
	for _, loss := range r.Losses() {
		got = append(got, loss.String())
		if loss.Kind == "monkey" && (len(loss.Times) != 2 || loss.Times[0] != 10*s || loss.Times[1] != 41*time.Second) {
			t.Errorf("the monkey struck at %v", loss.Times)
		}
	}
	want = []string{
		"3 instances from 10s to 41s (monkey)",
		"zone b at 20s for 20s: 4 of 8 instances (gorilla)",
		"1 instance at 30s (failures)",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("losses:\n%s", strings.Join(got, "\n"))
	}
}

func TestTextTellsWhatWasStruck(t *testing.T) {
	run := stricken()
	for i := range 20 {
		run.Events = append(run.Events, trace.Event{T: 55 * s, Kind: "errors", Object: string(rune('a' + i)), What: "10% of the requests fail"})
	}
	var b bytes.Buffer
	if err := WriteText(&b, document(run), Style{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"  struck      web 2 times from 5s to 1m: work takes 3 times as long (latency)\n",
		"              and 18 times more\n",
		"what latency, pause and errors cost is\n              not in it\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}
