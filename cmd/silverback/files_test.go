package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestLeftOversAreNoObstacle: in a container every process may have the number
// of one that was killed while it wrote.
func TestLeftOversAreNoObstacle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.json")
	leftOver := filepath.Join(filepath.Dir(path), fmt.Sprintf(".results.json.%d", os.Getpid()))
	if err := os.WriteFile(leftOver, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	write := func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err }
	if err := writeFile(path, write); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); string(got) != "whole" {
		t.Errorf("%q %v", got, err)
	}
}
