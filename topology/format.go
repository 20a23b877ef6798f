package topology

import (
	"bytes"
	"errors"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"
)

// Format writes a source canonically: keys in the order of the reference, two
// spaces of indentation, one blank line between sections, and elsewhere where
// there was one. Comments, names, quantities and the flow or block style of
// collections stay as they are. Formatting twice changes nothing.
//
// A file that is not YAML gives Errors; one whose meaning or comments would not
// survive is refused.
func Format(source Source) ([]byte, error) {
	out, warned := &collector{}, &collector{}
	f := &file{name: source.Name, out: out, warned: warned, lang: newLanguage()}
	f.parse(source.Data)
	if f.root == nil {
		return nil, Errors(out.sorted(nil))
	}
	// A key that moves may take an anchor behind its alias; such a file keeps
	// its order.
	for _, order := range []bool{true, false} {
		if text, ok := settle(source.Data, f.lang.file, order); ok {
			return text, nil
		}
	}
	return nil, errors.New(source.Name + ": this file cannot be formatted without a loss; its comments may stand where YAML forgets them")
}

// settle formats until nothing changes: the place of a comment can depend on
// what the encoder made of it before.
func settle(data []byte, s *shape, order bool) ([]byte, bool) {
	const rounds = 5
	for range rounds {
		next, ok := formatOnce(data, s, order)
		if !ok {
			return nil, false
		}
		if bytes.Equal(next, data) {
			return next, true
		}
		data = next
	}
	return nil, false
}

// formatOnce returns false if the outcome is not the input, formatted.
func formatOnce(data []byte, s *shape, order bool) (out []byte, ok bool) {
	// The encoder panics on some trees that the decoder makes of odd inputs.
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	data = normalBreaks(data)
	doc, _, err := decode(data)
	if err != nil {
		return nil, false
	}
	spaced := blankBefore(doc, splitLines(string(data)))
	if order {
		arrange(doc.Content[0], s)
	}
	untagMerges(doc)
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if encoder.Encode(doc) != nil || encoder.Close() != nil {
		return nil, false
	}
	dense, err := reread(b.Bytes(), doc)
	if err != nil {
		return nil, false
	}
	text := space(b.Bytes(), doc, dense, spaced)
	if _, err := reread(text, doc); err != nil {
		return nil, false
	}
	// The decoder forgets comments in some places.
	return text, bytes.Count(text, []byte("#")) == bytes.Count(data, []byte("#"))
}

// normalBreaks drops the byte order mark and what other systems end lines with.
func normalBreaks(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
}

// untagMerges keeps the encoder from writing `!!merge <<`.
func untagMerges(n *yaml.Node) {
	if n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			if k := n.Content[i]; k.Kind == yaml.ScalarNode && isMerge(k) {
				k.Tag = ""
			}
		}
	}
	for _, child := range n.Content {
		untagMerges(child)
	}
}

var errChanged = errors.New("formatting changed the meaning")

// reread parses what was written and compares it to what was meant.
func reread(text []byte, meant *yaml.Node) (*yaml.Node, error) {
	doc, next, err := decode(text)
	if err != nil {
		return nil, err
	}
	if next != nil || !same(doc, meant) || commentsOf(doc) != commentsOf(meant) {
		return nil, errChanged
	}
	return doc, nil
}

func same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Anchor != b.Anchor || a.Value != b.Value || tagOf(a) != tagOf(b) || len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !same(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

func tagOf(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && isMerge(n) {
		return "!!merge" // whether or not untagMerges has been here
	}
	return n.ShortTag()
}

// commentsOf collects the lines of all comments, sorted: they may move.
func commentsOf(doc *yaml.Node) string {
	var lines []string
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		for _, comment := range []string{n.HeadComment, n.LineComment, n.FootComment} {
			for _, line := range strings.Split(comment, "\n") {
				if line = strings.TrimSpace(line); line != "" {
					lines = append(lines, line)
				}
			}
		}
		for _, child := range n.Content {
			walk(child)
		}
	}
	walk(doc)
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// arrange orders the keys of all mappings as the shapes do.
func arrange(n *yaml.Node, s *shape) {
	switch s = fitting(n, s); {
	case s == nil:
	case s.kind == objectShape:
		rank := func(key string) int { return rankOf(key, s) }
		pairs := make([][2]*yaml.Node, 0, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			pairs = append(pairs, [2]*yaml.Node{n.Content[i], n.Content[i+1]})
		}
		sort.SliceStable(pairs, func(i, j int) bool { return rank(pairs[i][0].Value) < rank(pairs[j][0].Value) })
		n.Content = n.Content[:0]
		for _, p := range pairs {
			n.Content = append(n.Content, p[0], p[1])
			if k := s.find(p[0].Value); k != nil && !k.isLater() {
				arrange(p[1], k.value)
			}
		}
	case s.kind == mapShape:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !isNote(n.Content[i].Value) {
				arrange(n.Content[i+1], s.items)
			}
		}
	case s.kind == listShape:
		for _, item := range n.Content {
			arrange(item, s.items)
		}
	}
}

// rankOf puts notes and merges first, so that anchors stand before what uses
// them, but after what introduces a file.
func rankOf(key string, s *shape) int {
	for i := range s.keys {
		switch {
		case s.keys[i].name != key:
		case key == "version" || key == "name" || key == "description":
			return i - len(s.keys)
		default:
			return i + 1
		}
	}
	if isNote(key) || key == "<<" {
		return 0
	}
	return len(s.keys) + 1
}

// fitting picks the alternative of a shape that a node is an attempt at.
func fitting(n *yaml.Node, s *shape) *shape {
	if s == nil {
		return nil
	}
	if s.kind == anyShape {
		for _, one := range s.any {
			if found := fitting(n, one); found != nil {
				return found
			}
		}
		return nil
	}
	switch {
	case n.Kind == yaml.SequenceNode && s.kind == listShape:
		return s
	case n.Kind == yaml.MappingNode && (s.kind == objectShape || s.kind == mapShape):
		return s
	}
	return nil
}
