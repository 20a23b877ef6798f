package plot

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/stat"
)

// pairs of made-up runs of two designs, of which the second fails more.
func pairs(plans []plan, n int) *report.Contrast {
	var names []string
	for _, p := range plans {
		names = append(names, p.scenario)
	}
	gathered := report.NewPairs(names)
	for i := range n {
		for design := range 2 {
			for k, p := range plans {
				p.failing += 0.004*float64(design) + 0.0003*float64(i*design)
				gathered.Take(design, k, report.Summarize(streaming(), play(p)))
			}
		}
	}
	c := gathered.Contrast(stat.Confidence)
	c.A, c.B, c.Seed = report.Design{File: "designs/main.yaml"}, report.Design{File: "designs/a-branch-with-a-long-name.yaml"}, 1
	return c
}

func TestContrastPagesHaveNoOverlap(t *testing.T) {
	quiet, gaps, quick := base(), base(), base()
	gaps.gaps = true
	quick.duration, quick.scenario = time.Minute, "quick"
	for name, c := range map[string]*report.Contrast{
		"several":     pairs([]plan{quiet, gorilla(0), gorilla(1), gorilla(2)}, 3),
		"one":         pairs([]plan{gorilla(1)}, 2),
		"no interval": pairs([]plan{gorilla(1), quick}, 1),
		"gaps":        pairs([]plan{gaps}, 2),
	} {
		for _, p := range Contrast(c) {
			checkBoxes(t, name+" "+p.Name, p)
		}
	}
}

func TestContrastPages(t *testing.T) {
	checkNames(t, Contrast(pairs([]plan{base(), gorilla(1)}, 2)), "compare", "compare-none", "compare-gorilla[us-east-1b]")
	checkNames(t, Contrast(pairs([]plan{base()}, 2)), "compare-none")
}

func checkNames(t *testing.T, pages []*Page, want ...string) {
	t.Helper()
	var names []string
	for _, p := range pages {
		names = append(names, p.Name)
	}
	if !slices.Equal(names, want) {
		t.Errorf("pages %q, want %q", names, want)
	}
}

// swept is a made-up sweep over one or two parameters.
func swept(variants []string, sizes ...int) *report.Sweep {
	s := &report.Sweep{Topology: "streaming", Seed: 1, Replications: 10, Confidence: 0.95}
	for k, n := range sizes {
		p := report.SweepParameter{Path: []string{"services.edge.instances.per_zone", "traffic.members.rate"}[k], Unit: []string{"1", "1/s"}[k]}
		for i := range n {
			x := []float64{float64(i + 1), 100 * math.Pow(1.5, float64(i))}[k]
			p.Values = append(p.Values, report.SweepValue{Text: []string{fmt.Sprintf("%g", x), report.FormatRate(x)}[k], Number: report.Number(x)})
		}
		s.Parameters = append(s.Parameters, p)
	}
	values := [][]string{nil}
	for _, p := range s.Parameters {
		var next [][]string
		for _, v := range values {
			for _, x := range p.Values {
				next = append(next, append(append([]string{}, v...), x.Text))
			}
		}
		values = next
	}
	for i, v := range values {
		point := &report.SweepPoint{Values: v}
		if i == 2 {
			point.Problem = "it cannot be"
		} else {
			for k, name := range variants {
				point.Variants = append(point.Variants, sweptVariant(name, float64(i+1)/float64(len(values)), k))
			}
		}
		s.Points = append(s.Points, point)
	}
	return s
}

func sweptVariant(name string, x float64, k int) *report.SweepVariant {
	var gists []report.Gist
	for r := range 10 {
		jitter := 0.01 * float64(r%3)
		gists = append(gists, report.Gist{
			Availability: report.Number(1 - (1-x)*(1-x)*0.1*float64(k+1)*(1+jitter)), During: report.Number(math.NaN()),
			P99: report.Number(0.05/x + jitter), Spare: report.Number(2*x - 1 + jitter), Told: k != 1, Down: float64(r) > 10*x,
		})
	}
	return report.NewSweepVariant(name, gists, 0.95)
}

func TestSweepPagesHaveNoOverlap(t *testing.T) {
	many := []string{"none", "gorilla[us-east-1a]", "gorilla[us-east-1b]", "gorilla[us-east-1c]", "monkey", "a-scenario-with-quite-a-long-name", "seventh", "eighth"}
	for name, s := range map[string]*report.Sweep{
		"one variant": swept(many[:1], 7),
		"many":        swept(many, 7),
		"few points":  swept(many[:2], 1),
		"many points": swept(many[:2], 60),
		"two":         swept(many[:2], 5, 4),
		"wide":        swept(many[:1], 30, 3),
		"high":        swept(many[:1], 2, 40),
	} {
		list := Sweep(s)
		if len(list) == 0 {
			t.Errorf("%s: no page", name)
		}
		for _, p := range list {
			checkBoxes(t, name+" "+p.Name, p)
		}
	}
	if list := Sweep(&report.Sweep{Parameters: make([]report.SweepParameter, 1)}); len(list) != 0 {
		t.Errorf("of no points there are %d pages", len(list))
	}
}

func TestSweepPages(t *testing.T) {
	checkNames(t, Sweep(swept([]string{"none", "monkey"}, 4)), "sweep")
	checkNames(t, Sweep(swept([]string{"none", "monkey"}, 3, 3)), "sweep-none", "sweep-monkey")
}
