package main

import (
	"time"

	"github.com/schollz/progressbar/v3"
)

// progressSteps is how finely the bar is told of progress.
const progressSteps = 1000

// newProgress is a bar on standard error, if that is a terminal. Of the functions
// that it returns one takes the share that is done, one changes what is said of
// it, and one ends the bar.
func (s *streams) newProgress(what string) (show func(share float64), describe func(string), end func()) {
	if !isTerminal(s.err) {
		return func(float64) {}, func(string) {}, func() {}
	}
	bar := progressbar.NewOptions(progressSteps,
		progressbar.OptionSetWriter(s.err),
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWidth(40),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
	)
	// A bar that cannot be drawn is no reason to stop.
	show = func(share float64) { _ = bar.Set(int(share * progressSteps)) }
	end = func() { _ = bar.Finish() }
	return show, bar.Describe, end
}
