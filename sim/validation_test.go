package sim_test

import (
	"hash/fnv"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// law is one system whose answer is known from theory, with the figures to find.
type law struct {
	id       string // of the case, and what the test has set
	file     string // under testdata/validation
	change   func(*topology.Topology)
	requests float64 // of clients, in all replications together, after the warm-up
	deep     bool    // too long for every change
	figures  []figure
}

// figure is one number that theory gives. The unit is that of want.
type figure struct {
	name      string
	want      float64
	tolerance float64
	of        func(*trace.Run) float64
	// approximate: want has an error of its own, so the standard errors of the
	// simulation are no measure of the difference.
	approximate bool
}

// within gives figures a relative tolerance.
func within(share float64, figures ...figure) []figure {
	for i := range figures {
		figures[i].tolerance = share * figures[i].want
	}
	return figures
}

// about gives figures (probabilities) an absolute tolerance.
func about(tolerance float64, figures ...figure) []figure {
	for i := range figures {
		figures[i].tolerance = tolerance
	}
	return figures
}

const (
	replications  = 20
	warmupShare   = 0.1 // of the measured time, before it
	windowsPerRun = 20
	// retrial is how far its seeds are from those of the first trial.
	retrial = 1 << 40
)

// TestLaws plays every law in independent replications. A figure holds if the
// tolerance is wider than the half-width of its 95% interval (so the run was long
// enough to tell) and holds the difference to theory, and if that difference is
// within three standard errors.
//
// Three standard errors are exceeded by chance once in 140 figures, so a figure
// that fails in this alone gets one more trial, with fresh seeds and twice the
// replications, that it has to pass.
func TestLaws(t *testing.T) {
	for _, l := range laws() {
		t.Run(l.id, func(t *testing.T) {
			if l.deep && !long {
				t.Skip("long: make deep plays it")
			}
			t.Parallel()
			l.check(t)
		})
	}
}

func (l *law) check(t *testing.T) {
	again := false
	id, variant, _ := strings.Cut(l.id, " ")
	first := l.play(t, l.firstSeed(), replications)
	defer func() {
		for i, s := range first {
			f := &l.figures[i]
			tellSummary(id, variant+": "+f.name, f.want, s)
		}
	}()
	for i, s := range first {
		f := &l.figures[i]
		problem := f.judge(s)
		t.Logf("%-28s %12.6g, want %12.6g; 95%% ± %.2g, tolerance %.2g", f.name, s.Mean, f.want, s.HalfWidth(stat.Confidence), f.tolerance)
		if problem == beyondErrors {
			again = true
		} else if problem != "" {
			t.Errorf("%s: %s", f.name, problem)
		}
	}
	if !again {
		return
	}
	for i, s := range l.play(t, l.firstSeed()+retrial, 2*replications) {
		f := &l.figures[i]
		t.Logf("again: %-21s %12.6g, want %12.6g; 95%% ± %.2g, %+.1f standard errors", f.name, s.Mean, f.want,
			s.HalfWidth(stat.Confidence), (s.Mean-f.want)/s.StdErr())
		if problem := f.judge(s); problem != "" {
			t.Errorf("%s, second trial: %s", f.name, problem)
		}
		first[i] = s
	}
}

const beyondErrors = "further from theory than three standard errors"

// judge says what is wrong with a figure, or nothing.
func (f *figure) judge(s stat.Summary) string {
	difference := math.Abs(s.Mean - f.want)
	switch {
	case !(difference <= f.tolerance):
		return "further from theory than the tolerance"
	case !(s.HalfWidth(stat.Confidence) <= f.tolerance):
		return "the interval is wider than the tolerance: run longer"
	case !f.approximate && !(difference <= 3*s.StdErr()):
		return beyondErrors
	}
	return ""
}

// play gives a summary for each figure of the law.
func (l *law) play(t *testing.T, firstSeed uint64, n int) []stat.Summary {
	t.Helper()
	top := load(t, "validation/"+l.file)
	if l.change != nil {
		l.change(top)
	}
	l.setLength(top)
	samples := replicate(t, top, scenarioOf(top), firstSeed, n, func(r *trace.Run) []float64 {
		values := make([]float64, len(l.figures))
		for i := range l.figures {
			values[i] = l.figures[i].of(r)
		}
		return values
	})
	summaries := make([]stat.Summary, len(l.figures))
	for i := range summaries {
		var column []float64
		for _, row := range samples {
			column = append(column, row[i])
		}
		summaries[i] = stat.Summarize(column)
	}
	return summaries
}

// firstSeed gives every law luck of its own.
func (l *law) firstSeed() uint64 {
	h := fnv.New64a()
	h.Write([]byte(l.id))
	return h.Sum64()
}

// setLength makes a replication as long as its share of the law's requests
// takes; 0 leaves what is written.
func (l *law) setLength(top *topology.Topology) {
	if l.requests == 0 {
		return
	}
	var rate float64
	for _, tr := range top.Traffic {
		rate += tr.Rate
		if tr.Users > 0 { // an upper bound will do
			rate += float64(tr.Users) / tr.Think.Mean.Seconds()
		}
	}
	seconds := l.requests / replications / rate
	sm := &top.Simulation
	sm.Duration = time.Duration(seconds * float64(time.Second))
	sm.Warmup = time.Duration(warmupShare * float64(sm.Duration))
	sm.Window = sm.Duration / windowsPerRun
}
