package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/silverback-sim/silverback"

// layers is layers.txt: which imports each package is allowed, in its order.
type layers struct {
	order   []string
	allowed map[string][]string
	tests   []string
}

// TestLayers holds the imports of every package against layers.txt. It reads
// the source and does not ask `go list`, whose answer the test cache would keep
// when only another package has changed.
func TestLayers(t *testing.T) {
	root := filepath.Join("..", "..")
	l := readLayers(t, filepath.Join(root, "layers.txt"))
	for _, problem := range checkLayers(t, l, os.DirFS(root)) {
		t.Error(problem)
	}
}

func readLayers(t *testing.T, file string) *layers {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return parseLayers(string(text))
}

func parseLayers(text string) *layers {
	l := &layers{allowed: map[string][]string{}}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		name, imports, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		if name == "tests" {
			l.tests = strings.Fields(imports)
			continue
		}
		l.order = append(l.order, name)
		l.allowed[name] = strings.Fields(imports)
	}
	return l
}

// checkLayers returns what is wrong: with the file itself, or with an import.
func checkLayers(t *testing.T, l *layers, root fs.FS) []string {
	t.Helper()
	var problems []string
	for i, pkg := range l.order {
		for _, allowed := range l.allowed[pkg] {
			if at := slices.Index(l.order, allowed); at >= i {
				problems = append(problems, fmt.Sprintf("layers.txt: %s stands above %s and may not import it", pkg, allowed))
			} else if at < 0 && !isModule(allowed) {
				problems = append(problems, fmt.Sprintf("layers.txt: %s imports %s, which has no line", pkg, allowed))
			}
		}
	}
	found := map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		found[path.Dir(name)] = true
		problems = append(problems, checkFile(t, l, root, name)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range l.order {
		if !found[pkg] {
			problems = append(problems, fmt.Sprintf("layers.txt: there is no package %s", pkg))
		}
	}
	return problems
}

// checkFile returns what is wrong with the imports of one file.
func checkFile(t *testing.T, l *layers, root fs.FS, name string) []string {
	t.Helper()
	text, err := fs.ReadFile(root, name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	pkg := path.Dir(name)
	allowed, listed := l.allowed[pkg]
	if !listed {
		return []string{fmt.Sprintf("%s: package %s has no line in layers.txt", name, pkg)}
	}
	isTest := strings.HasSuffix(name, "_test.go")
	var problems []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		own, isOwn := strings.CutPrefix(imported, module+"/")
		switch {
		case !isOwn && !isModule(imported):
		case isOwn && (isTest || slices.Contains(allowed, own)):
		case !isOwn && slices.ContainsFunc(allowed, contains(imported)):
		case !isOwn && isTest && slices.ContainsFunc(l.tests, contains(imported)):
		default:
			problems = append(problems, fmt.Sprintf("%s: layers.txt does not let %s import %s", name, pkg, imported))
		}
	}
	return problems
}

// isModule tells a path of a module from one of the standard library.
func isModule(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return strings.Contains(first, ".")
}

// contains tells of a module whether importPath is in it.
func contains(importPath string) func(string) bool {
	return func(module string) bool {
		return importPath == module || strings.HasPrefix(importPath, module+"/")
	}
}
