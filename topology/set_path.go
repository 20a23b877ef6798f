package topology

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// setter walks a path through a file and through the shapes of the language at
// the same time: the file says what is there, the shapes what may be added.
type setter struct {
	*file
	path  []string
	value *yaml.Node
	depth int // keys of the path that were found
}

// replace returns a copy of n in which what the path leads to, from its at-th
// key on, is the value. Only what lies on the path is copied.
func (s *setter) replace(n *yaml.Node, shapes []*shape, at int) (*yaml.Node, error) {
	s.depth = max(s.depth, at)
	target := deref(n)
	if at == len(s.path) {
		return placed(s.value, n.Line, n.Column), nil
	}
	switch {
	case target.Kind == yaml.MappingNode:
		return s.replaceKey(target, shapes, at)
	case target.Kind == yaml.SequenceNode:
		return s.replaceItem(target, shapes, at)
	case target.ShortTag() == "!!null":
		return s.replaceKey(&yaml.Node{Kind: yaml.MappingNode, Line: n.Line, Column: n.Column}, shapes, at)
	}
	return nil, fmt.Errorf("`%s` is %s and has no `%s`; set the whole, for example to `{%s: …}`",
		clip(s.until(at)), kindOf(target), clip(s.path[at]), clip(s.path[at]))
}

// placed is a copy of a tree that stands all at one place.
func placed(n *yaml.Node, line, column int) *yaml.Node {
	c := *n
	c.Line, c.Column, c.Anchor = line, column, ""
	c.Content = nil
	for _, child := range n.Content {
		c.Content = append(c.Content, placed(deref(child), line, column))
	}
	return &c
}

// until is the path before its at-th key.
func (s *setter) until(at int) string { return strings.Join(s.path[:at], ".") }

func (s *setter) replaceKey(mapping *yaml.Node, shapes []*shape, at int) (*yaml.Node, error) {
	entries := s.pairs(mapping)
	changed := *mapping
	changed.Content, changed.Anchor = slices.Clone(mapping.Content), ""
	// A key may hold a dot itself, as `p99.9` does: the longest one counts.
	for end := len(s.path); end > at; end-- {
		name := strings.Join(s.path[at:end], ".")
		i := slices.IndexFunc(entries, func(e pair) bool { return e.key.Value == name })
		if i < 0 {
			continue
		}
		entry := entries[i]
		child, err := s.replace(entry.value, inside(shapes, name), end)
		if err != nil {
			return nil, err
		}
		for k := 0; k < len(mapping.Content); k += 2 {
			if mapping.Content[k] == entry.key {
				changed.Content[k+1] = child
				return &changed, nil
			}
		}
		// It is merged: the mapping's own key goes before.
		changed.Content = append(changed.Content, entry.key, child)
		return &changed, nil
	}
	name, end := s.known(shapes, at)
	if name == "" {
		return nil, s.unknown(entries, shapes, at)
	}
	key := &yaml.Node{Kind: yaml.ScalarNode, Value: name, Line: mapping.Line, Column: mapping.Column}
	empty := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: mapping.Line, Column: mapping.Column}
	depth := s.depth
	child, err := s.replace(empty, inside(shapes, name), end)
	s.depth = depth // what is added is not found
	if err != nil {
		return nil, err
	}
	changed.Content = append(changed.Content, key, child)
	return &changed, nil
}

// known is the key of the language at this place of the path, and where the path
// goes on after it; "" if there is none.
func (s *setter) known(shapes []*shape, at int) (name string, end int) {
	for end := len(s.path); end > at; end-- {
		name := strings.Join(s.path[at:end], ".")
		for _, shape := range shapes {
			if shape.kind != objectShape {
				continue
			}
			switch k := shape.find(name); {
			case k != nil && k.isLater():
				return name, len(s.path) // Load will say so
			case k != nil:
				return name, end
			}
		}
	}
	return "", at
}

func (s *setter) replaceItem(sequence *yaml.Node, shapes []*shape, at int) (*yaml.Node, error) {
	i, err := strconv.Atoi(s.path[at])
	if err != nil || i < 0 || i >= len(sequence.Content) {
		text := fmt.Sprintf("`%s` is a list", clip(s.until(at)))
		switch n := len(sequence.Content); n {
		case 0:
			text += " without entries"
		case 1:
			text += " whose one entry is 0"
		default:
			text += fmt.Sprintf(" whose entries are 0 to %d", n-1)
		}
		text += fmt.Sprintf("; there is no `%s`", clip(s.path[at]))
		if i := calling(sequence, s.path[at]); i >= 0 {
			offered := slices.Clone(s.path)
			offered[at] = strconv.Itoa(i)
			text += "; did you mean `" + clip(strings.Join(offered, ".")) + "`?"
		}
		return nil, errors.New(text)
	}
	child, err := s.replace(sequence.Content[i], inside(shapes, ""), at+1)
	if err != nil {
		return nil, err
	}
	changed := *sequence
	changed.Content, changed.Anchor = slices.Clone(sequence.Content), ""
	changed.Content[i] = child
	return &changed, nil
}

// calling is the number of the first entry, a call, that goes to a name; -1 if
// there is none.
func calling(sequence *yaml.Node, to string) int {
	return slices.IndexFunc(sequence.Content, func(n *yaml.Node) bool {
		n = deref(n)
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == "to" && n.Content[i+1].Value == to {
				return true
			}
		}
		return false
	})
}

// unknown says that there is no such key, and offers the nearest as a path.
func (s *setter) unknown(entries []pair, shapes []*shape, at int) error {
	var names []string
	for _, entry := range entries {
		names = append(names, entry.key.Value)
	}
	for _, shape := range shapes {
		if shape.kind == objectShape {
			names = append(names, shape.accepted()...)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	place := "the file"
	if at > 0 {
		place = "`" + clip(s.until(at)) + "`"
	}
	text := fmt.Sprintf("there is no `%s` in %s", clip(s.path[at]), place)
	near := nearest(s.path[at], names)
	if list, index, ok := strings.Cut(strings.TrimSuffix(s.path[at], "]"), "["); ok && slices.Contains(names, list) {
		near = list + "." + index // as other languages write it
	}
	if near == "" && len(names) > 0 {
		return errors.New(text + "; there is " + enumerate(names))
	}
	if near != "" {
		offered := slices.Clone(s.path)
		offered[at] = near
		text += "; did you mean `" + clip(strings.Join(offered, ".")) + "`?"
	}
	return errors.New(text)
}

// alternatives are the shapes that one place may have.
func (s *shape) alternatives() []*shape {
	if s == nil {
		return nil
	}
	if s.kind != anyShape {
		return []*shape{s}
	}
	var all []*shape
	for _, one := range s.any {
		all = append(all, one.alternatives()...)
	}
	return all
}

// inside are the shapes of a key, or of the items of a list, of some shapes.
func inside(shapes []*shape, name string) []*shape {
	var all []*shape
	for _, s := range shapes {
		switch s.kind {
		case objectShape:
			if k := s.find(name); k != nil {
				all = append(all, k.value.alternatives()...)
			}
		case mapShape, listShape:
			all = append(all, s.items.alternatives()...)
		default:
		}
	}
	return all
}
