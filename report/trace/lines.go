package trace

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// LinesVersion is the version of the format that WriteLines writes.
const LinesVersion = 1

// A record is one line; Record tells its kind, and which fields may follow.
//
//	{"record":"run","version":1,"topology":"streaming",…}
//	{"record":"span",…} {"record":"zone",…} {"record":"client",…}
//	{"record":"component",…} {"record":"event",…} {"record":"cause",…}
//	{"record":"warning",…}
//	{"record":"end","records":412}
//
// Times are in ns unless their name says otherwise; what is NaN is null.
type record struct {
	Record string `json:"record"`
}

type runRecord struct {
	record
	Version     int           `json:"version"`
	Topology    string        `json:"topology"`
	Scenario    string        `json:"scenario"`
	Description string        `json:"description"`
	Engine      string        `json:"engine"`
	Seed        uint64        `json:"seed"`
	Duration    time.Duration `json:"duration_ns"`
	Warmup      time.Duration `json:"warmup_ns"`
	Window      time.Duration `json:"window_ns"`
	Interrupted bool          `json:"interrupted"`
	Played      uint64        `json:"played"`

	Batches []time.Duration `json:"batches_ns,omitempty"`
}

type spanRecord struct {
	record
	Start time.Duration `json:"start_ns"`
	Phase string        `json:"phase"`
}

type eventRecord struct {
	record
	T      time.Duration `json:"t_ns"`
	Kind   string        `json:"kind"`
	Object string        `json:"object"`
	What   string        `json:"what"`
}

type causeRecord struct {
	record
	Component string `json:"component"`
	Reason    string `json:"reason"`
	Fault     string `json:"fault"`
	Failed    uint64 `json:"failed"`
	Degraded  uint64 `json:"degraded"`
}

type warningRecord struct {
	record
	Text string `json:"text"`
}

type endRecord struct {
	record
	Records int `json:"records"` // lines before this one
}

// WriteLines writes run as JSON lines: the run's own line, one per span, zone,
// client, component, event, cause and warning, and an end, without which a file
// is cut short.
func WriteLines(w io.Writer, run *Run) error {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	lines := 0
	var failed error
	put := func(line any) {
		if failed == nil {
			failed = enc.Encode(line)
			lines++
		}
	}
	put(runRecord{
		record{"run"},
		LinesVersion, run.Topology, run.Scenario, run.Description, run.Engine,
		run.Seed, run.Duration, run.Warmup, run.Window, run.Interrupted, run.Played, run.Batches,
	})
	for _, s := range run.Spans {
		put(spanRecord{record{"span"}, s.Start, s.Phase.String()})
	}
	for _, z := range run.Zones {
		put(zoneRecord{record{"zone"}, z.Name, z.InService, z.Capacity, z.Demand})
	}
	for _, c := range run.Clients {
		put(newClientRecord(c))
	}
	for _, c := range run.Components {
		put(newComponentRecord(c))
	}
	for _, e := range run.Events {
		put(eventRecord{record{"event"}, e.T, e.Kind, e.Object, e.What})
	}
	for _, c := range run.Causes {
		put(causeRecord{record{"cause"}, c.Component, c.Reason.String(), c.Fault, c.Failed, c.Degraded})
	}
	for _, text := range run.Warnings {
		put(warningRecord{record{"warning"}, text})
	}
	put(endRecord{record{"end"}, lines})
	if failed == nil {
		failed = b.Flush()
	}
	if failed != nil {
		return fmt.Errorf("writing the trace of %s: %w", run.Scenario, failed)
	}
	return nil
}

// ReadLines reads what WriteLines wrote. It refuses other versions, unknown
// kinds of records and a trace without an end.
func ReadLines(r io.Reader) (*Run, error) {
	dec := json.NewDecoder(r)
	run := new(Run)
	for line := 1; ; line++ {
		var raw json.RawMessage
		err := dec.Decode(&raw)
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		ended := false
		if err == nil {
			ended, err = run.read(raw, line)
		}
		if err != nil {
			return nil, fmt.Errorf("reading a trace: record %d: %w", line, err)
		}
		if ended {
			return run, nil
		}
	}
}

// read takes in the record of a line (the first is 1); ended tells that it was
// the last.
func (run *Run) read(raw json.RawMessage, line int) (ended bool, err error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		return false, err
	}
	if (r.Record == "run") != (line == 1) {
		return false, fmt.Errorf("%q: a trace begins with its one run", r.Record)
	}
	switch r.Record {
	case "run":
		return false, run.readRun(raw)
	case "span":
		return false, run.readSpan(raw)
	case "zone":
		return false, run.readZone(raw)
	case "client":
		return false, run.readClient(raw)
	case "component":
		return false, run.readComponent(raw)
	case "event":
		var e eventRecord
		err := json.Unmarshal(raw, &e)
		run.Events = append(run.Events, Event{e.T, e.Kind, e.Object, e.What})
		return false, err
	case "cause":
		return false, run.readCause(raw)
	case "warning":
		var w warningRecord
		err := json.Unmarshal(raw, &w)
		run.Warnings = append(run.Warnings, w.Text)
		return false, err
	case "end":
		var e endRecord
		if err := json.Unmarshal(raw, &e); err != nil {
			return false, err
		}
		if e.Records != line-1 {
			return false, fmt.Errorf("the end counts %d records, there are %d", e.Records, line-1)
		}
		return true, nil
	}
	return false, fmt.Errorf("%q is no kind of record", r.Record)
}

func (run *Run) readRun(raw json.RawMessage) error {
	var r runRecord
	if err := json.Unmarshal(raw, &r); err != nil {
		return err
	}
	if r.Version != LinesVersion {
		return fmt.Errorf("version %d is not supported, only %d", r.Version, LinesVersion)
	}
	run.Topology, run.Scenario, run.Description, run.Engine = r.Topology, r.Scenario, r.Description, r.Engine
	run.Seed, run.Duration, run.Warmup, run.Window = r.Seed, r.Duration, r.Warmup, r.Window
	run.Interrupted, run.Played, run.Batches = r.Interrupted, r.Played, r.Batches
	return nil
}

func (run *Run) readSpan(raw json.RawMessage) error {
	var s spanRecord
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	phase, err := phaseNamed(s.Phase)
	run.Spans = append(run.Spans, Span{s.Start, phase})
	return err
}

func (run *Run) readCause(raw json.RawMessage) error {
	var c causeRecord
	if err := json.Unmarshal(raw, &c); err != nil {
		return err
	}
	reason, err := reasonNamed(c.Reason)
	run.Causes = append(run.Causes, Cause{c.Component, reason, c.Fault, c.Failed, c.Degraded})
	return err
}
