package report

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
)

// luck is n gists whose availability and load swing together, moved by so much.
func luck(n int, moved, noise float64) []Gist {
	shared, own := rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(3, uint64(1000*moved)+7))
	gists := make([]Gist, n)
	for i := range gists {
		x := 0.9 + 0.01*shared.NormFloat64() + moved + noise*own.NormFloat64()
		gists[i] = Gist{
			Availability: Number(x), During: unknown(), Mean: Number(1 - x), P99: Number(2 - x), Failed: Number(1000 * (1 - x)),
			Spare: Number(x), Instances: 3, Utilization: Named[Number]{{"web", Number(x / 2)}}, Bottleneck: "web",
		}
	}
	return gists
}

func TestDesignBesideItself(t *testing.T) {
	a := luck(10, 0, 0)
	for _, c := range comparedFigures() {
		d := difference(c, a, a, stat.Confidence)
		if c.name == figureDuring {
			if d.Verdict != Untold || d.Pairs != 0 {
				t.Errorf("%s: %+v", c.name, d)
			}
			continue
		}
		if d.Difference != 0 || d.CI != [2]Number{0, 0} || d.Verdict != Same || d.Pairs != 10 {
			t.Errorf("%s: %+v", c.name, d)
		}
	}
}

// A step of a tenth of what luck does from replication to replication is seen in
// pairs, for the luck is the same.
func TestPairsSeeWhatLuckHides(t *testing.T) {
	a, b := luck(10, 0, 0.0001), luck(10, -0.001, 0.0001)
	want := map[string]string{
		figureAvailability: Worse, figureMean: Worse, figureP99: Worse, figureFailed: Worse,
		figureSpare: Worse, figureInstances: Same, figureDuring: Untold,
	}
	opposite := map[string]string{Worse: Better, Same: Same, Untold: Untold}
	for _, c := range comparedFigures() {
		if got := difference(c, a, b, stat.Confidence).Verdict; got != want[c.name] {
			t.Errorf("%s: %s, want %s", c.name, got, want[c.name])
		}
		if got := difference(c, b, a, stat.Confidence).Verdict; got != opposite[want[c.name]] {
			t.Errorf("%s the other way: %s", c.name, got)
		}
	}
	if d := utilizations(a, b, stat.Confidence)[0]; d.Verdict != Lower || d.Component != "web" {
		t.Errorf("utilization: %+v", d)
	}
	noisy := difference(comparedFigures()[0], luck(10, 0, 0.05), luck(10, -0.001, 0.05), stat.Confidence)
	if noisy.Verdict != Unclear {
		t.Errorf("in noise: %+v", noisy)
	}
}

func TestDifferenceOfFew(t *testing.T) {
	c := comparedFigures()[0]
	a, b := luck(3, 0, 0), luck(3, -0.1, 0)
	if d := difference(c, a[:1], b[:1], stat.Confidence); d.Verdict != Unclear || d.CI[0].Known() || d.Pairs != 1 {
		t.Errorf("one pair: %+v", d)
	}
	a[1].Availability = unknown()
	if d := difference(c, a, b, stat.Confidence); d.Pairs != 2 || math.Abs(float64(d.Difference)+0.1) > 1e-9 {
		t.Errorf("a pair with one half: %+v", d)
	}
}

func TestFormatPlusMinus(t *testing.T) {
	for _, c := range []struct {
		unit    string
		x, half float64
		want    string
	}{
		{unitShare, -0.00312, 0.0006, "−0.31 points ±0.06"},
		{unitShare, -0.0002726, 0.0002706, "−0.027 points ±0.027"},
		{unitShare, 0.00312, 0.0012, "+0.31 points ±0.12"},
		{unitShare, 0.2, math.NaN(), "+20 points"},
		{unitShare, 0, 0, "0 points ±0"},
		{unitCount, -1, 0, "−1 ±0"},
		{unitSeconds, 0.0124, 0.0008, "+12.4ms ±0.8ms"},
		{unitSeconds, -1.5, 0.31, "−1.5s ±0.3s"},
		{unitSeconds, 12e-6, 3e-6, "+12us ±3us"},
		{unitCount, 12345.6, 800, "+12,346 ±800"},
		{unitCount, 1.26, 0.3, "+1.3 ±0.3"},
		{unitShare, math.NaN(), math.NaN(), none},
	} {
		if got := formatPlusMinus(c.unit, c.x, c.half); got != c.want {
			t.Errorf("%v ±%v %s: %q, want %q", c.x, c.half, c.unit, got, c.want)
		}
	}
}

