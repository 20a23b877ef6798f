package main

import (
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

// watchInterrupts lets the first ^C (or SIGTERM) ask the work to stop: asked
// tells whether it came. The second ends the program at once, as does any after
// unwatch.
func watchInterrupts() (asked func() bool, unwatch func()) {
	var stop atomic.Bool
	signals := make(chan os.Signal, 1)
	done := make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-signals:
			stop.Store(true)
			signal.Stop(signals)
		case <-done:
		}
	}()
	return stop.Load, func() {
		signal.Stop(signals)
		close(done)
	}
}
