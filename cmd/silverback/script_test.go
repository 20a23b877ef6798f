package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the golden files in the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"silverback": main})
}

// TestScripts plays the scripts of testdata/script against the program.
// With -update it rewrites what the scripts compare with.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       *update,
		Setup:               withSmall,
		Condition:           condition,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"status": execStatus},
	})
}

// withSmall gives every script testdata/small.yaml.
func withSmall(env *testscript.Env) error {
	data, err := os.ReadFile(filepath.Join("testdata", "small.yaml"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(env.WorkDir, "small.yaml"), data, 0o666)
}

// condition knows [exists:FILE].
func condition(name string) (bool, error) {
	file, ok := strings.CutPrefix(name, "exists:")
	if !ok {
		return false, errors.New("unknown condition " + name)
	}
	_, err := os.Stat(file)
	return err == nil, nil
}

// execStatus is `status N program [args...]`: exec, and the exit status must be N.
func execStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N program [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}
