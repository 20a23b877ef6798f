package main

import (
	"errors"
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

func TestFileNames(t *testing.T) {
	taken := map[string]bool{"overview": true}
	for _, test := range [][2]string{
		{"gorilla[us-east-1a]", "gorilla-us-east-1a"},
		{"gorilla[us-east-1a]", "gorilla-us-east-1a-2"},
		{"two[us-east-1a,us-east-1b]", "two-us-east-1a-us-east-1b"},
		{"overview", "overview-2"},
		{"../../etc", "etc"},
		{"", "2"},
		{"é", "3"},
	} {
		if got := fileName(test[0], taken); got != test[1] {
			t.Errorf("%q is %q, want %q", test[0], got, test[1])
		}
	}
}

func TestAFileIsReplacedWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "page.svg")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := writeFile(name, func(w io.Writer) error {
		_, _ = w.Write([]byte("half"))
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if data, _ := os.ReadFile(name); string(data) != "old" {
		t.Errorf("the file holds %q", data)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%d files are left", len(files))
	}
}
