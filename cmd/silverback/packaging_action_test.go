package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// till is a topology that is quick to play and passes.
const till = `version: 1
name: till
zones: [a, b]
simulation: {duration: 20s, warmup: 2s, window: 2s}
traffic:
  buyers: {to: till, rate: 20/s, timeout: 500ms}
services:
  till: {instances: {per_zone: 2}, concurrency: 4, work: {exponential: 10ms}}
scenarios:
  fire:
    faults:
      - {gorilla: {zone: a}, at: 6s, for: 4s}
objectives:
  - {scenario: none, availability: ">= 90%"}
`

// tooMuch is an objective that till misses.
const tooMuch = `version: 1
objectives:
  - {scenario: fire, availability: ">= 99.99%", during: fault}
`

// TestActionPasses: a pull request with a topology that passes gets the program
// built, a summary, a comment and the findings, of which there are none.
func TestActionPasses(t *testing.T) {
	r := newRunner(t, readAction(t), t.TempDir(), t.TempDir(), map[string]string{"files": "my till.yaml\n"})
	r.known["github.event.pull_request.number"] = "7"
	gh := r.withGH("", 0)
	writeTest(t, filepath.Join(r.workspace, "my till.yaml"), till)
	r.play()
	if want := stepNames(r.action); r.failed || !slices.Equal(r.ran, want) {
		t.Fatalf("failed: %v, ran %v, want %v\n%s", r.failed, r.ran, want, r.log)
	}
	if got := r.output("status"); got != "0" {
		t.Errorf("status %s", got)
	}
	if !strings.Contains(r.summary, "### silverback check passed") {
		t.Errorf("the summary is %q", r.summary)
	}
	if calls := readTest(t, gh+".calls"); !strings.Contains(calls, "--method POST repos/owner/shop/issues/7/comments ") || strings.Contains(calls, "PATCH") {
		t.Errorf("gh was called with %s", calls)
	}
	if body := readTest(t, gh+".body"); body != "<!-- silverback action: silverback -->\n"+r.summary {
		t.Errorf("the comment is %q", body)
	}
	if got := r.used["github/codeql-action/upload-sarif"]; got["sarif_file"] != r.output("sarif") || got["category"] != "silverback" {
		t.Errorf("uploaded %v", got)
	}
	if got := r.used["actions/cache/save"]; got["path"] != filepath.Dir(r.output("silverback")) || !regexp.MustCompile(`^silverback-Linux-X64-[0-9a-f]{64}$`).MatchString(got["key"]) {
		t.Errorf("kept %v", got)
	}
	if got := r.used["actions/setup-go"]["go-version-file"]; !exists(got) {
		t.Errorf("the version of Go is looked for in %s", got)
	}
	if suites := readJUnit(t, r.output("junit")); suites.Tests != 1 || suites.Failures != 0 {
		t.Errorf("JUnit: %+v", suites)
	}
	if n := sarifResults(t, r.output("sarif")); n != 0 {
		t.Errorf("%d findings", n)
	}
}

// TestActionFails: an objective that fails is told everywhere, and fails the
// action. The comment of the run before is renewed, the program used again.
func TestActionFails(t *testing.T) {
	r := newKeptRunner(t, map[string]string{
		"files": "till.yaml\n  objectives.yaml\n", "name": "shop", "replications": "3", "strict": "true", "args": "--seed 7\n  --duration=24s",
	})
	r.known["github.event.pull_request.number"] = "7"
	gh := r.withGH("42", 0)
	writeTest(t, filepath.Join(r.workspace, "objectives.yaml"), tooMuch)
	r.play()
	if want := []string{"Look at the source", "Look for the program", "Check", "Comment", "Upload findings"}; !r.failed || !slices.Equal(r.ran, want) {
		t.Fatalf("failed: %v, ran %v, want %v\n%s", r.failed, r.ran, want, r.log)
	}
	if got := r.output("status"); got != "1" {
		t.Errorf("status %s", got)
	}
	if !strings.Contains(r.log, "\n::error file=objectives.yaml,line=3,col=5,title=") || !strings.Contains(r.log, "n=3)") {
		t.Errorf("no annotation in\n%s", r.log)
	}
	if !strings.Contains(r.summary, "### silverback check failed") || !strings.Contains(r.summary, "till, seed 7.") {
		t.Errorf("the summary is %q", r.summary)
	}
	if calls := readTest(t, gh+".calls"); !strings.Contains(calls, "--method PATCH repos/owner/shop/issues/comments/42 ") || strings.Contains(calls, "POST") {
		t.Errorf("gh was called with %s", calls)
	}
	if body := readTest(t, gh+".body"); !strings.HasPrefix(body, "<!-- silverback action: shop -->\n") {
		t.Errorf("the comment is %q", body)
	}
	if suites := readJUnit(t, r.output("junit")); suites.Failures != 1 {
		t.Errorf("JUnit: %+v", suites)
	}
	if n := sarifResults(t, r.output("sarif")); n != 1 || r.used["github/codeql-action/upload-sarif"]["category"] != "shop" {
		t.Errorf("%d findings, uploaded %v", n, r.used)
	}
}

