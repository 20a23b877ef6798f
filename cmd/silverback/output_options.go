package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"
)

// outputOptions say where results go.
type outputOptions struct {
	format  string
	out     string
	noPlots bool
}

func outputFlags(formats string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Value: formatText, Usage: "print results as `FORMAT`: " + formats},
		&cli.StringFlag{Name: "out", Value: "./silverback-out", Usage: "put pictures, results into `DIR`"},
		&cli.BoolFlag{Name: "no-plots", Usage: "draw no pictures", DisableDefaultText: true},
	}
}

func parseOutput(c *cli.Context, formats ...string) (*outputOptions, error) {
	o := &outputOptions{format: c.String("format"), out: c.String("out"), noPlots: c.Bool("no-plots")}
	if err := checkFormat(c, formats...); err != nil {
		return nil, err
	}
	if o.out == "" {
		return nil, badInput("%s: --out needs a directory", c.Command.Name)
	}
	return o, nil
}

func makeDirectory(path string) error { return os.MkdirAll(path, 0o777) }

// tellKept says where the rest of the results is.
func (s *streams) tellKept(what string, o *outputOptions) error {
	told := s.err
	if o.format == formatText {
		if s.out.err != nil {
			return nil // whoever printed the results has it
		}
		told = s.out
	}
	_, err := fmt.Fprintf(told, "\n%s are in %s\n", what, o.out)
	return err
}
