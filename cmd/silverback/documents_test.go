package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/topology"
)

// TestDocumentLinks follows every link of the documents to a file of the tree.
// Their command blocks are run by .ci/documents.
func TestDocumentLinks(t *testing.T) {
	root := filepath.Join("..", "..")
	documents, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(filepath.Join(root, "docs"), func(name string, _ os.DirEntry, err error) error {
		if filepath.Ext(name) == ".md" {
			documents = append(documents, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)
	links := 0
	for _, document := range documents {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(document), found[1])); err != nil {
				t.Errorf("%s: the link %s leads nowhere", document, found[1])
			}
		}
	}
	if links == 0 {
		t.Error("no links were found: does the test still read what is written?")
	}
}

// TestExamplesOfTheLanguageArePlayed: what the reference shows can be pasted, is
// not doubted, and every scenario of it strikes.
func TestExamplesOfTheLanguageArePlayed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "reference", "language.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(version: 1\n.*?)```").FindAllSubmatch(text, -1)
	if len(blocks) < 3 {
		t.Errorf("only %d examples", len(blocks))
	}
	played := map[string]bool{}
	for i, block := range blocks {
		source := topology.Source{Name: fmt.Sprintf("example %d", i+1), Data: block[1]}
		top, err := topology.Load([]topology.Source{source}, topology.Options{})
		if err != nil || len(top.Warnings) > 0 {
			t.Fatalf("example %d: %v, %v", i+1, err, top)
		}
		model, err := sim.Compile(top)
		if err != nil {
			t.Errorf("example %d: %v", i+1, err)
			continue
		}
		for _, s := range top.Scenarios {
			for _, f := range s.Faults {
				played[f.Kind()] = true
			}
			for _, v := range scenarios.Variants(top, s) {
				if events := sim.Rehearse(model, v, 1); len(events) == 0 && v.Name != "hardware" {
					t.Errorf("nothing happens in %s", v.Name)
				}
			}
		}
	}
	for _, kind := range []string{
		"monkey", "gorilla", "kong", "kill", "pause", "latency", "errors", "bad_data", "partition", "loss", "surge", "failures",
	} {
		if !played[kind] {
			t.Errorf("there is no example of %s", kind)
		}
	}
}
