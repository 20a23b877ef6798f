package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// The formats of the results on standard output.
const (
	formatText = "text"
	formatJSON = "json"
	formatCSV  = "csv"
)

// runOptions are what the flags of run say.
type runOptions struct {
	overrides
	scenarios []string
	format    string
	out       string
	noPlots   bool
	study     studyPlan
}

func runFlags() []cli.Flag {
	return slices.Concat(
		[]cli.Flag{&cli.StringSliceFlag{Name: "scenario", Usage: "play `NAME`, none (healthy) or all; may be given again"}},
		overrideFlags(),
		[]cli.Flag{
			&cli.StringFlag{Name: "format", Value: formatText, Usage: "print results as `FORMAT`: text, json, csv"},
			&cli.StringFlag{Name: "out", Value: "./silverback-out", Usage: "put pictures, results into `DIR`"},
			&cli.BoolFlag{Name: "no-plots", Usage: "draw no pictures", DisableDefaultText: true},
		},
		studyFlags(1),
	)
}

func parseRunOptions(c *cli.Context) (*runOptions, error) {
	plan, err := parseStudyPlan(c)
	if err != nil {
		return nil, err
	}
	o := &runOptions{
		study:     plan,
		scenarios: c.StringSlice("scenario"),
		format:    c.String("format"),
		out:       c.String("out"),
		noPlots:   c.Bool("no-plots"),
	}
	if err := checkFormat(c, formatText, formatJSON, formatCSV); err != nil {
		return nil, err
	}
	if o.out == "" {
		return nil, badInput("run: --out needs a directory")
	}
	o.overrides, err = parseOverrides(c)
	return o, err
}

// checkFormat refuses a --format that is none of the known ones.
func checkFormat(c *cli.Context, known ...string) error {
	format := c.String("format")
	if slices.Contains(known, format) {
		return nil
	}
	return badInput("%s: --format %q is unknown%s; use %s", c.Command.Name, format, didYouMean(format, known), strings.Join(known, ", "))
}
