//go:build deep

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// actionlint is what checks workflows; it is built when the test runs.
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"

// TestPastedWorkflows has the workflows to paste checked, with the action of this
// tree in the place of the published one.
func TestPastedWorkflows(t *testing.T) {
	dir := t.TempDir()
	workflows := filepath.Join(dir, ".github", "workflows")
	for _, d := range []string{workflows, filepath.Join(dir, ".git")} {
		if err := os.MkdirAll(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	writeTest(t, filepath.Join(dir, "action.yml"), readTest(t, filepath.Join(repository(t), "action.yml")))
	var files []string
	for _, text := range readPasted(t) {
		if !strings.Contains(text, "\njobs:") {
			continue
		}
		files = append(files, filepath.Join(workflows, string(rune('a'+len(files)))+".yml"))
		writeTest(t, files[len(files)-1], strings.ReplaceAll(text, "silverback-sim/silverback@main", "./"))
	}
	if len(files) == 0 {
		t.Fatal("there are no workflows")
	}
	if log, err := bash(t, dir, "go run "+actionlint+" -shellcheck= -pyflakes= "+strings.Join(files, " ")).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, log)
	}
}
