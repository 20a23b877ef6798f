package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/otel"
	"github.com/silverback-sim/silverback/report/trace"
)

// requestOptions ask for single requests.
type requestOptions struct {
	sampling trace.Sampling
	show     bool   // on standard output
	otlp     string // file; empty = none
}

func requestFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "trace", Usage: "show single requests of the first replication: `KIND` is failed, degraded, slow or any"},
		&cli.IntFlag{Name: "traces", Value: 5, Usage: "show at most `N` of every scenario's"},
		&cli.StringFlag{Name: "otlp", Usage: "write them to `FILE` as OpenTelemetry (OTLP) JSON; those that failed unless --trace says otherwise"},
	}
}

func parseRequestOptions(c *cli.Context) (o requestOptions, err error) {
	kinds := []string{"any", "failed", "degraded", "slow"} // as trace.Sampled
	kind := c.String("trace")
	o.otlp = c.String("otlp")
	n := c.Int("traces")
	switch {
	case c.IsSet("otlp") && o.otlp == "":
		return o, badInput("%s: --otlp needs a file", c.Command.Name)
	case !c.IsSet("trace") && !c.IsSet("otlp"):
		if c.IsSet("traces") {
			return o, badInput("%s: --traces bounds what --trace shows or --otlp writes: add one of them", c.Command.Name)
		}
		return o, nil
	case !c.IsSet("trace"):
		kind = "failed"
	}
	k := slices.Index(kinds, kind)
	if k < 0 {
		return o, badInput("%s: --trace %q is unknown%s; use %s", c.Command.Name, kind, didYouMean(kind, kinds), strings.Join(kinds[1:], ", ")+", any")
	}
	const most = 10_000
	if n < 1 || n > most {
		return o, badInput("%s: --traces %d: from 1 to %d", c.Command.Name, n, most)
	}
	o.show = c.IsSet("trace")
	o.sampling = trace.Sampling{Of: trace.Sampled(k), Most: n}
	return o, nil
}

// printRequests shows the requests that were kept of some runs, after the summary.
// In formats for programs there is no place for them.
func (s *streams) printRequests(runs []*trace.Run, o *runOptions) error {
	if !o.requests.show || o.format != formatText {
		return nil
	}
	for _, run := range runs {
		if err := report.WriteRequests(s.out, run, s.style()); err != nil {
			return err
		}
	}
	return nil
}

// keepRequests writes the requests for other programs.
func keepRequests(runs []*trace.Run, o *requestOptions) error {
	if o.otlp == "" {
		return nil
	}
	if err := writeFile(o.otlp, func(w io.Writer) error { return otel.Write(w, version(), runs) }); err != nil {
		return fmt.Errorf("the traces cannot be kept: %w", err)
	}
	return nil
}