// TestActionComparesWithBaseline, on a push: there is nobody to comment to.
func TestActionComparesWithBaseline(t *testing.T) {
	inputs := map[string]string{"files": "till.yaml", "baseline": "till.baseline.json", "sarif": "false", "args": "--update-baseline"}
	r := newKeptRunner(t, inputs)
	r.play()
	if r.failed || !exists(filepath.Join(r.workspace, "till.baseline.json")) {
		t.Fatalf("no baseline was written:\n%s", r.log)
	}
	r.known["inputs.args"] = ""
	gh := r.withGH("", 0)
	r.play()
	if r.failed || !strings.Contains(r.summary, "compared with the baseline, 0 worse") {
		t.Errorf("the summary is %q\n%s", r.summary, r.log)
	}
	if exists(gh+".calls") || len(r.used["github/codeql-action/upload-sarif"]) > 0 {
		t.Errorf("told to nobody, yet commented or uploaded: %v", r.ran)
	}
}

// TestActionWithoutVerdicts: bad input keeps its exit status, and nothing is
// posted.
func TestActionWithoutVerdicts(t *testing.T) {
	r := newKeptRunner(t, map[string]string{"files": "missing.yaml"})
	r.known["github.event.pull_request.number"] = "7"
	gh := r.withGH("", 0)
	r.play()
	if !r.failed || r.output("status") != "2" || r.output("sarif") != "" {
		t.Errorf("failed: %v, status %s, findings %q", r.failed, r.output("status"), r.output("sarif"))
	}
	if !strings.Contains(r.log, "\n::error title=silverback check::There are no verdicts") || !strings.Contains(r.summary, "status 2") {
		t.Errorf("not told: %s%s", r.log, r.summary)
	}
	if exists(gh+".calls") || len(r.used["github/codeql-action/upload-sarif"]) > 0 {
		t.Errorf("posted all the same: %v", r.ran)
	}
}

// TestActionMayNotComment: a token without the permission, such as that of a
// fork, is no reason to fail.
func TestActionMayNotComment(t *testing.T) {
	r := newKeptRunner(t, map[string]string{"files": "till.yaml"})
	r.known["github.event.pull_request.number"] = "7"
	r.withGH("42", 1)
	r.play()
	if r.failed || !strings.Contains(r.log, "::notice title=silverback check::") {
		t.Errorf("failed: %v\n%s", r.failed, r.log)
	}
}

// newKeptRunner is a runner with till.yaml in its workspace, for which the
// program was kept from an earlier run.
func newKeptRunner(t *testing.T, inputs map[string]string) *runner {
	t.Helper()
	r := newRunner(t, readAction(t), t.TempDir(), t.TempDir(), inputs)
	writeTest(t, filepath.Join(r.workspace, "till.yaml"), till)
	program, err := exec.LookPath("silverback")
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(r.temp, "silverback-program")
	if err := errors.Join(os.Mkdir(kept, 0o777), os.Symlink(program, filepath.Join(kept, "silverback"))); err != nil {
		t.Fatal(err)
	}
	r.answers["kept.cache-hit"] = "true"
	return r
}

func stepNames(a *action) []string {
	var names []string
	for _, s := range a.Runs.Steps {
		names = append(names, s.Name)
	}
	return names
}
