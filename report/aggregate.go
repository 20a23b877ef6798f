package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/silverback-sim/silverback/report/stat"
)

// Aggregate gathers the results of one variant over independent replications: of
// every figure its mean and an interval. It keeps sums, not results, so its size
// does not depend on how many there are.
type Aggregate struct {
	n        int
	first    *Result
	figures  *figures
	causes   map[Cause]*[2]stat.Running // failed and degraded, by what identifies a cause
	warnings []Warning
	events   uint64
}

// NewAggregate is empty.
func NewAggregate() *Aggregate {
	return &Aggregate{figures: newFigures(), causes: map[Cause]*[2]stat.Running{}, warnings: []Warning{}}
}

// gathered is the part of a result that consists of figures.
type gathered struct {
	Duration   Number            `json:"duration"`
	Clients    Named[*Client]    `json:"clients"`
	Components Named[*Component] `json:"components"`
	Series     Series            `json:"series"`
}

// Add the result of one more replication. Results must be of one variant.
func (a *Aggregate) Add(r *Result) {
	if err := a.figures.gather(gathered{r.Duration, r.Clients, r.Components, r.Series}, a.n); err != nil {
		panic(fmt.Sprintf("report: a result cannot be gathered: %v", err))
	}
	if a.first == nil {
		a.first = r
	}
	a.addCauses(r)
	for _, w := range r.Warnings {
		if !slices.ContainsFunc(a.warnings, func(have Warning) bool { return have.Rule == w.Rule && have.Object == w.Object }) {
			a.warnings = append(a.warnings, w)
		}
	}
	a.events += r.Events
	a.n++
}

func (a *Aggregate) addCauses(r *Result) {
	seen := map[Cause]bool{}
	for _, c := range r.Causes {
		key := Cause{Component: c.Component, Reason: c.Reason, Fault: c.Fault}
		seen[key] = true
		sums := a.causes[key]
		if sums == nil {
			sums = &[2]stat.Running{}
			for range a.n {
				sums[0].Add(0)
				sums[1].Add(0)
			}
			a.causes[key] = sums
		}
		sums[0].Add(float64(c.Failed))
		sums[1].Add(float64(c.Degraded))
	}
	for key, sums := range a.causes {
		if !seen[key] {
			sums[0].Add(0)
			sums[1].Add(0)
		}
	}
}

// N is how many replications were gathered.
func (a *Aggregate) N() int { return a.n }

// Find the samples of a figure by its path in the results, such as
// "clients", "members", "phases", "fault", "availability"; nil if there is none.
func (a *Aggregate) Find(path ...string) *stat.Running { return a.figures.find(path...) }

// Result with the means of all replications, whose JSON has an interval of the
// given confidence beside every figure. What is no figure (events, phases) is
// that of the first replication. One replication is its own result.
func (a *Aggregate) Result(confidence float64) *Result {
	if a.n == 1 {
		return a.first
	}
	r := *a.first
	r.Replications, r.Events, r.Warnings = a.n, a.events, a.warnings
	var b bytes.Buffer
	a.figures.means(&b, beside{})
	var g gathered
	if err := json.Unmarshal(b.Bytes(), &g); err != nil {
		panic(fmt.Sprintf("report: gathered figures cannot be read: %v", err))
	}
	r.Duration, r.Clients, r.Components, r.Series = g.Duration, g.Clients, g.Components, g.Series
	r.Causes = a.meanCauses()
	r.around, r.confidence, r.Interval = a, confidence, overReplications
	return &r
}

func (a *Aggregate) meanCauses() []Cause {
	causes := make([]Cause, 0, len(a.causes))
	for c, sums := range a.causes {
		c.Failed, c.Degraded = Number(sums[0].Summary().Mean), Number(sums[1].Summary().Mean)
		causes = append(causes, c)
	}
	slices.SortFunc(causes, func(x, y Cause) int {
		return cmp.Or(cmp.Compare(y.Failed, x.Failed), cmp.Compare(y.Degraded, x.Degraded),
			cmp.Compare(x.Component, y.Component), cmp.Compare(x.Reason, y.Reason), cmp.Compare(x.Fault, y.Fault))
	})
	return causes
}

// overReplications is how the intervals of several replications were found.
const overReplications = "Student's t over replications"

// Around is the interval of a figure, given by its path; ok is false if a single
// run has none (see bound), or the figure could be said in fewer than two
// replications.
func (r *Result) Around(path ...string) (i stat.Interval, ok bool) {
	if r.inRun != nil {
		i, ok = r.inRun[pathKey(path...)]
		return i, ok
	}
	if r.around == nil {
		return i, false
	}
	samples := r.around.Find(path...)
	if samples == nil || samples.N() < 2 {
		return i, false
	}
	return samples.Summary().Interval(r.confidence), true
}

// MarshalJSON writes the document of the reference, with intervals if there are
// any.
func (r *Result) MarshalJSON() ([]byte, error) {
	type plain Result
	if r.around == nil && r.inRun == nil {
		return marshal((*plain)(r))
	}
	var b bytes.Buffer
	if r.around != nil {
		r.around.figures.means(&b, beside{confidence: r.confidence})
	} else {
		f := newFigures()
		if err := f.gather(gathered{r.Duration, r.Clients, r.Components, r.Series}, 0); err != nil {
			return nil, err
		}
		f.means(&b, beside{confidence: r.confidence, within: r.inRun})
	}
	var parts struct {
		Duration   json.RawMessage `json:"duration"`
		Clients    json.RawMessage `json:"clients"`
		Components json.RawMessage `json:"components"`
		Series     json.RawMessage `json:"series"`
	}
	if err := json.Unmarshal(b.Bytes(), &parts); err != nil {
		return nil, err
	}
	return marshal(struct {
		Scenario     string          `json:"scenario"`
		Engine       string          `json:"engine"`
		Replications int             `json:"replications"`
		Confidence   float64         `json:"confidence"`
		Interval     string          `json:"interval"`
		Duration     json.RawMessage `json:"duration"`
		Warmup       Number          `json:"warmup"`
		Events       uint64          `json:"events"`
		Clients      json.RawMessage `json:"clients"`
		Components   json.RawMessage `json:"components"`
		Causes       []Cause         `json:"causes"`
		Objectives   []Verdict       `json:"objectives"`
		Series       json.RawMessage `json:"series"`
		EventLog     []Event         `json:"event_log"`
		Warnings     []Warning       `json:"warnings"`
		Collapse     *Collapse       `json:"collapse,omitempty"`
	}{
		r.Scenario, r.Engine, r.Replications, r.confidence, r.Interval, parts.Duration, r.Warmup, r.Events,
		parts.Clients, parts.Components, r.Causes, r.Objectives, parts.Series, r.EventLog, r.Warnings, r.Collapse,
	})
}

// marshal without escapes for HTML: objectives hold < and >.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
