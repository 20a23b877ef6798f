package scenarios

import (
	"embed"

	"github.com/silverback-sim/silverback/topology"
)

//go:embed library/*.yaml
var files embed.FS

// Library returns the scenarios that come with the program, as sources for
// topology.Load, in the order of their file names.
func Library() []topology.Source {
	entries, err := files.ReadDir("library")
	if err != nil {
		panic("scenarios: the embedded library is missing: " + err.Error())
	}
	var sources []topology.Source
	for _, e := range entries {
		data, err := files.ReadFile("library/" + e.Name())
		if err != nil {
			panic("scenarios: the embedded library is unreadable: " + err.Error())
		}
		sources = append(sources, topology.Source{Name: "library/" + e.Name(), Data: data})
	}
	return sources
}
