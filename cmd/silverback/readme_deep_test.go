//go:build deep

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadmeShowsWhatIsPrinted plays the main example and holds the README's
// sample against it. With -update it rewrites the sample.
func TestReadmeShowsWhatIsPrinted(t *testing.T) {
	root := filepath.Join("..", "..")
	var out, diagnostics bytes.Buffer
	args := []string{"silverback", "run", filepath.Join(root, "testdata", "streaming.yaml"), "--scenario", "gorilla", "--no-plots", "--out", t.TempDir()}
	if status := run(args, strings.NewReader(""), &out, &diagnostics); status != statusWell {
		t.Fatalf("status %d: %s", status, diagnostics.String())
	}
	want, _, _ := strings.Cut(out.String(), "\n\nresults and traces are in ")
	path := filepath.Join(root, "README.md")
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(readme), "```text\n")
	sample, after, found := strings.Cut(rest, "\n```\n")
	if !found {
		t.Fatal("README.md has no sample")
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+"```text\n"+want+"\n```\n"+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if sample != want {
		t.Errorf("README.md shows something else (-update rewrites it) than\n%s", want)
	}
}
