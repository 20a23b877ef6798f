package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// input is a topology together with where it came from.
type input struct {
	*topology.Topology
	command string            // that reads it
	sources []topology.Source // without the library
}

// load reads the files that the operands of a command name, together with the
// library of scenarios. All problems, and what is doubtful, are told on standard
// error.
func (s *streams) load(command string, operands []string) (*input, error) {
	sources, err := s.readSources(command, operands)
	if err != nil {
		return nil, err
	}
	t, err := topology.Load(sources, topology.Options{Library: scenarios.Library()})
	if err != nil {
		return nil, inputError{s.tellProblems(err)}
	}
	for _, warning := range t.Warnings {
		s.tell(s.yellow, "warning: ", warning)
	}
	return &input{Topology: t, command: command, sources: sources}, nil
}

// tellProblems writes the problems of the input, each with its source line.
func (s *streams) tellProblems(err error) error {
	var problems topology.Errors
	if !errors.As(err, &problems) {
		return err
	}
	for _, p := range problems {
		s.tell(s.red, "", p)
	}
	return explained{err}
}

// tell writes a problem, its first line in a colour.
func (s *streams) tell(colour func(string) string, label string, p topology.Problem) {
	message, source, _ := strings.Cut(p.String(), "\n")
	fmt.Fprintln(s.err, colour(label+message))
	if source != "" {
		fmt.Fprintln(s.err, source)
	}
}

// allScenarios are those of the files and then those of the library.
func (in *input) allScenarios() []*topology.Scenario {
	return slices.Concat(in.Scenarios, in.Library)
}