// pairOf plays the made-up run for A and a worse one for B.
func pairOf(n int) *Contrast {
	p := NewPairs([]string{"gorilla[b]"})
	for i := range n {
		for design := range 2 {
			run := lost()
			run.Clients[0].Phases[trace.Detected].OK -= uint64(100*design + 3*i*design)
			run.Clients[0].Phases[trace.Detected].Failed[trace.Timeout] += uint64(100*design + 3*i*design)
			p.Take(design, 0, Summarize(shop(), run))
		}
	}
	c := p.Contrast(stat.Confidence)
	c.A, c.B, c.Seed = Design{"a.yaml", "shop"}, Design{"b_<1>.yaml", "shop"}, 7
	c.OnlyA = []string{"late"}
	return c
}

func TestContrast(t *testing.T) {
	c := pairOf(5)
	v := c.Variants[0]
	if want := "losing b: availability −5.3 points ±0.3; the bottleneck"; !strings.HasPrefix(v.Headline, want[:20]) || v.Judged().Verdict != Worse {
		t.Errorf("headline %q, %+v", v.Headline, v.Judged())
	}
	if v.Bottleneck.Moved {
		t.Errorf("the bottleneck did not move: %+v", v.Bottleneck)
	}
	var markdown, text, data bytes.Buffer
	for _, err := range []error{
		WriteContrastMarkdown(&markdown, c), WriteContrastText(&text, c, Style{}), WriteContrastJSON(&data, c),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"### silverback: `a.yaml` → `b_<1>.yaml`", "**worse**", "| availability, fault |", "only A has late"} {
		if !strings.Contains(markdown.String(), want) {
			t.Errorf("the comment lacks %q:\n%s", want, markdown.String())
		}
	}
	for _, want := range []string{"worse", "losing b: availability −", "only A has late: not compared"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the summary lacks %q:\n%s", want, text.String())
		}
	}
	if !strings.Contains(data.String(), `"figure":"availability_fault"`) {
		t.Errorf("JSON: %s", data.String())
	}
}

func TestSubjectsAreTold(t *testing.T) {
	p := NewPairs([]string{"gorilla[b]", "other[b]"})
	for i := range 2 {
		for variant := range 2 {
			run := lost()
			if variant == 1 {
				run.Scenario = "other[b]"
			}
			p.Take(i, variant, Summarize(shop(), run))
		}
	}
	for i, v := range p.Contrast(stat.Confidence).Variants {
		if want := []string{"gorilla[b]: ", "other[b]: "}[i]; !strings.HasPrefix(v.Headline, want) {
			t.Errorf("two that lose b are told by their names: %q", v.Headline)
		}
	}
}

func TestContrastOfCollapses(t *testing.T) {
	of := func(down int) *Collapse { return newCollapse(down, 10, stat.Confidence) }
	for _, c := range []struct {
		a, b *Collapse
		want string
	}{
		{of(0), of(10), Worse},
		{of(10), of(0), Better},
		{of(3), of(4), Unclear},
		{of(3), of(3), Same},
	} {
		if got := contrastCollapse(c.a, c.b); got.Verdict != c.want || !got.happened() {
			t.Errorf("%s beside %s: %s, want %s", c.a.share(), c.b.share(), got.Verdict, c.want)
		}
	}
	if c := contrastCollapse(nil, of(1)); c != nil || c.happened() {
		t.Error("what one cannot tell is not compared")
	}
}
