package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestHooks runs the hooks as pre-commit does: the entry, its arguments, files.
func TestHooks(t *testing.T) {
	var hooks []struct {
		ID, Name, Description, Entry, Language, Files string
		Args, Types                                   []string
	}
	parseYAML(t, readTest(t, filepath.Join(repository(t), ".pre-commit-hooks.yaml")), &hooks)
	dir := t.TempDir()
	writeTest(t, filepath.Join(dir, "till.silverback.yaml"), till)
	writeTest(t, filepath.Join(dir, "shop.silverback.yml"), strings.ReplaceAll(till, "name: till", "name:   shop"))
	writeTest(t, filepath.Join(dir, "bad.silverback.yaml"), strings.Replace(till, "zones:", "zoned:", 1))
	run := map[string]func(files ...string) error{}
	for _, h := range hooks {
		if h.Language != "golang" || h.Name == "" || !slices.Equal(h.Types, []string{"yaml"}) {
			t.Errorf("%+v", h)
		}
		files := regexp.MustCompile(h.Files)
		if files.MatchString("docker-compose.yaml") || !files.MatchString("systems/shop.silverback.yml") {
			t.Errorf("%s is for %s", h.ID, h.Files)
		}
		run[h.ID] = func(files ...string) error {
			return bash(t, dir, h.Entry+" "+strings.Join(append(h.Args, files...), " ")).Run()
		}
	}
	if len(run) != 2 || run["silverback-validate"] == nil || run["silverback-fmt"] == nil {
		t.Fatalf("the hooks are %+v", hooks)
	}
	if err := run["silverback-validate"]("till.silverback.yaml", "shop.silverback.yml"); err != nil {
		t.Errorf("valid files: %v", err)
	}
	if err := run["silverback-validate"]("till.silverback.yaml", "bad.silverback.yaml"); exitStatus(t, err) != statusInput {
		t.Errorf("a bad file: %v", err)
	}
	if err := run["silverback-fmt"]("till.silverback.yaml", "shop.silverback.yml"); err != nil {
		t.Error(err)
	}
	if text := readTest(t, filepath.Join(dir, "shop.silverback.yml")); !strings.Contains(text, "name: shop") {
		t.Errorf("not formatted: %s", text)
	}
}

// gitlabJob is what the tests know of a job in GitLab.
type gitlabJob struct {
	Image        string
	Variables    map[string]string
	BeforeScript []string `yaml:"before_script"`
	Script       []string
	Artifacts    struct {
		When    string
		Paths   []string
		Reports struct{ JUnit string }
	}
	Rules []struct{ If string }
}

type gitlabTemplate struct {
	Variables  map[string]string
	Silverback gitlabJob
}

// TestGitLabTemplate runs the lines of its scripts. In the place of Go is a
// program that installs the one under test.
func TestGitLabTemplate(t *testing.T) {
	var template gitlabTemplate
	parseYAML(t, readTest(t, filepath.Join(repository(t), "docs", "ci", "silverback.gitlab-ci.yml")), &template)
	job := template.Silverback
	if len(job.Rules) == 0 || job.Artifacts.When != "always" {
		t.Errorf("%+v", job)
	}
	program, err := exec.LookPath("silverback")
	if err != nil {
		t.Fatal(err)
	}
	for objectives, want := range map[string]int{"": statusWell, "objectives.yaml": statusObjective} {
		dir := t.TempDir()
		writeTest(t, filepath.Join(dir, "system.yaml"), till)
		writeTest(t, filepath.Join(dir, "objectives.yaml"), tooMuch)
		writeProgram(t, filepath.Join(dir, "bin", "go"), fmt.Sprintf(`[[ $* == "install %s/cmd/silverback@latest" ]] && mkdir -p "$GOPATH/bin" && ln -s %s "$GOPATH/bin/silverback"`, module, program))
		cmd := bash(t, dir, strings.Join(append(job.BeforeScript, job.Script...), "\n"))
		cmd.Env = append(os.Environ(), "CI_PROJECT_DIR="+dir, "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"))
		template.Variables["SILVERBACK_ARGS"] = "--replications 3"
		template.Variables["SILVERBACK_FILES"] = strings.TrimSpace("system.yaml " + objectives)
		for _, variables := range []map[string]string{template.Variables, job.Variables} {
			for name, value := range variables {
				cmd.Env = append(cmd.Env, name+"="+strings.ReplaceAll(value, "$CI_PROJECT_DIR", dir))
			}
		}
		log, err := cmd.CombinedOutput()
		if got := exitStatus(t, err); got != want {
			t.Errorf("exit status %d, want %d\n%s", got, want, log)
		}
		for _, file := range append(job.Artifacts.Paths, job.Artifacts.Reports.JUnit) {
			if !exists(filepath.Join(dir, file)) {
				t.Errorf("there is no %s\n%s", file, log)
			}
		}
		if suites := readJUnit(t, filepath.Join(dir, job.Artifacts.Reports.JUnit)); suites.Failures != want {
			t.Errorf("JUnit: %+v", suites)
		}
	}
}

// pasted is what the tests know of YAML to paste.
type pasted struct {
	Jobs map[string]struct {
		Steps []struct {
			Uses, Run string
			With      map[string]string
		}
	}
	Repos []struct {
		Repo  string
		Hooks []struct{ ID string }
	}
	Include   []struct{ Remote string }
	Variables map[string]string
}

