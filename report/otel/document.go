package otel

import (
	"strconv"
	"time"
)

// The messages of opentelemetry/proto/trace/v1/trace.proto that are used.

type document struct {
	ResourceSpans []*resourceSpans `json:"resourceSpans"`
}

type resourceSpans struct {
	Resource   resource      `json:"resource"`
	ScopeSpans []*scopeSpans `json:"scopeSpans"`
}

type resource struct {
	Attributes []keyValue `json:"attributes"`
}

type scopeSpans struct {
	Scope scope   `json:"scope"`
	Spans []*span `json:"spans"`
}

type scope struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

type span struct {
	TraceID      string     `json:"traceId"`
	SpanID       string     `json:"spanId"`
	ParentSpanID string     `json:"parentSpanId,omitempty"`
	Name         string     `json:"name"`
	Kind         int        `json:"kind"`
	Start        string     `json:"startTimeUnixNano"`
	End          string     `json:"endTimeUnixNano"`
	Attributes   []keyValue `json:"attributes,omitempty"`
	Status       *status    `json:"status"`
}

// Kinds of spans.
const (
	kindInternal = 1
	kindServer   = 2
	kindClient   = 3
)

type status struct {
	Message string `json:"message,omitempty"`
	Code    int    `json:"code,omitempty"`
}

const statusError = 2

// fail gives a span the status of its result; what has none or is answered stays
// unset, as instrumentation leaves it.
func (s *span) fail(result string) {
	if result != "" && result != "ok" && result != "degraded" {
		s.Status = &status{Message: result, Code: statusError}
		s.Attributes = append(s.Attributes, text("error.type", result))
	}
}

type keyValue struct {
	Key   string `json:"key"`
	Value value  `json:"value"`
}

type value struct {
	String *string `json:"stringValue,omitempty"`
	Int    string  `json:"intValue,omitempty"`
}

func text(key, s string) keyValue { return keyValue{key, value{String: &s}} }

func number(key string, n int64) keyValue {
	return keyValue{key, value{Int: strconv.FormatInt(n, 10)}}
}

// nanos is a moment of a run in ns since 1970.
func nanos(t time.Duration) string { return strconv.FormatInt(Epoch.UnixNano()+int64(t), 10) }
