package topology

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

func compiledSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plain turns nodes into what a JSON parser would give, merges resolved.
func plain(n *yaml.Node) any {
	n = deref(n)
	switch n.Kind { //nolint:exhaustive // scalars follow
	case yaml.DocumentNode:
		return plain(n.Content[0])
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			list[i] = plain(item)
		}
		return list
	case yaml.MappingNode:
		m := map[string]any{}
		var merged []*yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			if k := n.Content[i]; isMerge(k) {
				merged = append(merged, deref(n.Content[i+1]))
			} else {
				m[k.Value] = plain(n.Content[i+1])
			}
		}
		for _, source := range merged {
			for k, v := range plain(source).(map[string]any) {
				if _, ok := m[k]; !ok {
					m[k] = v
				}
			}
		}
		return m
	}
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int", "!!float":
		if v, err := strconv.ParseFloat(n.Value, 64); err == nil {
			return v
		}
	}
	return n.Value
}

func parsed(t testing.TB, data []byte) *yaml.Node {
	t.Helper()
	doc, _, err := decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestSchemaAcceptsValid(t *testing.T) {
	schema := compiledSchema(t)
	for _, source := range append(valid(t), Source{Name: "streaming", Data: []byte(streaming)}, Source{Name: "striking", Data: []byte(striking)}, Source{Name: "storing", Data: []byte(storing)}) {
		if err := schema.Validate(plain(parsed(t, source.Data))); err != nil {
			t.Errorf("%s: %v", source.Name, err)
		}
	}
}

// seen tells the rules that a schema can see.
func seen(rule string) bool {
	switch rule {
	case "unknown-key", "not-supported-yet", "wrong-kind", "missing-unit", "version", "bad-name", "bad-value":
		return true
	}
	return false
}

// TestSchemaAgreesWithLoad changes every value and key of a topology in several
// ways: what Load accepts the schema accepts, and what Load refuses for a reason
// that a schema can see the schema refuses.
func TestSchemaAgreesWithLoad(t *testing.T) {
	schema := compiledSchema(t)
	count := 0
	try := func(root *yaml.Node, what string) {
		count++
		data, err := yaml.Marshal(root)
		if err != nil {
			t.Fatal(err)
		}
		_, loadErr := Load([]Source{{Name: "m.yaml", Data: data}}, Options{Library: []Source{{Name: "library.yaml", Data: []byte(library)}}})
		schemaErr := schema.Validate(plain(root))
		if loadErr == nil && schemaErr != nil {
			t.Errorf("%s: Load accepts, the schema does not: %v", what, schemaErr)
		}
		var problems Errors
		if !errors.As(loadErr, &problems) || schemaErr != nil {
			return
		}
		for _, p := range problems {
			if seen(p.Rule) {
				t.Errorf("%s: the schema accepts what Load refuses: %v", what, p)
			}
		}
	}
	mutate(parsed(t, []byte(streaming)), try)
	mutate(parsed(t, []byte(striking)), try)
	mutate(parsed(t, []byte(storing)), try)
	if count < 1000 {
		t.Errorf("only %d mutations", count)
	}
}

// mutate changes one thing at a time, calls try and takes the change back.
func mutate(doc *yaml.Node, try func(root *yaml.Node, what string)) {
	replacements := []string{"{}", "[]", "7", "-1", "1.5", "text", "null", "true", "5ms", "{zz: 1}", "[[a]]"}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		for i, child := range n.Content {
			if child.Kind == yaml.AliasNode || child.Anchor != "" {
				continue
			}
			isKey := n.Kind == yaml.MappingNode && i%2 == 0
			if isKey && (isNote(child.Value) || isMerge(child)) {
				continue
			}
			if isKey {
				renamed := *child
				renamed.Value += "_zz"
				n.Content[i] = &renamed
				try(doc, fmt.Sprintf("%d:%d renamed %s", child.Line, child.Column, child.Value))
				n.Content[i] = child
				without := append(append([]*yaml.Node{}, n.Content[:i]...), n.Content[i+2:]...)
				whole := n.Content
				n.Content = without
				try(doc, fmt.Sprintf("%d:%d dropped %s", child.Line, child.Column, child.Value))
				n.Content = whole
				continue
			}
			for _, text := range replacements {
				var other yaml.Node
				if err := yaml.Unmarshal([]byte(text), &other); err != nil {
					panic(err)
				}
				n.Content[i] = other.Content[0]
				try(doc, fmt.Sprintf("%d:%d became %s", child.Line, child.Column, text))
				n.Content[i] = child
			}
			walk(child)
		}
	}
	walk(doc.Content[0])
}

func TestSchemaRefusesInvalid(t *testing.T) {
	schema := compiledSchema(t)
	for _, source := range yamlFiles(t, "../testdata/invalid") {
		doc, _, err := decode(source.Data)
		if err != nil || strings.Contains(source.Name, "alias") || strings.Contains(source.Name, "laughs") {
			continue
		}
		_, err = Load([]Source{source}, Options{})
		var problems Errors
		if !errors.As(err, &problems) {
			continue
		}
		for _, p := range problems {
			// Merges and keys are resolved before a validator sees them.
			if seen(p.Rule) && !strings.Contains(p.Message, "merges") && !strings.Contains(source.Name, "kinds") {
				if schema.Validate(plain(doc)) == nil {
					t.Errorf("the schema accepts %s in spite of %v", source.Name, p)
				}
				break
			}
		}
	}
}
