package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

// WriteRequests writes a run's sample of requests for a person: each as a tree of
// its attempts, with the times and a picture of what each was doing when.
func WriteRequests(w io.Writer, run *trace.Run, style Style) error {
	if style.Width <= 0 {
		style.Width = 80
	}
	b := bufio.NewWriter(w)
	p := &printer{w: b, style: style}
	fmt.Fprintln(b)
	if len(run.Requests) == 0 {
		p.line(bold, run.Scenario+": no such request")
	} else {
		p.line(bold, fmt.Sprintf("%s: single requests", run.Scenario))
	}
	if len(run.Requests) > 0 {
		p.line(dim, legend)
	}
	for i := range run.Requests {
		p.request(&run.Requests[i])
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing the requests: %w", err)
	}
	return nil
}

// wide is how many columns it takes to name the zones as well.
const wide = 100

// What an attempt is doing at a time.
const (
	onTheWay   = '·'
	inTheQueue = '░'
	atWork     = '█'
	calling    = '─'
	forNobody  = '┄' // work whose caller has given up
	goesOn     = '›' // later than the picture
)

const legend = "· network or lost, ░ queue, █ work, ─ its calls, ┄ after its caller gave up, › later"

// request writes one request.
func (p *printer) request(q *trace.Request) {
	fmt.Fprintln(p.w)
	code := ""
	if q.Result != "ok" && q.Result != "degraded" {
		code = red
	}
	for _, line := range wrap(requestGist(q), p.style.Width) {
		p.line(code, line)
	}
	t := newTree(q)
	rows := t.rows(p.style.Width >= wide)
	widths := [...]int{columns("attempt"), columns("outcome"), columns("at"), columns("took"), columns("queued")}
	for _, r := range rows {
		for k, cell := range r.cells {
			widths[k] = max(widths[k], columns(cell))
		}
	}
	leastBar := p.style.Width / 6
	widths[1] = min(widths[1], p.style.Width/3-6)
	rest := p.style.Width - 2*len(widths)
	for _, w := range widths[1:] {
		rest -= w
	}
	widths[0] = max(min(widths[0], rest-leastBar), columns("attempt"))
	bar := max(rest-widths[0], leastBar)
	p.line(dim, row([...]string{"attempt", "outcome", "at", "took", "queued"}, widths)+"  "+scale(t.length, bar))
	for _, r := range rows {
		code := ""
		if r.attempt.Result != "ok" && r.attempt.Result != "degraded" && r.attempt.Result != "" {
			code = red
		}
		p.line(code, row(r.cells, widths)+"  "+t.picture(r.index, bar))
	}
	if q.Left > 0 {
		p.line(dim, fmt.Sprintf("%s further attempts were not kept", FormatCount(float64(q.Left))))
	}
}

// requestGist says in a sentence what became of a request.
func requestGist(q *trace.Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s at %s: ", q.Client, FormatTime(q.Start.Round(time.Millisecond)))
	took := FormatLatency((q.End - q.Start).Seconds())
	switch q.Result {
	case "ok":
		fmt.Fprintf(&b, "ok in %s", took)
	case "degraded":
		fmt.Fprintf(&b, "degraded in %s", took)
	default:
		fmt.Fprintf(&b, "failed by %s after %s", q.Result, took)
	}
	if q.Component != "" {
		fmt.Fprintf(&b, ", as of %s at %s", q.Root, q.Component)
		if q.Fault != "" {
			fmt.Fprintf(&b, " under %s", q.Fault)
		}
	}
	if q.Like > 1 {
		fmt.Fprintf(&b, " (one of %s such)", FormatCount(float64(q.Like)))
	}
	return b.String()
}

// tree of a request's attempts, with the stretch of time that it takes.
type tree struct {
	*trace.Request
	children [][]int // of attempt k at k+1
	length   time.Duration
}

func newTree(q *trace.Request) *tree {
	t := &tree{Request: q, children: make([][]int, len(q.Attempts)+1), length: q.End - q.Start}
	var late time.Duration
	for k := range q.Attempts {
		a := &q.Attempts[k]
		t.children[a.Parent+1] = append(t.children[a.Parent+1], k)
		for _, at := range []time.Duration{a.Sent, a.Started, a.Replied, a.Ended} {
			if at != trace.Never {
				late = max(late, at-q.Start)
			}
		}
	}
	// What goes on after the outcome is for nobody: it must not squeeze the rest.
	t.length = max(1, t.length, min(late, t.length+t.length/2))
	return t
}

// treeRow is the line of one attempt.
type treeRow struct {
	index   int
	attempt *trace.Attempt
	cells   [5]string
}

