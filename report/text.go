package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/silverback-sim/silverback/report/trace"
)

// Style is how WriteText writes.
type Style struct {
	Width  int  // columns, 80 if 0
	Colour bool // ANSI escapes
}

// WriteText writes the summary for a person: a table of the variants if there
// are several, then for the worst of each scenario what was lost, what its users
// saw, the component that was loaded most, the capacity to spare, the causes of
// failures and, as footnotes, the doubts.
func WriteText(w io.Writer, doc *Document, style Style) error {
	if style.Width <= 0 {
		style.Width = 80
	}
	b := bufio.NewWriter(w)
	p := &printer{w: b, style: style}
	p.heading(doc)
	p.withinOneRun(doc)
	if len(doc.Runs) > 1 {
		p.overview(doc)
		p.shared = sharedWarnings(doc.Runs)
		if len(p.shared) > 0 {
			fmt.Fprintln(p.w)
			p.notes("of all runs", p.shared)
		}
	}
	for _, t := range worstOfEach(doc.Runs) {
		p.variant(t)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing the summary: %w", err)
	}
	return nil
}

// printer writes labelled paragraphs of at most style.Width columns.
type printer struct {
	w      *bufio.Writer
	style  Style
	shared []Warning // said of every run, so once only
}

// poor is the availability below which a client's line is painted.
const poor = 0.99

// The styles of a printer.
const (
	bold = "1"
	dim  = "2"
	red  = "31"
)

