package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"silverback": main})
}

// TestScripts plays the scripts of testdata/script against the program.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Condition:           condition,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"status": execStatus},
	})
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