// rows in the order of a tree, callers before what they call.
func (t *tree) rows(zones bool) []treeRow {
	var rows []treeRow
	var visit func(parent int, indent string)
	visit = func(parent int, indent string) {
		list := t.children[parent+1]
		for i, k := range list {
			branch, below := "├ ", "│ "
			if i == len(list)-1 {
				branch, below = "└ ", "  "
			}
			if parent < 0 {
				branch, below = "", "  "
			}
			a := &t.Attempts[k]
			rows = append(rows, treeRow{k, a, [5]string{
				indent + branch + attemptName(a, zones), attemptResult(a),
				FormatLatency((a.Sent - t.Start).Seconds()), spell(a.Sent, t.end(a)), queued(a),
			}})
			visit(k, indent+below)
		}
	}
	visit(-1, "")
	return rows
}

func attemptName(a *trace.Attempt, zone bool) string {
	name := a.Component
	if a.Operation != "" {
		name += "." + a.Operation
	}
	if a.Instance != "" {
		name = a.Instance
		if a.Operation != "" {
			name += " " + a.Operation
		}
		if zone {
			name += " " + a.Zone
		}
	}
	switch {
	case a.Kind == trace.Retry:
		name += fmt.Sprintf(", retry %d", a.Number)
	case a.Kind != trace.FirstAttempt:
		name += ", " + a.Kind.String()
	}
	return name
}

func attemptResult(a *trace.Attempt) string {
	text := a.Result
	switch {
	case text == "" && a.Fate != "":
		text = a.Fate
	case text == "":
		text = "no outcome"
	case a.Fate != "":
		text += ", " + a.Fate
	}
	if a.Fault != "" && a.Result != "ok" {
		text += " [" + a.Fault + "]"
	}
	return text
}

// end of an attempt for its caller or, if it has none, of the request.
func (t *tree) end(a *trace.Attempt) time.Duration {
	if a.Ended != trace.Never {
		return a.Ended
	}
	return trace.Never
}

func spell(from, to time.Duration) string {
	if to == trace.Never {
		return none
	}
	return FormatLatency((to - from).Seconds())
}

// queued is how long an attempt waited for a slot.
func queued(a *trace.Attempt) string {
	switch {
	case a.Arrived == trace.Never:
		return none
	case a.Started != trace.Never:
		return FormatLatency((a.Started - a.Arrived).Seconds())
	case a.Replied != trace.Never:
		return FormatLatency((a.Replied - a.Arrived).Seconds())
	case a.Ended != trace.Never:
		return "> " + FormatLatency((a.Ended - a.Arrived).Seconds())
	}
	return none
}

func row(cells [5]string, widths [5]int) string {
	var b strings.Builder
	for k, cell := range cells {
		cell = shorten(cell, widths[k])
		pad := strings.Repeat(" ", widths[k]-columns(cell))
		switch k {
		case 0:
			b.WriteString(cell + pad)
		case 1:
			b.WriteString("  " + cell + pad)
		default:
			b.WriteString("  " + pad + cell)
		}
	}
	return b.String()
}

// scale is the head of the pictures: their length.
func scale(length time.Duration, width int) string {
	text := FormatLatency(length.Seconds())
	return "0" + strings.Repeat(" ", max(1, width-1-columns(text))) + text
}

// picture of what an attempt was doing, over the time of the whole request.
func (t *tree) picture(k, width int) string {
	a := &t.Attempts[k]
	cells := []rune(strings.Repeat(" ", width))
	fill := func(from, to time.Duration, with rune) {
		if from == trace.Never || to == trace.Never || to < from {
			return
		}
		if from -= t.Start; from > t.length {
			cells[width-1] = goesOn
			return
		}
		first := int(int64(from) * int64(width) / int64(t.length))
		last := int(int64(min(to-t.Start, t.length)) * int64(width) / int64(t.length))
		for i := min(first, width-1); i < max(last, min(first, width-1)+1) && i < width; i++ {
			cells[i] = with
		}
	}
	last := a.Sent
	for _, at := range []time.Duration{a.Started, a.Replied, a.Ended} {
		last = max(last, at)
	}
	arrived, started, replied := last, last, last
	if a.Replied != trace.Never {
		replied = a.Replied
	}
	if a.Started != trace.Never {
		started = a.Started
	} else if a.Replied != trace.Never {
		started = replied
	}
	if a.Arrived != trace.Never {
		arrived = a.Arrived
	}
	worked := replied
	if calls := t.children[k+1]; len(calls) > 0 {
		worked = min(worked, t.Attempts[calls[0]].Sent)
	}
	if a.Kind == trace.Fallback {
		fill(a.Sent, a.Ended, atWork)
		return strings.TrimRight(string(cells), " ")
	}
	fill(a.Sent, last, onTheWay)
	if a.Arrived != trace.Never {
		if started > arrived {
			fill(arrived, started, inTheQueue)
		}
		if a.Started != trace.Never {
			if replied > worked {
				fill(worked, replied, calling)
			}
			fill(started, worked, atWork)
		}
		if a.Ended != trace.Never && replied > a.Ended {
			fill(a.Ended, replied, forNobody)
		}
	}
	return strings.TrimRight(string(cells), " ")
}
