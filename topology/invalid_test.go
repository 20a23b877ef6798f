package topology

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the expected outputs")

// TestInvalid holds the messages for every testdata/invalid/*.yaml against the
// .txt beside it. A file of warnings loads; its .txt holds the warnings.
func TestInvalid(t *testing.T) {
	paths, err := filepath.Glob("../testdata/invalid/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal("no inputs", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := report(Source{Name: filepath.Base(path), Data: data}) + "\n"
			golden := strings.TrimSuffix(path, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			if !bytes.Contains(want, []byte("[")) {
				t.Error("nothing is wrong with this input")
			}
		})
	}
}

// report is what a user sees: the problems, or else the warnings.
func report(source Source) string {
	topology, err := Load([]Source{source}, Options{Library: []Source{{Name: "library.yaml", Data: []byte(library)}}})
	var problems Errors
	if errors.As(err, &problems) {
		return problems.Error()
	}
	return Errors(topology.Warnings).Error()
}

// TestOnlyWarningsLoad keeps the goldens honest about which inputs run.
func TestOnlyWarningsLoad(t *testing.T) {
	paths, err := filepath.Glob("../testdata/invalid/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Load([]Source{{Name: path, Data: data}}, Options{Library: []Source{{Name: "library.yaml", Data: []byte(library)}}})
		if warns := strings.HasPrefix(filepath.Base(path), "warn-"); warns != (err == nil) {
			t.Errorf("%s: error %v", path, err)
		}
	}
}
