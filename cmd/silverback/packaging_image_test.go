package main

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestImagesHaveGo: the images hold the Go that go.mod asks for.
func TestImagesHaveGo(t *testing.T) {
	root := repository(t)
	found := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(readTest(t, filepath.Join(root, "go.mod")))
	for _, file := range []string{"Dockerfile", filepath.Join("docs", "ci", "silverback.gitlab-ci.yml")} {
		image := regexp.MustCompile(`golang:(\S+)`).FindStringSubmatch(readTest(t, filepath.Join(root, file)))
		if image == nil || image[1] != found[1] {
			t.Errorf("%s: the image is %v, and go.mod wants Go %s", file, image, found[1])
		}
	}
}

// TestDockerfile runs the line that builds, and then the program where there is
// nothing else, as somebody who owns nothing.
func TestDockerfile(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the image is for Linux")
	}
	root, dir := repository(t), t.TempDir()
	text := readTest(t, filepath.Join(root, "Dockerfile"))
	line := regexp.MustCompile(`(?m)^RUN (.*go build.*)$`).FindStringSubmatch(text)
	if line == nil {
		t.Fatal("the Dockerfile builds nothing")
	}
	program := filepath.Join(dir, "silverback")
	if log, err := bash(t, root, strings.Replace(line[1], "-o /silverback ", "-o "+program+" ", 1)).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	file, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	for _, p := range file.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("the program is not static: it has %v", p.Type)
		}
	}
	user := regexp.MustCompile(`(?m)^USER (\d+:\d+)$`).FindStringSubmatch(text)
	if user == nil || strings.HasPrefix(user[1], "0:") || !strings.Contains(text, "\nFROM scratch\n") || !strings.Contains(text, `ENTRYPOINT ["/silverback"]`) {
		t.Fatalf("from scratch, with an entry point and a user: %s", text)
	}
	if exec.Command("chroot", "/", "true").Run() != nil {
		t.Log("the program did not run by itself: chroot may not be used here")
		return
	}
	writeTest(t, filepath.Join(dir, "system.yaml"), till)
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // another user reads it
		t.Fatal(err)
	}
	if log, err := exec.Command("chroot", "--userspec="+user[1], dir, "/silverback", "check", "/system.yaml", "--replications", "3").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, log)
	}
}

// TestDockerContext: .dockerignore leaves everything in that is compiled.
func TestDockerContext(t *testing.T) {
	root := repository(t)
	var kept []string
	for line := range strings.Lines(readTest(t, filepath.Join(root, ".dockerignore"))) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "!"); ok {
			kept = append(kept, name)
			if !exists(filepath.Join(root, name)) {
				t.Errorf("there is no %s", name)
			}
		}
	}
	out, err := bash(t, root, `go list -deps -f '{{if not .Standard}}{{$p := .}}{{with .Module}}{{if .Main}}{{range $p.GoFiles}}{{$p.ImportPath}}/{{.}}{{"\n"}}{{end}}{{range $p.EmbedFiles}}{{$p.ImportPath}}/{{.}}{{"\n"}}{{end}}{{end}}{{end}}{{end}}' ./cmd/silverback`).Output()
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for line := range strings.Lines(string(out)) {
		name, ours := strings.CutPrefix(strings.TrimSpace(line), module+"/")
		if !ours {
			continue
		}
		files++
		top, _, _ := strings.Cut(name, "/")
		if !slices.Contains(kept, top) || strings.Contains(name, "/testdata/") {
			t.Errorf("%s is compiled, and .dockerignore leaves it out", name)
		}
	}
	if files < 50 {
		t.Errorf("only %d files are compiled", files)
	}
}
