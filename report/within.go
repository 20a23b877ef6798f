package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// part is a stretch of one run whose figures may have intervals.
type part struct {
	words    string
	paths    [][]string // of its figures, below a client or a component
	phases   []trace.Phase
	from, to int // batches
}

// parts of a run: all of a healthy one, or else what was before the faults, their
// time and the recovery. The whole of a run with faults is a mixture.
func parts(run *trace.Run) []part {
	of := func(in ...trace.Phase) (from, to int) {
		from = -1
		for k, start := range run.Batches {
			if slices.Contains(in, phaseAt(run.Spans, start)) {
				if from < 0 {
					from = k
				}
				to = k + 1
			}
		}
		return max(from, 0), to
	}
	list := []part{
		{words: "before the faults", paths: [][]string{{"phases", "before"}}, phases: []trace.Phase{trace.Before}},
		{words: "during the fault", paths: [][]string{{"phases", "fault"}}, phases: []trace.Phase{trace.Undetected, trace.Detected}},
		{words: "in recovery", paths: [][]string{{"phases", "recovery"}}, phases: []trace.Phase{trace.Recovery}},
	}
	var some []part
	for _, p := range list {
		if p.from, p.to = of(p.phases...); p.to > 0 {
			some = append(some, p)
		}
	}
	if len(some) == 1 && some[0].phases[0] == trace.Before {
		some[0].words, some[0].paths = "", append(some[0].paths, nil)
	}
	return some
}

func phaseAt(spans []trace.Span, t time.Duration) trace.Phase {
	phase := trace.Before
	for _, s := range spans {
		if s.Start <= t {
			phase = s.Phase
		}
	}
	return phase
}

// bounder finds the intervals of one run.
type bounder struct {
	confidence  float64
	lengths     []float64 // of the batches, s
	found       map[string]stat.Interval
	least, most int // batches of a figure
}

// bound finds what one run says of the error of its figures: batch means (see
// stat.WithinRun) of every part of it. They hold for the luck of its seed; what
// happens once, such as a fault, may go otherwise with another. Where there is no
// interval, a warning says why.
func (r *Result) bound(run *trace.Run, confidence float64) {
	b := &bounder{confidence: confidence, found: map[string]stat.Interval{}}
	for k, start := range run.Batches {
		end := run.Duration
		if k+1 < len(run.Batches) {
			end = run.Batches[k+1]
		}
		b.lengths = append(b.lengths, (end - start).Seconds())
	}
	for _, p := range parts(run) {
		for _, c := range run.Clients {
			if d := b.client(c, &p); len(d) > 0 {
				r.Warnings = append(r.Warnings, Warning{WarnNoInterval, c.Name, d.text(c.Name, &p)})
			}
		}
		if len(run.Clients) > 1 {
			b.client(everyClient(run), &p)
		}
		for _, c := range run.Components {
			b.component(c, &p)
		}
	}
	if len(b.found) == 0 {
		return
	}
	r.inRun, r.confidence = b.found, confidence
	r.Interval = fmt.Sprintf("batch means, %d batches", b.most)
	if b.least < b.most {
		r.Interval = fmt.Sprintf("batch means, %d to %d batches", b.least, b.most)
	}
}

// everyClient is the sum of all under no name.
func everyClient(run *trace.Run) *trace.Client {
	all := &trace.Client{Batches: make([]trace.Outcomes, len(run.Batches))}
	for _, c := range run.Clients {
		for k := range c.Batches {
			all.Batches[k].Add(&c.Batches[k])
		}
		for p := range c.Phases {
			all.Phases[p].Add(&c.Phases[p])
			all.Answered[p] += c.Answered[p]
		}
	}
	return all
}

// doubts are the figures without an interval, with the reason.
type doubts []doubt

type doubt struct {
	figure string
	why    stat.Doubt
}

// clientFigures is how many figures of a client are told if they have no interval.
const clientFigures = 8

