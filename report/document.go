// Package report turns what runs left behind (report/trace) into figures: the
// results document, a table for spreadsheets and a summary for a person.
//
// The document's JSON is the contract of the reference, "Results": seconds and
// plain numbers, null where something cannot be said, members in the order of
// the topology. Nothing here draws (see report/plot) or judges objectives.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/topology"
)

// FormatVersion is the version of the results document.
const FormatVersion = 1

// Document holds the results of one command: a run per scenario variant.
type Document struct {
	Version  int       `json:"version"`
	Topology string    `json:"topology"`
	Seed     uint64    `json:"seed"`
	Runs     []*Result `json:"runs"`
}

// Result is what one scenario variant did to the system. Times are seconds from
// the end of the warm-up.
type Result struct {
	Scenario     string            `json:"scenario"`
	Engine       string            `json:"engine"`
	Replications int               `json:"replications"`
	Interval     string            `json:"interval,omitempty"` // how intervals were found
	Duration     Number            `json:"duration"`           // s, shorter than asked if interrupted
	Warmup       Number            `json:"warmup"`             // s before that, not reported
	Events       uint64            `json:"events"`             // of the engine, as a measure of work
	Clients      Named[*Client]    `json:"clients"`
	Components   Named[*Component] `json:"components"`
	Causes       []Cause           `json:"causes"`
	Objectives   []Verdict         `json:"objectives"`
	Series       Series            `json:"series"`
	EventLog     []Event           `json:"event_log"`
	Warnings     []Warning         `json:"warnings"`
	Collapse     *Collapse         `json:"collapse,omitempty"` // with replications
	Comeback     *Comeback         `json:"comeback,omitempty"` // if it stayed down

	// What the summary for a person needs besides; not in the document.
	Description string       `json:"-"`
	Spans       []trace.Span `json:"-"`
	Dispensable []string     `json:"-"` // components that no request needs

	faultsOver time.Duration // when the last fault was over; 0 if the run did not see it

	around     *Aggregate               // of replications; nil for one run
	inRun      map[string]stat.Interval // of one run, by pathKey; nil if it has none
	confidence float64                  // of the intervals
}

// Cause counts client requests by the root of their failure or degradation.
// Fault is the kind of the fault that was active, empty for none.
type Cause struct {
	Component string `json:"component"`
	Reason    string `json:"reason"`
	Fault     string `json:"fault"`
	Failed    Number `json:"failed"`
	Degraded  Number `json:"degraded"`
}

// Verdict is what became of one objective.
type Verdict struct {
	Text    string `json:"text"`
	Value   Number `json:"value"`
	Low     Number `json:"low"`
	High    Number `json:"high"`
	Verdict string `json:"verdict"`         // pass | fail | inconclusive
	Basis   string `json:"basis,omitempty"` // replications | one run | value

	Objective *topology.Objective `json:"-"`
}

// Event is a notable change.
type Event struct {
	T      Number `json:"t"` // s
	Kind   string `json:"kind"`
	Object string `json:"object"`
	What   string `json:"what"`
}

// NewDocument summarizes runs of one topology, in their order.
func NewDocument(t *topology.Topology, seed uint64, runs []*trace.Run) *Document {
	doc := &Document{Version: FormatVersion, Topology: t.Name, Seed: seed, Runs: []*Result{}}
	for _, run := range runs {
		r := Summarize(t, run)
		judge := NewJudge(t, run.Scenario)
		judge.Add(r)
		r.bound(run, stat.Confidence)
		r.Objectives = judge.verdictsWithin(r)
		doc.Runs = append(doc.Runs, r)
	}
	return doc
}

// WriteJSON writes doc on one line.
func WriteJSON(w io.Writer, doc *Document) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("writing the results: %w", err)
	}
	return nil
}

// ReadJSON reads what WriteJSON wrote.
func ReadJSON(r io.Reader) (*Document, error) {
	doc := new(Document)
	if err := json.NewDecoder(r).Decode(doc); err != nil {
		return nil, fmt.Errorf("reading results: %w", err)
	}
	if doc.Version != FormatVersion {
		return nil, fmt.Errorf("reading results: version %d is not supported, only %d", doc.Version, FormatVersion)
	}
	return doc, nil
}
