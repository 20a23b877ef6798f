// Command silverback simulates what becomes of a system when parts of it fail.
//
// It reads topologies written in silverback's YAML, plays their scenarios and
// reports what users saw: see `silverback help` and docs/reference/commands.md.
package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/silverback-sim/silverback/sim/fleet"
)

func main() {
	os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program, its surroundings passed in; args[0] is its name. It
// returns the exit status. Results go to stdout, progress and diagnostics to
// stderr.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) (status int) {
	defer func() {
		if bug := recover(); bug != nil {
			stack := debug.Stack()
			if run, ok := bug.(*fleet.Broken); ok {
				stack = run.Stack
			}
			fmt.Fprintf(stderr, "silverback: this is a bug in silverback, please report it: %v\n\n%s", bug, stack)
			status = statusFailure
		}
	}()
	survivePipes()
	s := newStreams(stdin, stdout, stderr)
	app := newApp(s)
	arranged, err := arrange(app, args)
	if err == nil {
		err = app.Run(arranged)
	}
	if err == nil {
		err = s.out.err
	}
	return s.explain(err)
}
