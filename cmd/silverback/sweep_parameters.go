package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/topology"
)

// The bounds of a sweep.
const (
	maxParameters = 2
	maxPoints     = 10_000
)

// parameter is what a sweep changes, and through which values.
type parameter struct {
	path   string
	values []topology.Value
}

// setting is one value of a parameter.
type setting struct{ path, value string }

func parseParameters(c *cli.Context) ([]parameter, error) {
	written := c.StringSlice("set")
	if len(written) == 0 {
		return nil, badInput("sweep: nothing to change: write --set PATH=VALUES, such as --set services.api.instances.per_zone=2..8")
	}
	if len(written) > maxParameters {
		return nil, badInput("sweep: --set is given %d times; %d parameters can be changed at once", len(written), maxParameters)
	}
	var list []parameter
	total := 1
	for _, text := range written {
		path, values, ok := strings.Cut(text, "=")
		if !ok || path == "" || values == "" {
			return nil, badInput("sweep: --set %q: write PATH=VALUES, such as services.api.instances.per_zone=2..8", text)
		}
		p := parameter{path: path}
		var err error
		if p.values, err = topology.ParseValues(values); err != nil {
			return nil, badInput("sweep: --set %s: %w", path, err)
		}
		for _, other := range list {
			if within(path, other.path) || within(other.path, path) {
				return nil, badInput("sweep: --set %s and --set %s change the same", other.path, path)
			}
		}
		list = append(list, p)
		total *= len(p.values)
	}
	if total > maxPoints {
		return nil, badInput("sweep: that makes %d points; there can be %d at most", total, maxPoints)
	}
	return list, nil
}

// undisputed refuses parameters that a flag would decide at every point.
func undisputed(c *cli.Context, parameters []parameter) error {
	for _, p := range parameters {
		for _, flag := range []string{"seed", "duration", "warmup"} {
			if c.IsSet(flag) && within("simulation."+flag, p.path) {
				return badInput("sweep: --set %s and --%s say the same: leave one out", p.path, flag)
			}
		}
	}
	return nil
}

// within tells whether one path leads to another or into it.
func within(path, other string) bool {
	return path == other || strings.HasPrefix(path, other+".")
}

// combinations of the parameters' values, the first varying slowest.
func combinations(parameters []parameter) [][]setting {
	all := [][]setting{nil}
	for _, p := range parameters {
		var next [][]setting
		for _, settings := range all {
			for _, v := range p.values {
				next = append(next, append(slices.Clone(settings), setting{p.path, v.Text}))
			}
		}
		all = next
	}
	return all
}
