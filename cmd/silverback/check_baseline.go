package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/topology"
)

// settle decides, of the files, the flags and the baseline, what is played: flags
// come before the baseline's seed and number of replications, and those before
// what the files say, so that the same luck is met again. It returns the
// baseline, nil if there is none.
func (o *checkOptions) settle(in *input) (*report.Baseline, error) {
	if err := o.override(in.Topology); err != nil {
		return nil, err
	}
	if o.baseline == "" {
		return nil, nil
	}
	b, err := o.readBaseline()
	if b == nil || err != nil {
		return nil, err
	}
	o.tolerance = b.Tolerance
	if err := o.tolerate(); err != nil {
		return nil, err
	}
	if o.seed == nil {
		in.Simulation.Seed = b.Seed
	}
	if !o.replicate {
		o.study.replications = b.Replications
	}
	if o.update {
		return b, nil
	}
	duration, warmup := b.Times()
	if !in.Simulation.WarmupWritten {
		in.Simulation.Warmup, in.Simulation.WarmupWritten = warmup, true
	}
	if duration != in.Simulation.Duration || warmup != in.Simulation.Warmup {
		return nil, badInput("check: %s is of runs of %s after %s of warm-up, and these are of %s after %s: play the same, or write it anew with --update-baseline",
			o.baseline, topology.FormatDuration(duration), topology.FormatDuration(warmup),
			topology.FormatDuration(in.Simulation.Duration), topology.FormatDuration(in.Simulation.Warmup))
	}
	return b, o.comparable(b)
}

// comparable refuses comparisons that could find nothing.
func (o *checkOptions) comparable(b *report.Baseline) error {
	if b.Replications < 2 {
		return badInput("check: %s is of a single replication, which can be compared with nothing", o.baseline)
	}
	if o.study.precision == 0 && o.study.replications < 2 {
		return badInput("check: a single replication can be compared with nothing: --replications must be at least 2 with --baseline")
	}
	return nil
}

// readBaseline returns nil if the file is about to be written and there is none
// yet, or one of another version.
func (o *checkOptions) readBaseline() (*report.Baseline, error) {
	file, err := os.Open(o.baseline)
	if err != nil {
		if o.update && errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		problem := unreadable(o.baseline, err)
		if errors.Is(err, fs.ErrNotExist) {
			problem = fmt.Errorf("%w; write it with --update-baseline", problem)
		}
		return nil, inputError{fmt.Errorf("check: %w", problem)}
	}
	defer file.Close() //nolint:errcheck // it was only read
	b, err := report.ReadBaseline(io.LimitReader(file, maxRead))
	var path *fs.PathError
	switch {
	case err == nil:
		return b, nil
	case errors.As(err, &path):
		return nil, inputError{fmt.Errorf("check: %w", unreadable(o.baseline, err))}
	case !o.update:
		return nil, badInput("check: the baseline %s %w: write it anew with --update-baseline", o.baseline, err)
	case report.IsOtherBaseline(err):
		return nil, nil
	}
	return nil, badInput("check: %s %w, and is not overwritten: delete it or name another file", o.baseline, err)
}

// keepBaseline writes the baseline and says so.
func (s *streams) keepBaseline(o *checkOptions, b *report.Baseline) error {
	err := writeFile(o.baseline, func(w io.Writer) error { return report.WriteBaseline(w, b) })
	if err != nil {
		return fmt.Errorf("the baseline cannot be kept: %w", err)
	}
	_, err = fmt.Fprintf(s.err, "\nthe baseline is in %s\n", o.baseline)
	return err
}
