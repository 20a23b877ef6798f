//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// survivePipes makes a write to a pipe without a reader an error (EPIPE) and not
// the end of the program, so that `run | head` still writes its pictures.
func survivePipes() { signal.Ignore(syscall.SIGPIPE) }
