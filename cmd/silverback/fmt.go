package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/topology"
)

func fmtCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "fmt",
		Usage:     "write topologies in their canonical form",
		ArgsUsage: "FILE…",
		Description: `Prints a topology in its canonical form; comments stay. It says the same as
before.

  silverback fmt system.yaml
  silverback fmt --write *.yaml
  silverback fmt --check *.yaml

Exit status: 0 well, 2 if a file cannot be read as YAML or, with --check, is
not in canonical form, 3 if it cannot be written.`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "write", Usage: "rewrite the files in place", DisableDefaultText: true},
			&cli.BoolFlag{Name: "check", Usage: "change nothing and name the files that would change", DisableDefaultText: true},
		},
		Action: func(c *cli.Context) error {
			write, check := c.Bool("write"), c.Bool("check")
			sources, err := s.readSources("fmt", c.Args().Slice())
			switch {
			case err != nil:
				return err
			case write && check:
				return badInput("fmt: --write and --check exclude each other")
			case !write && !check && len(sources) > 1:
				return badInput("fmt: one file is printed at a time; use --write or --check for several")
			}
			return s.format(sources, write, check)
		},
	}
}

// format formats what it can, and reports what it cannot.
func (s *streams) format(sources []topology.Source, write, check bool) error {
	var problems []error
	changed := 0
	for _, source := range sources {
		formatted, err := topology.Format(source)
		if err != nil {
			problems = append(problems, inputError{s.tellProblems(err)})
			continue
		}
		if !bytes.Equal(formatted, source.Data) {
			changed++
		}
		if err := s.putFormatted(source, formatted, write, check); err != nil {
			problems = append(problems, err)
		}
	}
	if check && changed > 0 {
		problems = append(problems, badInput("fmt: %s not in canonical form", counted(changed, "file")))
	}
	return errors.Join(problems...)
}

func (s *streams) putFormatted(source topology.Source, formatted []byte, write, check bool) error {
	unchanged := bytes.Equal(formatted, source.Data)
	switch {
	case (check || write) && unchanged:
		return nil
	case check:
		_, err := fmt.Fprintln(s.out, source.Name)
		return err
	case write && source.Name != stdinName:
		return writeFile(source.Name, func(w io.Writer) error {
			_, err := w.Write(formatted)
			return err
		})
	default:
		_, err := s.out.Write(formatted)
		return err
	}
}