func (p *printer) paint(code, text string) string {
	if !p.style.Colour || code == "" || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// line writes one line in one style.
func (p *printer) line(code, text string) {
	fmt.Fprintln(p.w, p.paint(code, strings.TrimRight(text, " ")))
}

// labelWidth is how far paragraphs are indented.
const labelWidth = 14

// paragraph writes text beside a label, broken at blanks.
func (p *printer) paragraph(code, label, text string) {
	if columns(label) > labelWidth-3 {
		fmt.Fprintf(p.w, "  %s\n", p.paint(dim, shorten(label, p.style.Width-2)))
		label = ""
	}
	for _, line := range wrap(text, p.style.Width-labelWidth) {
		fmt.Fprintf(p.w, "  %s%s%s\n", p.paint(dim, label), strings.Repeat(" ", max(labelWidth-2-columns(label), 1)), p.paint(code, line))
		label = ""
	}
}

func (p *printer) heading(doc *Document) {
	var parts []string
	if doc.Topology != "" {
		parts = append(parts, doc.Topology)
	}
	parts = append(parts, fmt.Sprintf("seed %d", doc.Seed))
	if len(doc.Runs) > 0 {
		r := doc.Runs[0]
		time := FormatTime(seconds(r.Duration))
		if r.Warmup > 0 {
			time += " after " + FormatTime(seconds(r.Warmup)) + " of warm-up"
		}
		parts = append(parts, time)
		if r.Replications > 1 {
			parts = append(parts, fmt.Sprintf("means of %d replications, ± at %s", r.Replications, FormatPercent(r.confidence)))
		}
	}
	p.line(bold, strings.Join(parts, " · "))
}

// withinOneRun says what intervals of a single run are worth.
func (p *printer) withinOneRun(doc *Document) {
	for _, r := range doc.Runs {
		if r.inRun == nil {
			continue
		}
		text := fmt.Sprintf("± at %s within this one run (batch means): of this seed only, another can differ; use --replications",
			FormatPercent(r.confidence))
		for _, line := range wrap(text, p.style.Width) {
			p.line(dim, line)
		}
		return
	}
}

// variant writes all that is said of one run.
func (p *printer) variant(t *told) {
	fmt.Fprintln(p.w)
	r := t.worst
	title := r.Scenario
	if n := len(t.others); n > 0 {
		title += fmt.Sprintf(", the worst of %d variants", n+1)
	}
	if r.Scenario == "none" {
		title += ": the healthy run"
	} else if r.Description != "" {
		title += ": " + r.Description
	}
	for _, line := range wrap(title, p.style.Width) {
		p.line(bold, line)
	}
	p.faults(r)
	for _, c := range r.Clients {
		p.client(r, c.Name, c.Value)
	}
	p.load(r)
	p.caches(r)
	p.collapse(r)
	p.verdicts(r)
	for i, text := range largestCauses(r, 3) {
		p.paragraph("", onlyFirst(i, "causes"), text)
	}
	own := slices.DeleteFunc(slices.Clone(r.Warnings), func(w Warning) bool { return slices.Contains(p.shared, w) })
	p.notes("notes", append(own, t.aside(p.shared)...))
}

// faultsTold is how many losses at most are told of a run, and how many strikes.
const faultsTold = 6

// faults writes what was lost, and whom else the faults struck.
func (p *printer) faults(r *Result) {
	var lost, struck []string
	for _, loss := range r.Losses() {
		lost = append(lost, loss.String())
	}
	for _, strike := range r.Strikes() {
		struck = append(struck, strike.String())
	}
	p.first("lost", lost)
	p.first("struck", struck)
}

// first writes the first of some lines, and how many more there are.
func (p *printer) first(label string, lines []string) {
	if n := len(lines) - faultsTold; n > 1 {
		lines = append(lines[:faultsTold:faultsTold], fmt.Sprintf("and %d times more", n))
	}
	for i, line := range lines {
		p.paragraph("", onlyFirst(i, label), line)
	}
}

// notes writes warnings as footnotes.
func (p *printer) notes(label string, warnings []Warning) {
	for i, w := range warnings {
		p.paragraph(dim, onlyFirst(i, label), fmt.Sprintf("[%d] %s", i+1, w.Text))
	}
}

// sharedWarnings are those that every run has.
func sharedWarnings(runs []*Result) []Warning {
	return slices.DeleteFunc(slices.Clone(runs[0].Warnings), func(w Warning) bool {
		for _, r := range runs {
			if !slices.Contains(r.Warnings, w) {
				return true
			}
		}
		return false
	})
}

// client writes what one traffic saw.
func (p *printer) client(r *Result, name string, c *Client) {
	if c.Requests == 0 {
		p.paragraph("", name, "no requests: no availability")
		return
	}
	code := ""
	if c.Availability < poor || c.Phases.Fault.Availability < poor {
		code = red
	}
	p.paragraph(code, name, availabilityText(r, name, c))
	if c.FailedTotal() > 0 {
		p.paragraph("", "", fmt.Sprintf("%s of %s requests failed: %s", FormatCount(float64(c.FailedTotal())), FormatCount(float64(c.Requests)), reasons(c.Failed)))
	} else {
		p.paragraph("", "", FormatCount(float64(c.Requests))+" requests, none failed")
	}
	if c.Degraded > 0 {
		what := " answers were degraded"
		if c.Degraded == 1 {
			what = " answer was degraded"
		}
		p.paragraph("", "", FormatCount(float64(c.Degraded))+what)
	}
	if text := latencyText(r, name, c); text != "" {
		p.paragraph("", "", text)
	}
	asked := Number(float64(c.Requests) / float64(r.Duration))
	p.paragraph("", "", fmt.Sprintf("%s asked, goodput %s", FormatRate(float64(asked)), r.within(c.Goodput, FormatRate, "clients", name, "goodput")))
}

func availabilityText(r *Result, name string, c *Client) string {
	share := func(value Number, path ...string) string {
		return r.within(value, FormatAvailability, append([]string{"clients", name}, append(path, "availability")...)...)
	}
	text := share(c.Availability) + " available"
	if !c.Availability.Known() {
		return "no request had an outcome: no availability"
	}
	fault := c.Phases.Fault
	if fault.Requests == 0 {
		return text
	}
	var parts []string
	if c.Phases.Before.Availability.Known() {
		parts = append(parts, share(c.Phases.Before.Availability, "phases", "before")+" before")
	}
	during := share(fault.Availability, "phases", "fault") + " during the fault"
	if fault.Undetected.Availability.Known() {
		during += " (" + share(fault.Undetected.Availability, "phases", "fault", "undetected") + " in the " + undetectedTime(r) + " until detected)"
	}
	parts = append(parts, during)
	if c.Phases.Recovery.Availability.Known() {
		parts = append(parts, share(c.Phases.Recovery.Availability, "phases", "recovery")+" in recovery")
	}
	return text + ": " + strings.Join(parts, ", ")
}

// undetectedTime is how long the callers' health checks had not seen what was
// lost.
func undetectedTime(r *Result) string {
	return FormatLatency(phaseTimes(r.Spans, seconds(r.Duration))[trace.Undetected])
}

func latencyText(r *Result, name string, c *Client) string {
	time := func(value Number, path ...string) string {
		return r.within(value, FormatLatency, append([]string{"clients", name}, path...)...)
	}

	if !c.Latency.P50.Known() {
		return ""
	}
	text := fmt.Sprintf("p50 %s, p99 %s", time(c.Latency.P50, "latency", "p50"), time(c.Latency.P99, "latency", "p99"))
	if f := c.Phases.Fault.Latency; f.P50.Known() {
		text += fmt.Sprintf(" (during the fault %s, %s)", time(f.P50, "phases", "fault", "latency", "p50"), time(f.P99, "phases", "fault", "latency", "p99"))
	}
	return text
}

// reasons lists what requests failed by.
func reasons(failed Named[Number]) string {
	var parts []string
	for _, e := range failed {
		parts = append(parts, FormatCount(float64(e.Value))+" "+e.Name)
	}
	return strings.Join(parts, ", ")
}

func onlyFirst(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}
