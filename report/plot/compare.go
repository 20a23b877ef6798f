package plot

import (
	"fmt"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"

	"github.com/silverback-sim/silverback/report"
)

// Contrast draws a page per variant that two designs were compared in, after an
// overview, named compare, if there are several.
func Contrast(c *report.Contrast) []*Page {
	var pages []*Page
	if len(c.Variants) > 1 {
		pages = append(pages, contrastOverview(c))
	}
	for _, v := range c.Variants {
		pages = append(pages, contrastPage(c, v))
	}
	return pages
}

// contrastPage shows one variant: A and B over time at the left, differences at
// the right.
func contrastPage(c *report.Contrast, v *report.VariantContrast) *Page {
	o := &overlay{subject{nil, v.First[0], overlayBins(v)}, c, v}
	_, rest, _ := strings.Cut(v.Headline, ": ")
	return &Page{
		Name:    "compare-" + v.Scenario,
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
func contrastOverview(c *report.Contrast) *Page {
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
	return &Page{
		Name:    "compare",
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