// readPasted reads the YAML in the document about pipelines.
func readPasted(t *testing.T) (texts []string) {
	t.Helper()
	document := readTest(t, filepath.Join(repository(t), "docs", "ci", "README.md"))
	for _, block := range regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(document, -1) {
		texts = append(texts, block[1])
	}
	return texts
}

// TestPasted holds the YAML to paste against what it speaks of: the action's
// inputs, the hooks, the variables of the template.
func TestPasted(t *testing.T) {
	root, a := repository(t), readAction(t)
	hooks := readTest(t, filepath.Join(root, ".pre-commit-hooks.yaml"))
	template := readTest(t, filepath.Join(root, "docs", "ci", "silverback.gitlab-ci.yml"))
	checked := 0
	hold := func(ok bool, what, name string) {
		checked++
		if !ok {
			t.Errorf("there is no %s %s", what, name)
		}
	}
	for _, text := range readPasted(t) {
		var p pasted
		parseYAML(t, text, &p)
		for _, job := range p.Jobs {
			for _, step := range job.Steps {
				if !strings.HasPrefix(step.Uses, "silverback-sim/silverback@") {
					continue
				}
				for name := range step.With {
					_, ok := a.Inputs[name]
					hold(ok, "input", name)
				}
			}
		}
		for _, repo := range p.Repos {
			for _, hook := range repo.Hooks {
				hold(strings.Contains(hooks, "- id: "+hook.ID+"\n"), "hook", hook.ID)
			}
		}
		for _, include := range p.Include {
			_, file, _ := strings.Cut(include.Remote, "/main/")
			hold(exists(filepath.Join(root, file)), "file", include.Remote)
		}
		for name := range p.Variables {
			hold(strings.Contains(template, "\n  "+name+":"), "variable", name)
		}
	}
	if checked < 6 {
		t.Errorf("only %d names were found", checked)
	}
}

// TestPastedScripts runs the scripts in the workflows to paste.
func TestPastedScripts(t *testing.T) {
	ran := 0
	for _, text := range readPasted(t) {
		var p pasted
		parseYAML(t, text, &p)
		for _, job := range p.Jobs {
			for _, step := range job.Steps {
				if step.Run != "" {
					ran++
					runPasted(t, step.Run)
				}
			}
		}
	}
	if ran == 0 {
		t.Error("there are no scripts")
	}
}

// runPasted runs a script in a clone whose target branch has another system.
func runPasted(t *testing.T, script string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	dir := t.TempDir()
	writeTest(t, filepath.Join(dir, "till.yaml"), till)
	prepare := bash(t, dir, `
git init -q -b main origin && cp till.yaml origin
git -C origin add .
git -C origin -c user.name=a -c user.email=a@example.com commit -q -m a
git clone -q origin clone
sed 's/per_zone: 2/per_zone: 1/' till.yaml >clone/till.yaml`)
	if log, err := prepare.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	summary := filepath.Join(dir, "summary")
	cmd := bash(t, filepath.Join(dir, "clone"), script)
	cmd.Env = append(os.Environ(), "SILVERBACK=silverback", "SYSTEM=till.yaml", "TARGET=main", "RUNNER_TEMP="+dir, "GITHUB_STEP_SUMMARY="+summary)
	if log, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if text := readTest(t, summary); !strings.Contains(text, "### ") || !strings.Contains(text, "fire") {
		t.Errorf("the summary is %q", text)
	}
}

// TestActionExplained: the document has all inputs and outputs.
func TestActionExplained(t *testing.T) {
	text, a := readTest(t, filepath.Join(repository(t), "docs", "ci", "README.md")), readAction(t)
	for name, input := range a.Inputs {
		if !strings.Contains(text, "\n| `"+name+"` |") || input.Description == "" {
			t.Errorf("the input %s is not explained", name)
		}
	}
	for name, output := range a.Outputs {
		if !strings.Contains(text, "\n| `"+name+"` |") || output.Description == "" {
			t.Errorf("the output %s is not explained", name)
		}
	}
}

// repository is the root of this repository.
func repository(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// bash runs a script as runners do: the first command that fails ends it.
func bash(t *testing.T, dir, script string) *exec.Cmd {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("there is no bash")
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
	cmd.Dir = dir
	return cmd
}

func exitStatus(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0
}

func parseYAML(t *testing.T, text string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
}

func readTest(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeTest(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func writeProgram(t *testing.T, file, script string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(path.Dir(file), 0o777), os.WriteFile(file, []byte("#!/usr/bin/env bash\n"+script+"\n"), 0o777)); err != nil {
		t.Fatal(err)
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

type junitSuites struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
}

func readJUnit(t *testing.T, file string) junitSuites {
	t.Helper()
	var suites junitSuites
	if err := xml.Unmarshal([]byte(readTest(t, file)), &suites); err != nil {
		t.Fatal(err)
	}
	return suites
}

// sarifResults counts the findings of a file.
func sarifResults(t *testing.T, file string) int {
	t.Helper()
	var log struct {
		Version string
		Runs    []struct{ Results []json.RawMessage }
	}
	if err := json.Unmarshal([]byte(readTest(t, file)), &log); err != nil || log.Version != "2.1.0" || len(log.Runs) != 1 {
		t.Fatalf("%v: %+v", err, log)
	}
	return len(log.Runs[0].Results)
}
