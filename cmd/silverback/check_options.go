package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/stat"
)

// replicated is how often check, compare and sweep play unless told otherwise.
const replicated = 10

// confidence of the intervals in a baseline.
const confidence = stat.Confidence

// checkOptions are what the flags of check say and, after settle, the baseline.
type checkOptions struct {
	overrides
	study     studyPlan
	replicate bool // the flags say how often
	format    string
	reports   []reportFile
	strict    bool
	baseline  string // file; empty without one
	update    bool
	tolerance report.Tolerances
	tolerated []string // as written in flags
}

func checkFlags() []cli.Flag {
	return slices.Concat(
		overrideFlags(),
		[]cli.Flag{
			&cli.StringFlag{Name: "format", Value: formatText, Usage: "tell verdicts as `FORMAT`: text, json, junit, sarif, markdown, github"},
			&cli.StringSliceFlag{Name: "report", Usage: "write the verdicts to a file, too, `FORMAT=FILE`; may be given again"},
			&cli.BoolFlag{Name: "strict", Usage: "an inconclusive verdict fails too", DisableDefaultText: true},
			&cli.StringFlag{Name: "baseline", Usage: "compare with the figures of `FILE`"},
			&cli.BoolFlag{Name: "update-baseline", Usage: "write the baseline instead", DisableDefaultText: true},
			&cli.StringSliceFlag{Name: "tolerance", Usage: "how much worse than the baseline a figure may be, `METRIC=SIZE`, such as availability=0.1%; may be given again"},
		},
		studyFlags(replicated),
	)
}

func parseCheckOptions(c *cli.Context) (*checkOptions, error) {
	plan, err := parseStudyPlan(c)
	if err != nil {
		return nil, err
	}
	o := &checkOptions{
		study: plan, replicate: c.IsSet("replications") || c.IsSet("precision"),
		format: c.String("format"), strict: c.Bool("strict"),
		baseline: c.String("baseline"), update: c.Bool("update-baseline"),
		tolerance: report.UsualTolerances(), tolerated: c.StringSlice("tolerance"),
	}
	if err := checkFormat(c, verdictFormats()...); err != nil {
		return nil, err
	}
	if o.reports, err = parseReports(c.StringSlice("report")); err != nil {
		return nil, err
	}
	if o.baseline == "" {
		switch {
		case c.IsSet("baseline"):
			return nil, badInput("check: --baseline needs a file")
		case o.update:
			return nil, badInput("check: --update-baseline needs to know the file: add --baseline FILE")
		case len(o.tolerated) > 0:
			return nil, badInput("check: --tolerance is that of a comparison: add --baseline FILE")
		}
	}
	if err := spare(o.reports, append(c.Args().Slice(), o.baseline)); err != nil {
		return nil, err
	}
	if err := o.tolerate(); err != nil {
		return nil, err
	}
	o.overrides, err = parseOverrides(c)
	return o, err
}

// tolerate puts what the flags say in the place of other tolerances.
func (o *checkOptions) tolerate() error {
	for _, written := range o.tolerated {
		var err error
		if o.tolerance, err = o.tolerance.With(written); err != nil {
			return badInput("check: --tolerance %w", err)
		}
	}
	return nil
}
