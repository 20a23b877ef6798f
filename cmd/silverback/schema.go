package main

import (
	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/topology"
)

func schemaCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:  "schema",
		Usage: "print the JSON Schema of the language",
		Description: `Prints the JSON Schema (draft 2020-12) with which an editor completes and
checks topologies:

  silverback schema > silverback.schema.json

and, as the first line of a topology,

  # yaml-language-server: $schema=silverback.schema.json`,
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return badInput("schema takes no file")
			}
			_, err := s.out.Write(topology.Schema())
			return err
		},
	}
}
