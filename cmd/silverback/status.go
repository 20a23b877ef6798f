package main

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
)

// The exit statuses.
const (
	statusWell      = 0
	statusObjective = 1 // an objective failed
	statusInput     = 2 // bad usage or input
	statusFailure   = 3 // a failure of ours or the world's, or the user stopped the run
)

// errObjective is the end of a check that did not pass. Its verdicts have been
// told.
var errObjective = explained{errors.New("an objective failed")}

// inputError is what the user can mend: bad usage or bad input.
type inputError struct{ err error }

func (e inputError) Error() string { return e.err.Error() }
func (e inputError) Unwrap() error { return e.err }

// badInput makes an inputError from a format, as fmt.Errorf does.
func badInput(format string, args ...any) error {
	return inputError{fmt.Errorf(format, args...)}
}

// explained is an error of which the user has been told everything already.
type explained struct{ err error }

func (e explained) Error() string { return e.err.Error() }
func (e explained) Unwrap() error { return e.err }

// explain tells the user of err, unless done already, and returns the exit
// status: of several errors the highest. A reader that went away (`| head`) is
// no error.
func (s *streams) explain(err error) int {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		status := statusWell
		for _, e := range joined.Unwrap() {
			status = max(status, s.explain(e))
		}
		return status
	}
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return statusWell
	}
	var told explained
	if !errors.As(err, &told) {
		for line := range strings.SplitSeq(err.Error(), "\n") {
			fmt.Fprintf(s.err, "%s %s\n", s.red("silverback:"), line)
		}
	}
	var input inputError
	if errors.As(err, &input) {
		return statusInput
	}
	if errors.Is(err, errObjective) {
		return statusObjective
	}
	return statusFailure
}
