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
	outputOptions
	scenarios []string
	explain   bool
	study     studyPlan
	requests  requestOptions
	// noComeback: the load at which a collapsed system comes back is not looked for.
	noComeback bool
}

func runFlags() []cli.Flag {
	return slices.Concat(
		[]cli.Flag{scenarioFlag(), &cli.BoolFlag{Name: "explain", Usage: "tell what happens when, and to whom, before the run"}},
		overrideFlags(),
		outputFlags("text, json, csv"),
		studyFlags(1),
		requestFlags(),
		[]cli.Flag{&cli.BoolFlag{Name: "no-comeback", Usage: "do not look for the load at which a system that stayed down comes back", DisableDefaultText: true}},
	)
}

// scenarioFlag asks for what choose understands.
func scenarioFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "scenario", Usage: "play `NAME`, none (healthy) or all; may be given again"}
}

func parseRunOptions(c *cli.Context) (*runOptions, error) {
	plan, err := parseStudyPlan(c)
	if err != nil {
		return nil, err
	}
	output, err := parseOutput(c, formatText, formatJSON, formatCSV)
	if err != nil {
		return nil, err
	}
	requests, err := parseRequestOptions(c)
	if err != nil {
		return nil, err
	}
	plan.requests = requests.sampling
	flags, err := parseOverrides(c)
	return &runOptions{
		overrides: flags, outputOptions: *output, scenarios: c.StringSlice("scenario"), explain: c.Bool("explain"),
		study: plan, requests: requests, noComeback: c.Bool("no-comeback"),
	}, err
}

// checkFormat refuses a --format that is none of the known ones.
func checkFormat(c *cli.Context, known ...string) error {
	format := c.String("format")
	if slices.Contains(known, format) {
		return nil
	}
	return badInput("%s: --format %q is unknown%s; use %s", c.Command.Name, format, didYouMean(format, known), strings.Join(known, ", "))
}
