package topology

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// valid reads every topology and library of the repository.
func valid(t testing.TB) []Source {
	t.Helper()
	return append(topologies(t), libraries(t)...)
}

// topologies reads every topology under testdata.
func topologies(t testing.TB) []Source { return yamlFiles(t, "../testdata") }

// libraries reads the scenarios that come with the program.
func libraries(t testing.TB) []Source { return yamlFiles(t, "../scenarios/library") }

func yamlFiles(t testing.TB, root string) []Source {
	t.Helper()
	var sources []Source
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == "invalid" && path != root {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return nil
		}
		data, err := os.ReadFile(path)
		sources = append(sources, Source{Name: filepath.ToSlash(path), Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

func TestTestdataLoads(t *testing.T) {
	for _, source := range topologies(t) {
		if _, err := Load([]Source{source}, Options{Library: libraries(t)}); err != nil {
			t.Errorf("%s:\n%v", source.Name, err)
		}
	}
}
