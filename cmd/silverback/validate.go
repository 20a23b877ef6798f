package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

func validateCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "validate",
		Usage:     "check topologies and show all that is wrong with them",
		ArgsUsage: "FILE…",
		Description: `Reads the files as run would, several merged into one topology, and shows
every problem with its place: file:line:col: message [rule], the line and a
caret. What is allowed but doubtful is shown as a warning.

  silverback validate testdata/streaming.yaml
  silverback validate --each systems/*.yaml
  cat system.yaml | silverback validate -

Exit status: 0 if run would accept the files, 2 if not.`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "each", Usage: "take every file for a topology of its own", DisableDefaultText: true},
		},
		Action: func(c *cli.Context) error {
			files := c.Args().Slice()
			if !c.Bool("each") || len(files) == 0 {
				return s.validate(files)
			}
			var errs []error
			for _, file := range files {
				errs = append(errs, s.validate([]string{file}))
			}
			return errors.Join(errs...)
		},
	}
}

// validate says what the files hold, or all that is wrong with them.
func (s *streams) validate(files []string) error {
	in, err := s.load("validate", files)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, in.summary())
	return err
}

// summary is one line about a topology.
func (in *input) summary() string {
	var names []string
	for _, source := range in.sources {
		names = append(names, source.Name)
	}
	instances := 0
	for _, service := range in.Services {
		for _, n := range service.Instances {
			instances += n
		}
	}
	text := fmt.Sprintf("%s: valid: %s with %s in %s, %s, %s", strings.Join(names, ", "),
		counted(len(in.Services), "service"), counted(instances, "instance"), counted(len(in.ZoneNames()), "zone"),
		counted(len(in.Scenarios), "scenario"), counted(len(in.Objectives), "objective"))
	if n := len(in.Warnings); n > 0 {
		text += ", " + counted(n, "warning")
	}
	return text
}
