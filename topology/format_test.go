package topology

import (
	"reflect"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
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
	twice, err := Format(Source{Name: source.Name, Data: once})
	if err != nil || string(twice) != string(once) {
		t.Fatalf("%s: formatting twice: %v\n%s\n---\n%s", source.Name, err, once, twice)
	}
}

func TestFormatKeepsMeaning(t *testing.T) {
	for _, source := range append(topologies(t), Source{Name: "streaming", Data: []byte(streaming)}, Source{Name: "striking", Data: []byte(striking)}, Source{Name: "storing", Data: []byte(storing)}) {
		checkFormat(t, source)
		out, _ := Format(source)
		a, b := placeless(t, source), placeless(t, Source{Name: source.Name, Data: out})
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
	out, err := Format(Source{Name: "demo.yaml", Data: []byte(in)})
	if err != nil || string(out) != want {
		t.Errorf("error %v, got\n%s", err, out)
	}
}

func TestFormatKeepsOrderWhereAnchorsNeedIt(t *testing.T) {
	const in = "version: 1\nservices:\n  b:\n    work: &w 2ms\n    startup: 1s\nnetwork: {same_zone: *w}\n"
	out, err := Format(Source{Name: "demo.yaml", Data: []byte(in)})
	if err != nil || strings.Index(string(out), "network") < strings.Index(string(out), "services") {
		t.Errorf("error %v, got\n%s", err, out)
	}
}

// shuffle puts the keys of all objects of the language into another order and
// comments here and there.
func shuffle(t *rapid.T, n *yaml.Node, s *shape) {
	s = fitting(n, s)
	if s == nil {
		return
	}
	if s.kind == objectShape {
		var pairs [][2]*yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			pairs = append(pairs, [2]*yaml.Node{n.Content[i], n.Content[i+1]})
		}
		n.Content = n.Content[:0]
		for _, p := range rapid.Permutation(pairs).Draw(t, "order") {
			n.Content = append(n.Content, p[0], p[1])
			if k := s.find(p[0].Value); k != nil && !k.isLater() {
				shuffle(t, p[1], k.value)
			}
		}
	}
	for i, child := range n.Content {
		switch {
		case s.kind == listShape:
			shuffle(t, child, s.items)
		case s.kind == mapShape && i%2 == 1:
			shuffle(t, child, s.items)
		case i%2 == 0 && n.Style&yaml.FlowStyle == 0 && rapid.IntRange(0, 3).Draw(t, "comment") == 0:
			child.HeadComment = "# about " + child.Value
		}
	}
}

func TestOrderOfKeysHasNoMeaning(t *testing.T) {
	// Anchors must stand before their aliases, whatever the order.
	anyOrder(t, strings.ReplaceAll(streaming, "<<: *call", "retries: {max: 1, backoff: {initial: 20ms}}, timeout: 100ms"))
	anyOrder(t, striking)
	anyOrder(t, storing)
}

func anyOrder(t *testing.T, text string) {
	t.Helper()
	want := placeless(t, Source{Name: "streaming", Data: []byte(text)})
	rapid.Check(t, func(rt *rapid.T) {
		doc := parsed(t, []byte(text))
		shuffle(rt, doc.Content[0], fileShape())
		shuffled, err := yaml.Marshal(doc)
		if err != nil {
			rt.Fatal(err)
		}
		source := Source{Name: "shuffled", Data: shuffled}
		if got := placeless(t, source); !reflect.DeepEqual(got, want) {
			rt.Fatalf("the order of keys changed the meaning:\n%s", shuffled)
		}
		once, err := Format(source)
		if err != nil {
			rt.Fatalf("%v\n%s", err, shuffled)
		}
		if got := placeless(t, Source{Name: "formatted", Data: once}); !reflect.DeepEqual(got, want) {
			rt.Fatalf("formatting changed the meaning:\n%s", once)
		}
		if twice, err := Format(Source{Name: "formatted", Data: once}); err != nil || string(twice) != string(once) {
			rt.Fatalf("formatting twice: %v\n%s\n%s", err, once, twice)
		}
	})
}

func TestFormatNeverDropsComments(t *testing.T) {
	for _, text := range []string{
		"# a\n\n# b\nversion: 1 # c\n# d\n",
		"version: 1\nzones: # a\n  # b\n  - z # c\n  # d\n",
		"version: 1\nzones: [ # a\n  z, # b\n  y # c\n  # d\n]\n",
		"version: 1\nnetwork: { # a\n  # b\n  loss: 1%, # c\n}\n# d\n",
		"version: 1\nservices:\n  # a\n\n  # b\n  s: # c\n\n    # d\n    work: 1ms\n\n  # e\n\n# f\n",
		"version: 1\ndescription: | # a\n  text # no comment\n# b\nname: x\n",
		"version: 1\nzones:\n- # a\n  z\n-\n  # b\n  y\n",
		"# a\n---\n# b\nversion: 1\n... # c\n# d\n",
		"version: # a\n  1\n? name # b\n: # c\n  x\n",
	} {
		out, err := Format(Source{Name: "c.yaml", Data: []byte(text)})
		if err == nil && strings.Count(string(out), "#") != strings.Count(text, "#") {
			t.Errorf("%q became %q", text, out)
		}
		if err != nil {
			t.Logf("refused: %q", text)
		}
	}
}
