package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// action is what the tests know of action.yml, after GitHub Docs, "Metadata
// syntax for GitHub Actions".
type action struct {
	Name, Description string
	Inputs            map[string]struct {
		Description, Default string
		Required             bool
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []actionStep
	}
}

type actionStep struct {
	Name, ID, If, Shell, Run, Uses string
	Env, With                      map[string]string
	ContinueOnError                bool `yaml:"continue-on-error"`
}

// runner plays a composite action: its run steps in bash, and of the actions
// that it uses nothing but their outputs.
type runner struct {
	t         *testing.T
	action    *action
	known     map[string]string            // contexts, by path such as inputs.files
	used      map[string]map[string]string // what uses steps got, by action without version
	answers   map[string]string            // outputs of uses steps: ID.NAME
	workspace string
	temp      string
	env       []string // in addition to that of the test
	log       string   // standard output and standard error of all steps
	summary   string
	ran       []string // names of steps
	failed    bool
}

func readAction(t *testing.T) *action {
	t.Helper()
	a := &action{}
	parseYAML(t, readTest(t, filepath.Join(repository(t), "action.yml")), a)
	if a.Runs.Using != "composite" || a.Name == "" || a.Description == "" {
		t.Fatalf("%+v", a)
	}
	return a
}

// newRunner lets an action begin in a workspace, with the inputs of a workflow.
func newRunner(t *testing.T, a *action, workspace, temp string, inputs map[string]string) *runner {
	t.Helper()
	r := &runner{
		t: t, action: a, workspace: workspace, temp: temp,
		known: map[string]string{
			"github.token": "secret", "github.action_path": repository(t), "github.event.pull_request.number": "",
			"runner.temp": temp,
		},
		used: map[string]map[string]string{}, answers: map[string]string{},
	}
	for name, input := range a.Inputs {
		if _, ok := inputs[name]; input.Required && !ok {
			t.Fatalf("the input %s is required", name)
		}
		r.known["inputs."+name] = r.expand(input.Default)
	}
	for name, value := range inputs {
		if _, ok := a.Inputs[name]; !ok {
			t.Fatalf("there is no input %s", name)
		}
		r.known["inputs."+name] = value
	}
	return r
}

// play plays all steps.
func (r *runner) play() {
	r.t.Helper()
	for _, s := range r.action.Runs.Steps {
		condition := s.If
		if !strings.Contains(condition, "cancelled()") {
			condition = strings.TrimSuffix("success() && "+strings.TrimSpace(strings.NewReplacer("${{", "", "}}", "").Replace(s.If)), " && ")
		}
		if r.eval(strings.TrimSpace(strings.NewReplacer("${{", "", "}}", "").Replace(condition))) == "false" {
			continue
		}
		r.ran = append(r.ran, s.Name)
		if s.Uses != "" {
			r.use(s)
			continue
		}
		r.run(s)
	}
}

func (r *runner) use(s actionStep) {
	with := map[string]string{}
	for name, value := range s.With {
		with[name] = r.expand(value)
	}
	name, _, versioned := strings.Cut(s.Uses, "@")
	if !versioned {
		r.t.Errorf("%s: %s has no version", s.Name, s.Uses)
	}
	r.used[name] = with
	for name, value := range r.answers {
		if output, ok := strings.CutPrefix(name, s.ID+"."); ok {
			r.known["steps."+s.ID+".outputs."+output] = value
		}
	}
}

func (r *runner) run(s actionStep) {
	r.t.Helper()
	if s.Shell != "bash" {
		r.t.Fatalf("%s: the shell of a composite action's step must be named", s.Name)
	}
	if strings.Contains(s.Run, "${{") {
		r.t.Errorf("%s: an expression in a script is an injection: pass it in the environment", s.Name)
	}
	output, summary := filepath.Join(r.temp, "output"), filepath.Join(r.temp, "summary")
	for _, file := range []string{output, summary} {
		writeTest(r.t, file, "")
	}
	cmd := bash(r.t, r.workspace, s.Run)
	cmd.Env = append(append(os.Environ(), r.env...),
		"GITHUB_OUTPUT="+output, "GITHUB_STEP_SUMMARY="+summary, "GITHUB_WORKSPACE="+r.workspace,
		"GITHUB_ACTION_PATH="+repository(r.t), "GITHUB_REPOSITORY=owner/shop",
		"RUNNER_TEMP="+r.temp, "RUNNER_OS=Linux", "RUNNER_ARCH=X64")
	for name, value := range s.Env {
		cmd.Env = append(cmd.Env, name+"="+r.expand(value))
	}
	log, err := cmd.CombinedOutput()
	r.log += string(log)
	if err != nil && !s.ContinueOnError {
		r.failed = true
	}
	r.summary += readTest(r.t, summary)
	for line := range strings.Lines(readTest(r.t, output)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		r.known["steps."+s.ID+".outputs."+name] = value
	}
}

// withGH puts a gh into the place of GitHub's. It keeps what it is called with in
// the returned name + ".calls" and the comment in + ".body", knows of one comment,
// own, unless that is "", and ends with a status.
func (r *runner) withGH(own string, status int) string {
	name := filepath.Join(r.temp, "bin", "gh")
	writeProgram(r.t, name, fmt.Sprintf(`
[[ $GH_TOKEN == secret && -n $MARKER ]] || exit 9
echo "$*" >>%[1]s.calls
if [[ $2 == --paginate ]]; then echo %[2]s; exit; fi
for last; do :; done
cp "${last#body=@}" %[1]s.body
exit %[3]d`, name, own, status))
	r.env = append(r.env, "PATH="+filepath.Dir(name)+":"+os.Getenv("PATH"))
	return name
}

// output of the action.
func (r *runner) output(name string) string {
	r.t.Helper()
	o, ok := r.action.Outputs[name]
	if !ok {
		r.t.Fatalf("there is no output %s", name)
	}
	return r.expand(o.Value)
}

var expressionPattern = regexp.MustCompile(`\$\{\{\s*(.*?)\s*\}\}`)

// expand puts the values of expressions into text.
func (r *runner) expand(text string) string {
	return expressionPattern.ReplaceAllStringFunc(text, func(e string) string {
		return r.eval(expressionPattern.FindStringSubmatch(e)[1])
	})
}

// eval knows what action.yml needs of the language of expressions.
func (r *runner) eval(expression string) string {
	r.t.Helper()
	if terms := strings.Split(expression, " && "); len(terms) > 1 {
		for _, term := range terms {
			if r.eval(term) == "false" {
				return "false"
			}
		}
		return "true"
	}
	for operator, want := range map[string]bool{" == ": true, " != ": false} {
		if left, right, ok := strings.Cut(expression, operator); ok {
			return truth((r.eval(left) == r.eval(right)) == want)
		}
	}
	if strings.HasPrefix(expression, "'") {
		return strings.Trim(expression, "'")
	}
	switch expression {
	case "!cancelled()":
		return "true"
	case "success()":
		return truth(!r.failed)
	}
	value, ok := r.known[expression]
	if id, _, isOutput := strings.Cut(strings.TrimPrefix(expression, "steps."), ".outputs."); !ok && isOutput && r.hasStep(id) {
		return ""
	}
	if !ok {
		r.t.Fatalf("the expression %q means nothing here", expression)
	}
	return value
}

func (r *runner) hasStep(id string) bool {
	for _, s := range r.action.Runs.Steps {
		if s.ID == id {
			return true
		}
	}
	return false
}

func truth(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
