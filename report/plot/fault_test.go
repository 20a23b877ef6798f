package plot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/trace"
)

// several is a run in which the kinds of faults follow each other, and overlap.
func several() *trace.Run {
	p := gorilla(1)
	p.scenario = "several"
	run := play(p)
	add := func(from, to time.Duration, kind, object string) {
		run.Events = append(run.Events, trace.Event{T: from * time.Minute, Kind: kind, Object: object, What: "something"})
		if to > 0 {
			run.Events = append(run.Events, trace.Event{T: to * time.Minute, Kind: "ended", Object: object, What: kind + " is over"})
		}
	}
	add(1, 2, "latency", "catalogue")
	add(5, 7, "partition", "us-east-1b - the rest")
	add(9, 12, "errors", "api (12 instances)")
	add(10, 14, "bad_data", "all services")
	add(16, 17, "pause", "edge")
	add(18, 0, "surge", "members")
	for t := range 4 {
		run.Events = append(run.Events, trace.Event{T: time.Duration(20+t) * time.Minute, Kind: "monkey", Object: "api-1", What: "terminated"})
	}
	slices.SortStableFunc(run.Events, func(a, b trace.Event) int { return int(a.T - b.T) })
	return run
}

func TestEveryFaultIsNamedAndMarked(t *testing.T) {
	page := pages(streaming(), []*trace.Run{several()})[0]
	checkBoxes(t, "several", page)
	words := map[string]int{}
	for _, b := range textBoxes(page) {
		words[b.words]++
	}
	for _, want := range []string{
		"us-east-1b lost", "latency: catalogue", "partition: us-east-1b - the rest", "errors: api (12 instances)",
		"bad_data: all services", "pause: edge", "surge: members", "4 instances lost",
	} {
		if words[want] != 4 {
			t.Errorf("%q is named in %d of 4 panels", want, words[want])
		}
	}
}

func TestFaultsThatDoNotTouchShareARow(t *testing.T) {
	shade := newFaultShade(report.Summarize(streaming(), several()))
	if n := len(shade.rows); n != 5 { // for eight faults
		t.Errorf("%d rows", n)
	}
	for _, row := range shade.rows {
		for i, one := range row {
			for _, other := range row[:i] {
				from, to := shade.extent(one)
				first, end := shade.extent(other)
				if from < end && first < to {
					t.Errorf("%q and %q share a row", one.words, other.words)
				}
			}
		}
	}
	marks := 0
	for _, row := range shade.rows {
		for _, one := range row {
			marks += len(one.spells)
		}
	}
	if marks != 11 { // seven that last, and four deaths
		t.Errorf("%d marks", marks)
	}
}

func TestTooManyFaultsShareTheLastRow(t *testing.T) {
	run := play(gorilla(1))
	for i := range 12 {
		run.Events = append(run.Events, trace.Event{T: 5 * time.Minute, Kind: "errors", Object: strings.Repeat("x", i+1), What: "fail"})
	}
	r := report.Summarize(streaming(), run)
	shade := newFaultShade(r)
	if len(shade.rows) != mostRows || !strings.Contains(shade.rows[0][0].words, "errors: xxxxx, errors: xxxxxx, ") {
		t.Errorf("rows %v", shade.rows)
	}
	checkBoxes(t, "many faults", Variant(streaming(), r, 1))
}
