package plot

import (
	"bufio"
	"bytes"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// WritePages draws a page per run, and an overview if there are several, as SVG
// and PNG into dir, which it makes if need be. A file that exists is replaced
// only by a complete new one. The names of the files are returned in the order
// of the runs, the overview's first.
func WritePages(dir string, t *topology.Topology, runs []*trace.Run) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("plots: %w", err)
	}
	var names []string
	for _, p := range pages(t, runs) {
		for _, format := range []struct {
			extension string
			write     func(io.Writer, *page) error
		}{{".svg", writeSVG}, {".png", writePNG}} {
			name := filepath.Join(dir, p.name+format.extension)
			if err := replaceFile(name, func(w io.Writer) error { return format.write(w, p.page) }); err != nil {
				return names, fmt.Errorf("plots: %w", err)
			}
			names = append(names, name)
		}
	}
	return names, nil
}

// namedPage is a page with the name of its files, without extension.
type namedPage struct {
	name string
	page *page
}

// pages of the runs: the overview, if there are several, and one for each.
func pages(t *topology.Topology, runs []*trace.Run) []namedPage {
	var list []namedPage
	taken := map[string]bool{"overview": true}
	results := make([]*report.Result, len(runs))
	for i, run := range runs {
		results[i] = report.Summarize(t, run)
	}
	if len(runs) > 1 {
		list = append(list, namedPage{"overview", overviewPage(t, results, runs[0].Seed)})
	}
	for i, r := range results {
		list = append(list, namedPage{fileName(r.Scenario, taken), variantPage(t, r, runs[i].Seed)})
	}
	return list
}

// fileName is the scenario's name in letters, digits and dashes, numbered if it
// is taken: gorilla[us-east-1a] becomes gorilla-us-east-1a.
func fileName(scenario string, taken map[string]bool) string {
	words := strings.FieldsFunc(scenario, func(r rune) bool {
		inside := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-'
		return !inside
	})
	base := strings.Join(words, "-")
	name := base
	for i := 2; name == "" || taken[name]; i++ {
		name = strings.TrimPrefix(fmt.Sprintf("%s-%d", base, i), "-")
	}
	taken[name] = true
	return name
}

// writeSVG writes text as text. The embedded fonts are Liberation's; where those
// are missing, a viewer takes others of the same measures.
func writeSVG(w io.Writer, p *page) error {
	c := vgsvg.New(pageWidth, pageHeight)
	p.draw(draw.New(c))
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return err
	}
	fonts := []byte("font-family:Liberation Sans,Arimo,Arial,Helvetica,sans-serif;")
	_, err := w.Write(bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans;"), fonts))
	return err
}

func writePNG(w io.Writer, p *page) error {
	c := vgimg.NewWith(vgimg.UseWH(pageWidth, pageHeight), vgimg.UseDPI(pixels))
	p.draw(draw.New(c))
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	return encoder.Encode(w, c.Image())
}

// replaceFile writes to a new file beside name and then moves it there.
func replaceFile(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	b := bufio.NewWriter(f)
	if err := write(b); err != nil {
		_ = f.Close()
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := b.Flush(); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
