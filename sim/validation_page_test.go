package sim_test

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/silverback-sim/silverback/report/stat"
)

var page = flag.String("validation.page", "", "write what the validation found to this file")

// row is one figure of one case, as it was judged.
type row struct {
	id, figure string
	want, got  string
	interval   stat.Interval
	n          int // replications
}

// ledger collects rows from tests that run at once.
var ledger struct {
	sync.Mutex
	rows []row
}

func tell(r row) {
	ledger.Lock()
	defer ledger.Unlock()
	ledger.rows = append(ledger.rows, r)
}

func tellSummary(id, figure string, want float64, s stat.Summary) {
	tell(row{id, figure, fmt.Sprintf("%.6g", want), fmt.Sprintf("%.6g", s.Mean), s.Interval(stat.Confidence), s.N})
}

// tellOne is for a single run, which has no interval.
func tellOne(id, figure string, want, got float64) {
	tell(row{id: id, figure: figure, want: fmt.Sprintf("%.6g", want), got: fmt.Sprintf("%.6g", got), n: 1})
}

// TestMain writes the page after the tests that fill it.
func TestMain(m *testing.M) {
	code := m.Run()
	if *page != "" && code == 0 {
		if err := writePage(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 3
		}
	}
	os.Exit(code)
}

func writePage() error {
	f, err := os.Create(*page)
	if err != nil {
		return err
	}
	if err := printPage(f, ledger.rows); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

const pageHead = `# Validation

Systems whose answer is known, from theory or from what others have published, and
what the simulator says of them. ` + "`make validation`" + ` plays them all and writes
this page; the same cases are tests (` + "`go test ./sim`" + `, the long ones ` + "`make deep`" + `).

How a case is judged: at least 20 independent replications after a warm-up of a tenth
of the measured time; the 95% interval has to be narrower than the tolerance (1% for
means, 2% for percentiles, 0.005 for probabilities, 5% of an unavailability, unless
the case says otherwise), the mean within the tolerance, and within three standard
errors of what is expected. A figure that fails in the last alone, as one of 140
does by chance, gets one more trial with fresh luck and twice the replications; then
that trial is shown.
`

// printPage prints the cases in their order, with the rows sorted by figure where
// tests ran at once.
func printPage(w io.Writer, rows []row) error {
	var b strings.Builder
	b.WriteString(pageHead)
	for _, c := range sources() {
		var found []row
		for _, r := range rows {
			if r.id == c.id {
				found = append(found, r)
			}
		}
		if len(found) == 0 {
			return fmt.Errorf("validation: nothing was found of %s", c.id)
		}
		slices.SortStableFunc(found, func(x, y row) int { return cmp.Compare(x.figure, y.figure) })
		fmt.Fprintf(&b, "\n## %s %s\nSource: %s.\n\n| figure | expected | got | 95%% interval | n |\n|---|---|---|---|---|\n", c.id, c.title, c.source)
		for _, r := range found {
			around := fmt.Sprintf("%.6g to %.6g", r.interval.Low, r.interval.High)
			if r.n == 1 {
				around = "one run"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %d |\n", inSeconds(r.figure), r.want, r.got, around, r.n)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// inSeconds sets the unit of a figure's name, " s", off from it.
func inSeconds(figure string) string {
	if name, ok := strings.CutSuffix(figure, " s"); ok && !strings.HasSuffix(name, " per") {
		return name + ", s"
	}
	return figure
}

// Every law is on the page under a case that it names, and every case has rows.
func TestPageKnowsEveryCase(t *testing.T) {
	known := map[string]bool{}
	var rows []row
	for _, c := range sources() {
		known[c.id] = true
		rows = append(rows, row{id: c.id})
	}
	for _, l := range laws() {
		if id, _, _ := strings.Cut(l.id, " "); !known[id] {
			t.Errorf("%s has no source", l.id)
		}
	}
	if err := printPage(io.Discard, rows); err != nil {
		t.Error(err)
	}
	if err := printPage(io.Discard, rows[1:]); err == nil {
		t.Error("a page without a case is written")
	}
}

// The pass rules refuse what they are there to refuse.
func TestPassRules(t *testing.T) {
	if replications < 20 || warmupShare != 0.1 {
		t.Errorf("%d replications after %v of warm-up, want 20 after a tenth", replications, warmupShare)
	}
	f := figure{want: 100, tolerance: 1}
	for _, c := range []struct {
		mean, deviation float64
		want            string
	}{
		{100.1, 1, ""},
		{101.1, 1, "further from theory than the tolerance"},
		{100, 10, "the interval is wider than the tolerance: run longer"},
		{100.5, 0.5, beyondErrors},
	} {
		if got := f.judge(stat.Summary{N: 20, Mean: c.mean, StdDev: c.deviation}); got != c.want {
			t.Errorf("%v ± %v: %q, want %q", c.mean, c.deviation, got, c.want)
		}
	}
}
