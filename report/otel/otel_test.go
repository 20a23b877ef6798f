package otel_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"testing"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/silverback-sim/silverback/report/otel"
	"github.com/silverback-sim/silverback/report/trace"
)

const ms = time.Millisecond

// sample is a request whose first attempt is given up while its call is retried.
func sample() *trace.Run {
	return &trace.Run{Topology: "shop", Scenario: "gorilla[a]", Seed: 7, Requests: []trace.Request{{
		ID: 0xabc, Client: "users", Start: 10 * ms, End: 110 * ms, Result: "timeout",
		Component: "web", Root: trace.Timeout, Fault: "gorilla", Like: 12,
		Attempts: []trace.Attempt{
			{
				Parent: -1, Component: "web", Instance: "web-1", Zone: "a", From: "a", Result: "timeout", Fault: "gorilla",
				Sent: 10 * ms, Arrived: 11 * ms, Started: 15 * ms, Replied: 130 * ms, Ended: 110 * ms,
			},
			{
				Parent: 0, Component: "db", Operation: "read", Instance: "db-2", Zone: "b", From: "a", Result: "refused",
				Sent: 20 * ms, Arrived: trace.Never, Started: trace.Never, Replied: trace.Never, Ended: 21 * ms,
			},
			{
				Parent: 0, Kind: trace.Retry, Number: 1, Component: "db", Operation: "read", Instance: "db-1", Zone: "a", From: "a",
				Sent: 22 * ms, Arrived: 23 * ms, Started: trace.Never, Replied: trace.Never, Ended: trace.Never, Fate: "died",
			},
			{
				Parent: 0, Kind: trace.Fallback, Component: "db", From: "a", Result: "ok",
				Sent: 120 * ms, Arrived: trace.Never, Started: trace.Never, Replied: trace.Never, Ended: 129 * ms,
			},
		},
	}}}
}

// read decodes what Write wrote by the published protocol, strictly: unknown
// fields, wrong types and names are errors. The one exception of OTLP, ids in
// hexadecimal, is turned back into protobuf's base64 first.
func read(t *testing.T, runs ...*trace.Run) *tracepb.TracesData {
	t.Helper()
	var b bytes.Buffer
	if err := otel.Write(&b, "v1", runs); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b.Bytes(), []byte("\n")); n != 1 {
		t.Errorf("%d lines", n)
	}
	id := regexp.MustCompile(`"(traceId|spanId|parentSpanId)":"([0-9a-f]*)"`)
	text := id.ReplaceAllFunc(b.Bytes(), func(m []byte) []byte {
		part := id.FindSubmatch(m)
		raw, err := hex.DecodeString(string(part[2]))
		if err != nil {
			t.Error(err)
		}
		return []byte(`"` + string(part[1]) + `":"` + base64.StdEncoding.EncodeToString(raw) + `"`)
	})
	d := new(tracepb.TracesData)
	if err := protojson.Unmarshal(text, d); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return d
}

func TestProtocolAcceptsIt(t *testing.T) {
	d := read(t, sample(), sample())
	spans := map[string]*tracepb.Span{}
	services := map[string]string{}
	names := map[string]int{}
	for _, r := range d.GetResourceSpans() {
		for _, a := range r.GetResource().GetAttributes() {
			if a.GetKey() == "service.name" {
				services[a.GetValue().GetStringValue()] = "there"
			}
		}
		for _, s := range r.GetScopeSpans() {
			if s.GetScope().GetName() != "silverback" {
				t.Errorf("scope %v", s.GetScope())
			}
			for _, span := range s.GetSpans() {
				if len(span.GetTraceId()) != 16 || len(span.GetSpanId()) != 8 {
					t.Errorf("ids %x %x", span.GetTraceId(), span.GetSpanId())
				}
				if span.GetEndTimeUnixNano() < span.GetStartTimeUnixNano() {
					t.Errorf("%v ends before it begins", span)
				}
				spans[string(span.GetSpanId())] = span
				names[span.GetName()+" "+span.GetKind().String()]++
			}
		}
	}
	for _, name := range []string{"users", "web", "db"} {
		if services[name] == "" {
			t.Errorf("no service %s", name)
		}
	}
	roots := 0
	for _, s := range spans {
		parent := spans[string(s.GetParentSpanId())]
		switch {
		case len(s.GetParentSpanId()) == 0:
			roots++
			if want := uint64(otel.Epoch.UnixNano() + int64(10*ms)); s.GetStartTimeUnixNano() != want {
				t.Errorf("the root begins at %d, want %d", s.GetStartTimeUnixNano(), want)
			}
			if s.GetStatus().GetCode() != tracepb.Status_STATUS_CODE_ERROR || s.GetStatus().GetMessage() != "timeout" {
				t.Errorf("the root has status %v", s.GetStatus())
			}
		case parent == nil:
			t.Errorf("%s has no parent", s.GetName())
		case parent.GetStartTimeUnixNano() > s.GetStartTimeUnixNano():
			t.Errorf("%s begins before its parent", s.GetName())
		}
	}
	if roots != 1 {
		t.Errorf("%d roots", roots)
	}
	for name, n := range map[string]int{
		"users SPAN_KIND_INTERNAL": 2, "web SPAN_KIND_CLIENT": 2, "web SPAN_KIND_SERVER": 2, "work SPAN_KIND_INTERNAL": 2,
		"queue SPAN_KIND_INTERNAL": 4, "db.read SPAN_KIND_CLIENT": 4, "db.read SPAN_KIND_SERVER": 2,
		"fallback for db SPAN_KIND_INTERNAL": 2,
	} {
		if names[name] != n {
			t.Errorf("%d of %q, want %d", names[name], name, n)
		}
		delete(names, name)
	}
	if len(names) > 0 {
		t.Errorf("also %v", names)
	}
}

// A scenario that meets the same request makes another trace of it; nothing makes
// an empty list.
func TestTracesAreTold(t *testing.T) {
	other := sample()
	other.Scenario = "gorilla[b]"
	traces := map[string]bool{}
	for _, r := range read(t, sample(), other).GetResourceSpans() {
		for _, s := range r.GetScopeSpans() {
			for _, span := range s.GetSpans() {
				traces[string(span.GetTraceId())] = true
			}
		}
	}
	if len(traces) != 2 {
		t.Errorf("%d traces", len(traces))
	}
	if d := read(t, &trace.Run{}); len(d.GetResourceSpans()) != 0 {
		t.Errorf("of nothing: %v", d)
	}
	var b bytes.Buffer
	if err := otel.Write(&b, "v1", nil); err != nil || b.String() != "{\"resourceSpans\":[]}\n" {
		t.Errorf("of nothing: %q, %v", b.String(), err)
	}
}
