package report

import (
	"slices"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

func TestWindowsOfAPhase(t *testing.T) {
	r := func(spans ...trace.Span) *Result {
		return &Result{Duration: 55, Series: Series{Window: 10, T: Column{0, 10, 20, 30, 40, 50}}, Spans: spans}
	}
	at := func(start time.Duration, p trace.Phase) trace.Span { return trace.Span{Start: start * s, Phase: p} }
	for _, test := range []struct {
		name   string
		result *Result
		phases []trace.Phase
		want   []int
	}{
		{"no phase is all", r(at(0, trace.Before)), nil, []int{0, 1, 2, 3, 4, 5}},
		{"no spans is all", r(), []trace.Phase{trace.Before}, []int{0, 1, 2, 3, 4, 5}},
		{"only whole windows", r(at(0, trace.Before), at(15, trace.Undetected), at(35, trace.Recovery)), []trace.Phase{trace.Undetected, trace.Detected}, []int{2}},
		{"over a border between the phases", r(at(0, trace.Before), at(15, trace.Undetected), at(25, trace.Detected), at(40, trace.Recovery)), []trace.Phase{trace.Undetected, trace.Detected}, []int{2, 3}},
		{"not over another phase", r(at(0, trace.Before), at(10, trace.Detected), at(22, trace.Recovery), at(28, trace.Detected)), []trace.Phase{trace.Detected}, []int{1, 3, 4, 5}},
		{"else those that begin there", r(at(0, trace.Before), at(20, trace.Detected), at(24, trace.Recovery)), []trace.Phase{trace.Detected}, []int{2}},
		{"the last, cut short", r(at(0, trace.Before), at(50, trace.Recovery)), []trace.Phase{trace.Recovery}, []int{5}},
		{"a phase that is not there", r(at(0, trace.Before)), []trace.Phase{trace.Recovery}, nil},
	} {
		if got := test.result.windows(test.phases...); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestOnlyTheLastMinuteTellsRecovery(t *testing.T) {
	run := lost()
	run.Duration, run.Window = 600*s, 100*s
	for i, start := range []time.Duration{0, 200, 250, 400} {
		run.Spans[i].Start = start * s
	}
	c := run.Clients[0]
	// Bad at first in the recovery, well at its end.
	c.Windows.OK[4], c.Windows.Failed[4] = 0, 1000
	run.Duration = 550 * s
	for _, w := range Summarize(shop(), run).Warnings {
		if w.Rule == WarnNotRecovered {
			t.Errorf("%v although the last window is well", w)
		}
	}
	c.Windows.OK[5], c.Windows.Failed[5] = 0, 1000
	found := false
	for _, w := range Summarize(shop(), run).Warnings {
		found = found || w.Rule == WarnNotRecovered
	}
	if !found {
		t.Error("nothing is said although the last window is lost")
	}
}
