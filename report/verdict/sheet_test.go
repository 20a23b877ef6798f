package verdict

import (
	"math"
	"strings"
	"testing"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/topology"
)

func objective(metric, op string, value float64, text string, line int) *topology.Objective {
	return &topology.Objective{
		Pos: topology.Pos{File: "shop, 100%.yaml", Line: line, Col: 5}, Text: text,
		Metric: metric, Op: op, Value: value, During: "all",
	}
}

func verdictOn(o *topology.Objective, value, low, high float64, verdict string) report.Verdict {
	return report.Verdict{
		Text: o.Text, Value: report.Number(value), Low: report.Number(low), High: report.Number(high),
		Verdict: verdict, Objective: o,
	}
}

// sheet has two objectives over two variants, with names that need escaping, and
// a comparison.
func sheet() *Sheet {
	nan := math.NaN()
	available := objective("availability", ">=", 0.999, "fire|<b>: availability >= 99.9%", 7)
	back := objective("recovers_within", "<=", 180, "*: recovers_within <= 3m", 9)
	return &Sheet{
		Document: &report.Document{Version: 1, Topology: "shop", Seed: 3, Runs: []*report.Result{
			{Scenario: "fire|<b>[a]", Replications: 10, Duration: 60, Objectives: []report.Verdict{
				verdictOn(available, 0.9995, 0.9994, 0.9996, report.Pass),
				verdictOn(back, nan, nan, nan, report.Fail),
			}},
			{Scenario: "fire|<b>[b]", Replications: 10, Duration: 60, Objectives: []report.Verdict{
				verdictOn(available, 0.98, 0.979, 0.981, report.Fail),
				verdictOn(back, nan, nan, nan, report.Inconclusive),
			}},
		}},
		Objectives: []*topology.Objective{back, available},
		Comparison: &report.Comparison{Paired: true, Seed: 3, Replications: 10, Compared: 8, Significance: 0.01, Regressions: []report.Regression{{
			Scenario: "fire|<b>[b]", Figure: "latency p99 of users", Metric: "latency", Text: "2s, was 1s",
			Pos: topology.Pos{File: "shop, 100%.yaml", Line: 3, Col: 1},
		}}, New: []string{"flood"}},
		Baseline: "b.json",
	}
}

func TestCounts(t *testing.T) {
	s := sheet()
	if c := s.Count(); c != (Counts{Pass: 1, Fail: 2, Inconclusive: 1}) {
		t.Errorf("counted %+v", c)
	}
	if got, want := s.summary(), "2 objectives over 2 variants: 1 pass, 2 fail, 1 inconclusive; 8 figures compared with the baseline, 1 worse"; got != want {
		t.Errorf("summed up as %q, want %q", got, want)
	}
}

func TestFailed(t *testing.T) {
	only := func(verdict string) *Sheet {
		o := objective("availability", ">=", 0.9, "none: availability >= 90%", 1)
		return &Sheet{Document: &report.Document{Runs: []*report.Result{{Objectives: []report.Verdict{verdictOn(o, 0.9, 0.8, 1, verdict)}}}}, Objectives: []*topology.Objective{o}}
	}
	for _, c := range []struct {
		verdict            string
		strict, regression bool
		want               bool
	}{
		{report.Pass, false, false, false},
		{report.Pass, true, false, false},
		{report.Pass, false, true, true},
		{report.Fail, false, false, true},
		{report.Inconclusive, false, false, false},
		{report.Inconclusive, true, false, true},
	} {
		s := only(c.verdict)
		s.Strict = c.strict
		s.Comparison = &report.Comparison{}
		if c.regression {
			s.Comparison.Regressions = make([]report.Regression, 1)
		}
		if got := s.Failed(); got != c.want {
			t.Errorf("%+v: failed is %v", c, got)
		}
	}
}

// The worst comes first: of the objectives, and of the variants of each.
func TestTheWorstComesFirst(t *testing.T) {
	groups := sheet().groups()
	if len(groups) != 2 || groups[0].objective.Metric != "recovers_within" {
		t.Fatalf("%d groups, the first of %s", len(groups), groups[0].objective.Text)
	}
	if got := groups[1].rows[0].result.Scenario; got != "fire|<b>[b]" {
		t.Errorf("of the availability, %s comes first", got)
	}
	for i, want := range []string{"not always back", "cannot be told: the faults last to the end of the run"} {
		if got := groups[0].rows[i].value(); got != want {
			t.Errorf("value %q, want %q", got, want)
		}
	}
}

func TestMarkdownEscapes(t *testing.T) {
	var b strings.Builder
	if err := WriteMarkdown(&b, sheet()); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		if n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"); n != 7 && n != 4 {
			t.Errorf("a row of %d bars: %s", n, line)
		}
		if strings.Contains(line, "<b>") {
			t.Errorf("markup in %s", line)
		}
	}
	for _, want := range []string{"### silverback check failed\n", "<summary>1 passed</summary>", `fire\|&lt;b&gt;\[b\]`, "new since the baseline: flood."} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}

// After the GitHub documentation: data escapes % and line ends, properties also
// colons and commas.
func TestGitHubEscapes(t *testing.T) {
	var b strings.Builder
	if err := WriteGitHub(&b, sheet()); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"::error file=shop%2C 100%25.yaml,line=9,col=5,title=fail%3A *%3A recovers_within <= 3m::fire|<b>[a]: fail: not always back (n=10)%0Afire|<b>[b]: inconclusive: cannot be told: the faults last to the end of the run (n=10)\n",
		"::error file=shop%2C 100%25.yaml,line=7,col=5,title=fail%3A fire|<b>%3A availability >= 99.9%25::fire|<b>[b]: fail: 98.0%25 (97.9%25 to 98.1%25, n=10)\n",
		"::error file=shop%2C 100%25.yaml,line=3,col=1,title=worse than the baseline%3A latency p99 of users::fire|<b>[b]: 2s, was 1s\n",
	}
	if got := b.String(); !strings.HasPrefix(got, strings.Join(want, "")) {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, ""))
	}
}

func TestTextTakesColour(t *testing.T) {
	var plain, coloured strings.Builder
	for b, style := range map[*strings.Builder]report.Style{&plain: {}, &coloured: {Colour: true}} {
		if err := WriteText(b, sheet(), style); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(plain.String(), "\x1b") || !strings.Contains(coloured.String(), "\x1b[31mfail\x1b[0m") {
		t.Errorf("plain:\n%s\ncoloured:\n%s", plain.String(), coloured.String())
	}
	bare := coloured.String()
	for _, code := range []string{"0", "1", "2", "31", "32", "33"} {
		bare = strings.ReplaceAll(bare, "\x1b["+code+"m", "")
	}
	if bare != plain.String() {
		t.Errorf("colours change more than the colour:\n%s\n%s", bare, plain.String())
	}
}