// text names the figures reason by reason.
func (d doubts) text(name string, p *part) string {
	if p.words != "" {
		name += " " + p.words
	}
	var reasons []string
	for _, why := range [...]stat.Doubt{stat.TooShort, stat.Empty, stat.Correlated, stat.Unsettled} {
		var figures []string
		for _, x := range d {
			if x.why == why {
				figures = append(figures, x.figure)
			}
		}
		if len(figures) == clientFigures {
			figures = []string{"any figure"}
		}
		if len(figures) > 0 {
			reasons = append(reasons, fmt.Sprintf("%s (%s)", strings.Join(figures, ", "), why))
		}
	}
	return fmt.Sprintf("%s: no interval within this one run of %s; use --replications", name, strings.Join(reasons, ", "))
}

// figures of one client or component in one part.
type boundFigures struct {
	*bounder
	part  *part
	under []string
	worth float64
	doubts
}

// add the interval of a ratio around the figure that the run has; named ones are
// told where they have none.
func (f *boundFigures) add(path []string, name string, value float64, w stat.Within, of func(w *stat.Within) (stat.Interval, bool), low, high float64) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return
	}
	i, ok := of(&w)
	if !ok {
		why := w.Doubt
		if why == "" {
			why = stat.TooShort
		}
		if name != "" {
			f.doubts = append(f.doubts, doubt{name, why})
		}
		return
	}
	if f.least == 0 || w.Batches < f.least {
		f.least = w.Batches
	}
	f.most = max(f.most, w.Batches)
	for _, p := range f.part.paths {
		f.found[pathKey(slices.Concat(f.under, p, path)...)] = stat.Interval{Low: max(i.Low, low), High: min(i.High, high)}
	}
}

// ratio of two sums over batches; share tells whether it counts a part of the
// other.
func (f *boundFigures) ratio(path []string, name string, value float64, numerator, denominator []float64, share bool, high float64) {
	w := stat.WithinRun(numerator, denominator, share, f.worth/worthPerMean)
	w.Value = value
	f.add(path, name, value, w, func(w *stat.Within) (stat.Interval, bool) { return w.Interval(f.confidence) }, 0, high)
}

// worthPerMean: a mean, and a share, rest on the fifteenth of the answers that
// vary most, somewhat more than the 90th percentile does.
const worthPerMean = 15

// latencies of the answers, whose histogram is that of the whole part.
func (f *boundFigures) latencies(tell bool, all *trace.Histogram, batches []trace.Outcomes) {
	answers := column64(batches, func(o *trace.Outcomes) float64 { return float64(o.Latency.Count) })
	upTo := func(x float64) []float64 {
		return column64(batches, func(o *trace.Outcomes) float64 { return o.Latency.Within(x) })
	}
	f.worth = 0
	if all.Count == 0 {
		return
	}
	f.worth = stat.Worth(upTo(all.Quantile(0.5)), answers)
	name := func(s string) string {
		if tell {
			return s
		}
		return ""
	}
	f.ratio([]string{"latency", "mean"}, name("mean latency"), all.Mean(),
		column64(batches, func(o *trace.Outcomes) float64 { return o.Latency.Sum / 1e9 }), answers, false, math.Inf(1))
	for _, q := range [...]struct {
		path, name string
		order      float64
	}{{"p50", "p50", 0.5}, {"p90", "p90", 0.9}, {"p95", "p95", 0.95}, {"p99", "p99", 0.99}, {"p999", "p99.9", 0.999}} {
		x := all.Quantile(q.order)
		w := stat.WithinRun(upTo(x), answers, true, f.worth*(1-q.order))
		f.add([]string{"latency", q.path}, name(q.name), x, w, func(w *stat.Within) (stat.Interval, bool) {
			orders, ok := w.QuantileOrders(q.order, f.confidence)
			return stat.Interval{Low: all.Quantile(orders.Low), High: all.Quantile(orders.High)}, ok
		}, 0, math.Inf(1))
	}
}

// shares of what was asked that was answered.
func (f *boundFigures) shares(tell bool, all *trace.Outcomes, batches []trace.Outcomes, strict bool) {
	name := ""
	if tell {
		name = "availability"
	}
	ended := column64(batches, func(o *trace.Outcomes) float64 { return float64(o.OK + o.Degraded + o.FailedTotal()) })
	f.ratio([]string{"availability"}, name, float64(availability(all)),
		column64(batches, func(o *trace.Outcomes) float64 { return float64(o.OK + o.Degraded) }), ended, true, 1)
	if strict {
		f.ratio([]string{"strict_availability"}, "", float64(strictAvailability(all)),
			column64(batches, func(o *trace.Outcomes) float64 { return float64(o.OK) }), ended, true, 1)
	}
}

