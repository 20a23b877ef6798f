// Package otel writes samples of requests (trace.Request) as OpenTelemetry traces:
// one ExportTraceServiceRequest of OTLP 1 in its JSON encoding, on one line. Jaeger
// opens such a file, and the otlpjsonfile receiver of the collector reads it.
//
// The encoding is that of protobuf in JSON with the exceptions of the OTLP
// specification ("JSON Protobuf Encoding"): ids in hexadecimal, enumerations as
// numbers; 64-bit numbers are strings. Attributes have the names of the semantic
// conventions where these have one, and else begin with "silverback.".
//
// Every attempt becomes a span of kind CLIENT at its caller and, if it arrived, one
// of kind SERVER at its instance with an INTERNAL span each for the wait in the
// queue and the own work. What a client asked for is the root of its trace.
package otel

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

// Epoch is the moment of the calendar at which a run's time is 0, the end of its
// warm-up: 2000-01-01 00:00:00 UTC. Simulated time has no date of its own, and one
// that hung on the clock would make the same run another file every time.
var Epoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant

// Write writes the requests of runs of one topology.
func Write(w io.Writer, version string, runs []*trace.Run) error {
	e := exporter{doc: document{ResourceSpans: []*resourceSpans{}}, version: version}
	for _, r := range runs {
		e.run(r)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e.doc); err != nil {
		return fmt.Errorf("writing OpenTelemetry traces: %w", err)
	}
	return nil
}

// exporter builds the document. Spans of one instance share a resource.
type exporter struct {
	doc       document
	version   string
	resources map[resourceKey]*scopeSpans // of the present run
	at        *trace.Run
	request   *trace.Request
	traceID   string
	ids       uint64
}

type resourceKey struct{ service, instance string }

func (e *exporter) run(r *trace.Run) {
	e.at, e.resources = r, map[resourceKey]*scopeSpans{}
	for i := range r.Requests {
		e.oneRequest(&r.Requests[i])
	}
}

// scope is where the spans of an instance (or, without one, of a client) go.
func (e *exporter) scope(service, instance, zone string) *scopeSpans {
	k := resourceKey{service, instance}
	if s := e.resources[k]; s != nil {
		return s
	}
	attributes := []keyValue{text("service.name", service), text("service.namespace", e.at.Topology)}
	if instance != "" {
		attributes = append(attributes, text("service.instance.id", instance), text("cloud.availability_zone", zone))
	}
	attributes = append(attributes, text("silverback.scenario", e.at.Scenario), number("silverback.seed", int64(e.at.Seed)))
	s := &scopeSpans{Scope: scope{"silverback", e.version}}
	e.resources[k] = s
	e.doc.ResourceSpans = append(e.doc.ResourceSpans, &resourceSpans{resource{attributes}, []*scopeSpans{s}})
	return s
}

// id of a span: unique in its trace and never 0.
func (e *exporter) id() string {
	e.ids++
	return fmt.Sprintf("%016x", mix(e.request.ID+e.ids)|1)
}

// mix scatters (the finalizer of SplitMix64: Steele et al., OOPSLA 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (e *exporter) oneRequest(q *trace.Request) {
	e.request, e.ids = q, 0
	// The same request in another scenario, which has the same luck, is another trace.
	var scenario uint64 = 14695981039346656037 // FNV-1a
	for _, b := range []byte(e.at.Scenario) {
		scenario = (scenario ^ uint64(b)) * 1099511628211
	}
	e.traceID = fmt.Sprintf("%016x%016x", mix(scenario^e.at.Seed)|1, q.ID)
	root := e.id()
	s := e.span(e.scope(q.Client, "", ""), root, "", q.Client, kindInternal, q.Start, q.End)
	s.Attributes = append(s.Attributes, text("silverback.result", q.Result))
	if q.Component != "" {
		s.Attributes = append(s.Attributes, text("silverback.cause.component", q.Component), text("silverback.cause.reason", q.Root.String()))
		if q.Fault != "" {
			s.Attributes = append(s.Attributes, text("silverback.cause.fault", q.Fault))
		}
	}
	s.Attributes = append(s.Attributes, number("silverback.like", int64(q.Like)))
	s.fail(q.Result)
	servers := make([]string, len(q.Attempts)) // ids of the spans at the instances
	for k := range q.Attempts {
		a := &q.Attempts[k]
		caller, parent := e.scope(q.Client, "", ""), root
		if a.Parent >= 0 {
			p := &q.Attempts[a.Parent]
			caller, parent = e.scope(p.Component, p.Instance, p.Zone), servers[a.Parent]
		}
		servers[k] = e.attempt(a, caller, parent)
	}
}

// attempt writes the spans of an attempt and returns the one that what its
// instance calls belongs to.
func (e *exporter) attempt(a *trace.Attempt, caller *scopeSpans, parent string) string {
	id := e.id()
	name := a.Component
	if a.Operation != "" {
		name += "." + a.Operation
	}
	end := a.Ended
	if end == trace.Never {
		end = latest(a)
	}
	if a.Kind == trace.Fallback {
		e.span(caller, id, parent, "fallback for "+name, kindInternal, a.Sent, end)
		return id
	}
	s := e.span(caller, id, parent, name, kindClient, a.Sent, end)
	s.Attributes = append(s.Attributes, text("peer.service", a.Component), text("silverback.attempt", a.Kind.String()))
	if a.Kind == trace.Retry {
		s.Attributes = append(s.Attributes, number("silverback.retry", int64(a.Number)))
	}
	for _, pair := range [][2]string{{"silverback.result", a.Result}, {"silverback.fate", a.Fate}, {"silverback.fault", a.Fault}} {
		if pair[1] != "" {
			s.Attributes = append(s.Attributes, text(pair[0], pair[1]))
		}
	}
	s.fail(a.Result)
	if a.Arrived == trace.Never {
		return id
	}
	done := a.Replied
	if done == trace.Never {
		done = max(latest(a), a.Arrived)
	}
	at := e.scope(a.Component, a.Instance, a.Zone)
	server := e.id()
	e.span(at, server, id, name, kindServer, a.Arrived, done)
	if a.Started == trace.Never {
		e.span(at, e.id(), server, "queue", kindInternal, a.Arrived, done)
		return server
	}
	if a.Started > a.Arrived {
		e.span(at, e.id(), server, "queue", kindInternal, a.Arrived, a.Started)
	}
	worked := done
	for k := range e.request.Attempts {
		if c := &e.request.Attempts[k]; c.Parent >= 0 && &e.request.Attempts[c.Parent] == a {
			worked = min(worked, c.Sent)
			break
		}
	}
	e.span(at, e.id(), server, "work", kindInternal, a.Started, worked)
	return server
}

// latest is the last moment that is known of an attempt.
func latest(a *trace.Attempt) time.Duration {
	return max(a.Sent, a.Arrived, a.Started, a.Replied, a.Ended)
}

func (e *exporter) span(in *scopeSpans, id, parent, name string, kind int, from, to time.Duration) *span {
	s := &span{
		TraceID: e.traceID, SpanID: id, ParentSpanID: parent, Name: name, Kind: kind,
		Start: nanos(from), End: nanos(to), Status: &status{},
	}
	in.Spans = append(in.Spans, s)
	return s
}
