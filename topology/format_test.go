package topology

import (
	"reflect"
	"strings"
	"testing"
)

// placeless loads a source and forgets all positions.
func placeless(t testing.TB, source Source) *Topology {
	t.Helper()
	topology, err := Load([]Source{source}, Options{Library: libraries(t)})
	if err != nil {
		t.Fatalf("%v\n%s", err, source.Data)
	}
	topology.Warnings = nil
	forgetPositions(reflect.ValueOf(topology))
	return topology
}

func forgetPositions(v reflect.Value) {
	switch v.Kind() { //nolint:exhaustive // others hold no positions
	case reflect.Pointer:
		if !v.IsNil() {
			forgetPositions(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			forgetPositions(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Pos]() {
			v.SetZero()
			return
		}
		for i := range v.NumField() {
			forgetPositions(v.Field(i))
		}
	}
}

func checkFormat(t testing.TB, source Source) {
	t.Helper()
	once, err := Format(source)
	if err != nil {
		t.Fatalf("%s: %v", source.Name, err)
	}
	twice, err := Format(Source{source.Name, once})
	if err != nil || string(twice) != string(once) {
		t.Fatalf("%s: formatting twice: %v\n%s\n---\n%s", source.Name, err, once, twice)
	}
}

func TestFormatKeepsMeaning(t *testing.T) {
	for _, source := range append(topologies(t), Source{"streaming", []byte(streaming)}) {
		checkFormat(t, source)
		out, _ := Format(source)
		a, b := placeless(t, source), placeless(t, Source{source.Name, out})
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s changed its meaning:\n%s", source.Name, out)
		}
		if a, b := strings.Count(string(source.Data), "#"), strings.Count(string(out), "#"); a != b {
			t.Errorf("%s: %d comments became %d", source.Name, a, b)
		}
	}
	for _, source := range libraries(t) {
		checkFormat(t, source)
	}
}

func TestFormat(t *testing.T) {
	const in = "\ufeff# A system.\r\nversion:   1\r\n" + `services:
    # The front.
    edge:
        work: 2ms   # measured
        instances:   {per_zone:  2}

    # The back.
    back: {work: 1ms}
    near: {work: 60s}
x-note: [a,   b]
name: demo
`
	const want = `# A system.
version: 1
name: demo
x-note: [a, b]

services:
  # The front.
  edge:
    instances: {per_zone: 2}
    work: 2ms # measured

  # The back.
  back: {work: 1ms}
  near: {work: 60s}
`
	out, err := Format(Source{"demo.yaml", []byte(in)})
	if err != nil || string(out) != want {
		t.Errorf("error %v, got\n%s", err, out)
	}
}

func TestFormatKeepsOrderWhereAnchorsNeedIt(t *testing.T) {
	const in = "version: 1\nservices:\n  b:\n    work: &w 2ms\n    startup: 1s\nnetwork: {same_zone: *w}\n"
	out, err := Format(Source{"demo.yaml", []byte(in)})
	if err != nil || strings.Index(string(out), "network") < strings.Index(string(out), "services") {
		t.Errorf("error %v, got\n%s", err, out)
	}
}
