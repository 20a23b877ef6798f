package topology

import (
	"encoding/json"
	"fmt"
)

// Schema returns the language as accepted now as a JSON Schema (draft 2020-12),
// for editors. It sees words, kinds and the form of quantities; what depends on
// other places of a file (dangling names, cycles, sums) only Load sees.
func Schema() []byte {
	b := schemaBuilder{defs: map[string]any{}}
	root := b.build(fileShape())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "silverback topology, version 1"
	root["$defs"] = b.defs
	data, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("topology: the schema is made of plain values: %v", err))
	}
	return append(data, '\n')
}

// node is one schema. Go writes the keys of a map in order.
type node = map[string]any

type schemaBuilder struct {
	defs map[string]any
}

// build returns the schema of a shape: in place, or a reference to $defs.
func (b *schemaBuilder) build(s *shape) node {
	if s.def == "" {
		return b.inPlace(s)
	}
	if _, ok := b.defs[s.def]; !ok {
		b.defs[s.def] = nil // taken
		b.defs[s.def] = b.inPlace(s)
	}
	return node{"$ref": "#/$defs/" + s.def}
}

func (b *schemaBuilder) inPlace(s *shape) node {
	schema := b.body(s)
	if s.doc != "" {
		schema["description"] = s.doc
	}
	return schema
}

func (b *schemaBuilder) body(s *shape) node {
	switch s.kind {
	case objectShape:
		return b.object(s)
	case mapShape:
		pattern := namePattern
		if s.dotted {
			pattern = targetPattern
		}
		return atLeast(b.keyed(pattern, s.items), "minProperties", s.least)
	case quantileShape:
		schema := b.keyed(`^[0-9]+(\.[0-9]+)?$`, duration())
		schema["required"] = []string{"0", "100"}
		return schema
	case matrixShape:
		return atLeast(b.keyed(matrixPattern, distribution()), "minProperties", 1)
	case listShape:
		return atLeast(node{"type": "array", "items": b.build(s.items)}, "minItems", s.least)
	case anyShape:
		choices := make([]node, len(s.any))
		for i, one := range s.any {
			choices[i] = b.build(one)
		}
		return node{"anyOf": choices}
	default:
		return scalarSchema(s)
	}
}

func atLeast(schema node, key string, least int) node {
	if least > 0 {
		schema[key] = least
	}
	return schema
}

// object lists the keys that are accepted now.
func (b *schemaBuilder) object(s *shape) node {
	properties := node{}
	var required []string
	for _, k := range s.keys {
		if k.isLater() {
			continue
		}
		schema := b.build(k.value)
		schema["title"] = k.name
		schema["description"] = k.doc
		properties[k.name] = schema
		if k.required {
			required = append(required, k.name)
		}
	}
	schema := node{
		"type":                 "object",
		"properties":           properties,
		"patternProperties":    node{"^x-": node{}},
		"additionalProperties": false,
	}
	if required != nil {
		schema["required"] = required
	}
	var choices []node
	for _, k := range s.only {
		choices = append(choices, node{"required": []string{k}})
	}
	for _, group := range s.groups {
		choices = append(choices, node{"required": group})
	}
	if choices != nil {
		schema["oneOf"] = choices
	}
	return schema
}

// keyed is a mapping whose keys match a pattern.
func (b *schemaBuilder) keyed(pattern string, items *shape) node {
	return node{
		"type":                 "object",
		"patternProperties":    node{"^x-": node{}, pattern: b.build(items)},
		"additionalProperties": false,
	}
}

// The patterns of names leave out what begins with x-, without a lookahead,
// which not every validator has.
const (
	nameBody      = `([a-wyz0-9][a-z0-9-]{0,62}|x([a-z0-9][a-z0-9-]{0,61})?)`
	namePattern   = `^` + nameBody + `$`
	targetPattern = `^` + nameBody + `(\.` + nameBody + `)?$`
	matrixPattern = `^` + nameBody + `>` + nameBody + `$`

	numberBody      = `[0-9]+(\.[0-9]+)?`
	durationBody    = `(0|(` + numberBody + `d)?(` + numberBody + `h)?(` + numberBody + `m)?(` + numberBody + `s)?(` + numberBody + `ms)?(` + numberBody + `us)?)`
	durationPattern = `^` + durationBody + `$`
	rateBody        = numberBody + `[kMG]?/(s|min|h|d)`
	percentBody     = `(0*100(\.0+)?|0*[0-9]{1,2}(\.[0-9]+)?)%`
	shareBody       = `(` + percentBody + `|0*1(\.0+)?|0+(\.[0-9]+)?)`
	ratioBody       = `-?` + numberBody + `%?`
	plainBody       = `[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?`
	// percentilePattern is p50 to p99.
	percentilePattern = `^p[5-9][0-9]$`
	hoursPattern      = `^([0-9]|[01][0-9]|2[0-4])-([0-9]|[01][0-9]|2[0-4])$`
	daysBody          = `(mon|tue|wed|thu|fri|sat|sun)`
	daysPattern       = `^` + daysBody + `(-` + daysBody + `)?$`
	zoneinfoPattern   = `^[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*)*$`
	operator          = `(>=|<=|>|<) *`
)

func scalarSchema(s *shape) node {
	matching := func(pattern string) node { return node{"type": "string", "pattern": pattern} }
	switch s.kind {
	case nameShape:
		return matching(namePattern)
	case targetShape:
		return matching(targetPattern)
	case durationShape:
		text := matching(durationPattern)
		text["minLength"] = 1
		text["examples"] = []string{"250us", "5ms", "1.5s", "1h30m", "7d"}
		return node{"anyOf": []node{text, {"const": 0}}}
	case rateShape:
		return matching(`^` + rateBody + `$`)
	case shareShape:
		return node{"anyOf": []node{matching(`^` + shareBody + `$`), {"type": "number", "minimum": 0, "maximum": 1}}}
	case weightShape:
		return node{"anyOf": []node{matching(`^` + numberBody + `%?$`), {"type": "number", "minimum": 0}}}
	case countShape:
		pattern := `^[0-9]+[kMG]?$`
		if s.min >= 1 {
			pattern = `^0*[1-9][0-9]*[kMG]?$`
		}
		return node{"anyOf": []node{{"type": "integer", "minimum": s.min}, matching(pattern)}}
	case numberShape:
		return node{"type": "number", "minimum": s.min}
	case integerShape:
		return node{"type": "integer", "minimum": 0}
	case boolShape:
		return node{"type": "boolean"}
	case versionShape:
		return node{"const": 1}
	case percentileShape:
		return matching(percentilePattern)
	case hoursShape:
		return matching(hoursPattern)
	case daysShape:
		return matching(daysPattern)
	case zoneinfoShape:
		return matching(zoneinfoPattern)
	case boundShape:
		return matching(boundPattern(s.unit))
	case wordShape:
		return node{"enum": s.words}
	default:
		return node{"type": []string{"string", "number", "boolean"}}
	}
}

func boundPattern(u unit) string {
	body := plainBody
	switch u {
	case shareUnit:
		body = shareBody
	case ratioUnit:
		body = ratioBody
	case rateUnit:
		body = rateBody
	case timeUnit:
		body = durationBody
	case countUnit:
		body = `[0-9]+[kMG]?`
	case numberUnit:
	}
	return `^` + operator + body + `$`
}