func column64[T any](of []T, x func(*T) float64) []float64 {
	column := make([]float64, len(of))
	for k := range of {
		column[k] = x(&of[k])
	}
	return column
}

func (b *bounder) client(c *trace.Client, p *part) doubts {
	var all trace.Outcomes
	var answered uint64
	for _, phase := range p.phases {
		all.Add(&c.Phases[phase])
		answered += c.Answered[phase]
	}
	batches := c.Batches[p.from:p.to]
	lengths := b.lengths[p.from:p.to]
	f := &boundFigures{bounder: b, part: p, under: []string{"clients", c.Name}}
	f.latencies(true, &all.Latency, batches)
	f.shares(true, &all, batches, true)
	good := column64(batches, func(o *trace.Outcomes) float64 { return float64(o.OK + o.Degraded) })
	var time float64
	for _, length := range lengths {
		time += length
	}
	f.ratio([]string{"goodput"}, "goodput", float64(answered)/time, good, lengths, false, math.Inf(1))
	return f.doubts
}

func (b *bounder) component(c *trace.Component, p *part) {
	var all trace.Outcomes
	var use trace.Use
	for _, phase := range p.phases {
		all.Add(&c.Phases[phase])
		use.Add(c.Use[phase])
	}
	batches := make([]trace.Outcomes, 0, p.to-p.from)
	for k := range c.Batches[p.from:p.to] {
		batches = append(batches, c.Batches[p.from+k].Outcomes)
	}
	f := &boundFigures{bounder: b, part: p, under: []string{"components", c.Name}}
	f.latencies(false, &all.Latency, batches)
	f.shares(false, &all, batches, false)
	of := func(x func(u *trace.Use) float64) []float64 {
		return column64(c.Batches[p.from:p.to], func(b *trace.ComponentBatch) float64 { return x(&b.Use) })
	}
	time := of(func(u *trace.Use) float64 { return u.Time })
	if use.Slots > 0 {
		f.ratio([]string{"utilization"}, "", use.Busy/use.Slots, of(func(u *trace.Use) float64 { return u.Busy }), of(func(u *trace.Use) float64 { return u.Slots }), false, 1)
	}
	f.ratio([]string{"in_service", "mean"}, "", use.InService/use.Time, of(func(u *trace.Use) float64 { return u.InService }), time, false, math.Inf(1))
	f.ratio([]string{"queue", "mean"}, "", use.Queue/use.Time, of(func(u *trace.Use) float64 { return u.Queue }), time, false, math.Inf(1))
}

// boundOf is the interval of what an objective judges, if one run has it.
func (r *Result) boundOf(o *topology.Objective) (i stat.Interval, ok bool) {
	if r.inRun == nil {
		return i, false
	}
	around := func(kind, name string, path ...string) (stat.Interval, bool) {
		under := []string{kind, name}
		if o.During != "" && o.During != "all" {
			under = append(under, "phases", o.During)
		}
		return r.Around(append(under, path...)...)
	}
	path := []string{o.Metric}
	switch o.Metric {
	case "latency":
		path = append(path, strings.ReplaceAll(o.Quantile, ".", ""))
	case "instances":
		path = []string{"in_service", "mean"}
	case "availability", "strict_availability", "goodput", "utilization":
	default:
		return i, false
	}
	if _, service := r.Components.Get(o.Service); service {
		return around("components", o.Service, path...)
	}
	if o.Of != "" || len(r.Clients) == 1 {
		return around("clients", r.Clients[max(0, slices.IndexFunc(r.Clients, func(c Entry[*Client]) bool { return c.Name == o.Of }))].Name, path...)
	}
	if o.Metric != "latency" {
		return around("clients", "", path...)
	}
	for k, c := range r.Clients { // of the slowest, whichever it is
		of, known := around("clients", c.Name, path...)
		if !known {
			return i, false
		}
		if k == 0 {
			i = of
		}
		i = stat.Interval{Low: max(i.Low, of.Low), High: max(i.High, of.High)}
	}
	return i, len(r.Clients) > 0
}
