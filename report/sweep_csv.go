package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// WriteSweepCSV writes s as a tidy table, a figure per row: a column for every
// parameter, by its path, and then
//
//	scenario,figure,component,value,low,high,n,unit
//
// low and high are the ends of the interval, n the replications that could say
// the figure; what cannot be said is empty. A point that cannot be played has one
// row, whose figure is "invalid".
func WriteSweepCSV(w io.Writer, s *Sweep) error {
	out := csv.NewWriter(w)
	var head []string
	for _, p := range s.Parameters {
		head = append(head, p.Path)
	}
	// The writer keeps its first error for Error.
	_ = out.Write(append(head, "scenario", "figure", "component", "value", "low", "high", "n", "unit"))
	for _, p := range s.Points {
		row := func(cells ...string) { _ = out.Write(append(append([]string{}, p.Values...), cells...)) }
		if p.Problem != "" {
			row("", "invalid", "", "", "", "", "", "")
		}
		for _, v := range p.Variants {
			put := func(figure, component string, e Estimate, unit string) {
				row(v.Scenario, figure, component, sweepCell(e.Mean), sweepCell(e.Low), sweepCell(e.High), strconv.Itoa(e.N), unit)
			}
			put(figureAvailability, "", v.Availability, unitShare)
			put(figureDuring, "", v.AvailabilityFault, unitShare)
			put(figureMean, "", v.LatencyMean, unitSeconds)
			put(figureP99, "", v.LatencyP99, unitSeconds)
			put(figureFailed, "", v.Failed, unitCount)
			put(figureSpare, "", v.Spare, unitShare)
			put(figureInstances, "", v.Instances, unitCount)
			put("bottleneck_utilization", v.Bottleneck.Component, v.Bottleneck.Utilization, unitShare)
			if c := v.Collapse; c != nil {
				put(figureCollapse, "", Estimate{c.Probability, c.ProbabilityCI[0], c.ProbabilityCI[1], c.Of}, unitShare)
			}
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	return nil
}

func sweepCell(x Number) string {
	if !x.Known() {
		return ""
	}
	return string(appendNumber(nil, float64(x)))
}
