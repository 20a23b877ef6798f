package plot

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"

	"github.com/silverback-sim/silverback/report"
)

// WriteContrast draws a page per variant that two designs were compared in, and
// an overview if there are several, as SVG and PNG into dir, as WritePages does.
func WriteContrast(dir string, c *report.Contrast) ([]string, error) {
	return writeNamed(dir, contrastPages(c))
}

func writeNamed(dir string, list []namedPage) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("plots: %w", err)
	}
	var names []string
	for _, p := range list {
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

func contrastPages(c *report.Contrast) []namedPage {
	var list []namedPage
	taken := map[string]bool{"compare": true}
	if len(c.Variants) > 1 {
		list = append(list, namedPage{"compare", contrastOverview(c)})
	}
	for _, v := range c.Variants {
		list = append(list, namedPage{fileName("compare-"+v.Scenario, taken), contrastPage(c, v)})
	}
	return list
}

// contrastPage shows one variant: A and B over time at the left, differences at
// the right.
func contrastPage(c *report.Contrast, v *report.VariantContrast) *page {
	o := &overlay{subject{nil, v.First[0], overlayBins(v)}, c, v}
	_, rest, _ := strings.Cut(v.Headline, ": ")
	return &page{
		title:   v.Scenario + ": " + firstClause(rest),
		caption: designs(c) + otherClauses(rest),
		footer:  contrastFooter(c, v),
		panels: [][]*plot.Plot{
			{o.availability(), differences("Availability", availabilityRows(v))},
			{o.latency(), differences("Utilization", componentRows(v))},
		},
	}
}

func firstClause(headline string) string {
	first, _, _ := strings.Cut(headline, "; ")
	return first
}

// otherClauses are those after the first.
func otherClauses(headline string) string {
	_, rest, ok := strings.Cut(headline, "; ")
	if !ok {
		return ""
	}
	return " · " + strings.ReplaceAll(rest, "; ", " · ")
}

// designs tells which file is A and which is B.
func designs(c *report.Contrast) string {
	return fmt.Sprintf("A: %s · B: %s", filepath.Base(c.A.File), filepath.Base(c.B.File))
}

func contrastFooter(c *report.Contrast, v *report.VariantContrast) string {
	parts := []string{
		fmt.Sprintf("seed %d", c.Seed), fmt.Sprintf("%d replications, the same luck for both", c.Replications),
		report.FormatTime(v.First[0].Time()) + " simulated",
		fmt.Sprintf("bands and bars: %s intervals", report.FormatShare(c.Confidence)),
		"red: worse, green: better, blue: neither, grey: no clear difference",
	}
	return strings.Join(parts, " · ")
}

func availabilityTitle(worse, better, of int) string {
	switch {
	case worse+better == 0:
		return "No clear difference in availability between A and B"
	case better == 0:
		return fmt.Sprintf("B is less available than A in %d of %d scenario variants", worse, of)
	case worse == 0:
		return fmt.Sprintf("B is more available than A in %d of %d scenario variants", better, of)
	}
	return fmt.Sprintf("Of %d scenario variants, B is less available than A in %d, more in %d", of, worse, better)
}

// contrastOverview compares the designs in all variants, a row each.
func contrastOverview(c *report.Contrast) *page {
	worse, better, rows := 0, 0, c.Variants
	for _, v := range rows {
		switch v.Judged().Verdict {
		case report.Worse:
			worse++
		case report.Better:
			better++
		}
	}
	words := fmt.Sprintf("%d scenario variants", len(rows))
	if len(rows) > overviewRows {
		words = fmt.Sprintf("the first %d of %s", overviewRows, words)
		rows = rows[:overviewRows]
	}
	title := availabilityTitle(worse, better, len(c.Variants))
	column := func(title string, of func(v *report.VariantContrast) *report.Difference, names bool) *plot.Plot {
		var list []difference
		for _, v := range rows {
			d := difference{Difference: of(v)}
			if names {
				d.label = v.Scenario
			}
			list = append(list, d)
		}
		return differences(title, list)
	}
	return &page{
		title:   title,
		caption: designs(c) + " · " + words,
		footer:  contrastFooter(c, rows[0]),
		panels: [][]*plot.Plot{{
			column("Availability", (*report.VariantContrast).Judged, true),
			column("p99 latency", func(v *report.VariantContrast) *report.Difference { return v.Find("latency_p99") }, false),
			column("Spare capacity", func(v *report.VariantContrast) *report.Difference { return v.Find("spare_capacity") }, false),
		}},
	}
}
