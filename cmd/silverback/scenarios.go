package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

func scenariosCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "scenarios",
		Usage:     "list the scenarios of topologies and of the library",
		ArgsUsage: "[FILE…]",
		Description: `Lists what run --scenario may name: the scenarios of the files, with the
number of their runs, and those that come with silverback and apply to any
topology.

  silverback scenarios
  silverback scenarios testdata/streaming.yaml`,
		Action: func(c *cli.Context) error {
			in, err := s.loadOrLibrary(c.Args().Slice())
			if err != nil {
				return err
			}
			return s.listScenarios(in)
		},
	}
}

// loadOrLibrary loads files or, without any, the library for a system of no
// matter what.
func (s *streams) loadOrLibrary(operands []string) (*input, error) {
	if len(operands) > 0 {
		return s.load("scenarios", operands)
	}
	whatever := topology.Source{Name: "any", Data: []byte("version: 1\nzones: [a]\nservices: {any: {instances: 1, work: 1ms}}\n")}
	t, err := topology.Load([]topology.Source{whatever}, topology.Options{Library: scenarios.Library()})
	if err != nil {
		return nil, err
	}
	return &input{Topology: t}, nil
}

func (s *streams) listScenarios(in *input) error {
	var labels strings.Builder
	table := tabwriter.NewWriter(&labels, 0, 0, 2, ' ', 0)
	for i, sc := range in.allScenarios() {
		origin := "library"
		if i < len(in.Scenarios) {
			origin = sc.Pos.File
		}
		if len(in.sources) > 0 {
			origin += "\t" + counted(len(scenarios.Variants(in.Topology, sc)), "run")
		}
		fmt.Fprintf(table, "%s\t%s\t\n", sc.Name, origin)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for i, label := range strings.Split(strings.TrimSuffix(labels.String(), "\n"), "\n") {
		writeIndented(s.out, terminalWidth(s.out.w), strings.TrimSuffix(label, " "), in.allScenarios()[i].Description)
	}
	return nil
}
