package plot

import (
	"bytes"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

var (
	update = flag.Bool("update", false, "rewrite the golden files")
	show   = flag.String("show", "", "directory to write all pages to, to look at")
)

// pages of runs: the overview, if there are several, and one for each.
func pages(t *topology.Topology, runs []*trace.Run) []*Page {
	var results []*report.Result
	for _, run := range runs {
		results = append(results, report.Summarize(t, run))
	}
	var list []*Page
	if len(runs) > 1 {
		list = append(list, Overview(t, results, 1))
	}
	for _, r := range results {
		list = append(list, Variant(t, r, 1))
	}
	return list
}

func fileOf(p *Page) string { return strings.NewReplacer("[", "-", "]", "").Replace(p.Name) }

// TestShow writes every fixture's pages where -show says.
func TestShow(t *testing.T) {
	if *show == "" {
		t.Skip("no -show")
	}
	many := variants()
	for i := range 30 {
		run := play(gorilla(i % 3))
		run.Scenario = "monkey-" + string(rune('a'+i%26)) + "[" + zoneName(i%3) + "]"
		many = append(many, run)
	}
	folders := map[string][]*trace.Run{"variants": variants(), "many": many}
	for name, run := range fixtures() {
		folders[name] = []*trace.Run{run}
	}
	for folder, runs := range folders {
		if err := os.MkdirAll(filepath.Join(*show, folder), 0o777); err != nil {
			t.Fatal(err)
		}
		for _, p := range pages(streaming(), runs) {
			var svg, picture bytes.Buffer
			path := filepath.Join(*show, folder, fileOf(p))
			if err := errors.Join(p.WriteSVG(&svg), p.WritePNG(&picture),
				os.WriteFile(path+".svg", svg.Bytes(), 0o666), os.WriteFile(path+".png", picture.Bytes(), 0o666)); err != nil {
				t.Error(err)
			}
		}
	}
}

// small are short runs, so that their pictures are short files.
func small() []*trace.Run {
	p := gorilla(1)
	p.duration, p.window, p.at, p.seen, p.until = 12*time.Minute, time.Minute, 3*time.Minute, 4*time.Minute, 8*time.Minute
	q := base()
	q.duration, q.window = p.duration, p.window
	return []*trace.Run{play(q), play(p)}
}

func TestPagesAreAsApproved(t *testing.T) {
	for _, p := range pages(streaming(), small()) {
		var b, again bytes.Buffer
		if err := p.WriteSVG(&b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", fileOf(p)+".svg")
		if *update {
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s differs (look at it; -update rewrites it)", path)
		}
		if err := p.WriteSVG(&again); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("%s drawn twice differs: %v", p.Name, err)
		}
	}
}

// box is where one text stands.
type box struct {
	words                  string
	left, right, low, high float64
}

func textBoxes(p *Page) []box {
	var c recorder.Canvas
	p.draw(draw.NewCanvas(&c, pageWidth, pageHeight))
	var boxes []box
	for _, action := range c.Actions {
		s, ok := action.(*recorder.FillString)
		if !ok || s.String == "" {
			continue
		}
		style := plain(float64(s.Size), ink())
		style.Font.Weight = s.Font.Weight
		x, y := float64(s.Point.X), float64(s.Point.Y)
		// Letters reach up to about 0.72 of their size, and 0.21 down.
		boxes = append(boxes, box{s.String, x, x + float64(style.Width(s.String)), y - 0.2*float64(s.Size), y + 0.7*float64(s.Size)})
	}
	return boxes
}

func TestNoTextOverlapsOrLeavesThePage(t *testing.T) {
	runs := fixtures()
	for _, name := range slices.Sorted(maps.Keys(runs)) {
		for _, p := range pages(streaming(), []*trace.Run{runs[name]}) {
			checkBoxes(t, name, p)
		}
	}
	for _, p := range pages(streaming(), variants()) {
		checkBoxes(t, p.Name, p)
	}
	checkBoxes(t, "bare", pages(&topology.Topology{Name: "bare"}, []*trace.Run{{Scenario: "none"}})[0])
}

func checkBoxes(t *testing.T, name string, p *Page) {
	t.Helper()
	boxes := textBoxes(p)
	if len(boxes) < 3 {
		t.Errorf("%s has only %d texts", name, len(boxes))
	}
	for i, a := range boxes {
		if a.left < 0 || a.right > float64(pageWidth) || a.low < 0 || a.high > float64(pageHeight) {
			t.Errorf("%s: %q leaves the page", name, a.words)
		}
		for _, b := range boxes[:i] {
			if a.left < b.right && b.left < a.right && a.low < b.high && b.low < a.high {
				t.Errorf("%s: %q and %q overlap: %+v %+v", name, a.words, b.words, a, b)
			}
		}
	}
}
