package topology

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// blankBefore finds the entries of block collections that a blank line, or a
// comment with a blank line above, stands before.
func blankBefore(doc *yaml.Node, lines []string) map[*yaml.Node]bool {
	found := map[*yaml.Node]bool{}
	eachEntry(doc, func(n *yaml.Node) {
		if first := firstLine(n, lines); first > 1 && strings.TrimSpace(lines[first-2]) == "" {
			found[n] = true
		}
	})
	return found
}

// eachEntry visits keys and items that stand on lines of their own, except the
// first of each collection.
func eachEntry(n *yaml.Node, visit func(*yaml.Node)) {
	step := 1
	if n.Kind == yaml.MappingNode {
		step = 2
	}
	if n.Style&yaml.FlowStyle == 0 && n.Kind != yaml.DocumentNode {
		for i := step; i < len(n.Content); i += step {
			visit(n.Content[i])
		}
	}
	for _, child := range n.Content {
		eachEntry(child, visit)
	}
}

// firstLine is the line, 1-based, of the comment directly above a node, or of
// the node itself.
func firstLine(n *yaml.Node, lines []string) int {
	line := min(n.Line, len(lines))
	for line > 1 && strings.HasPrefix(strings.TrimSpace(lines[line-2]), "#") {
		line--
	}
	return line
}

// space puts blank lines into an encoded document: around sections of
// several lines, and where there was one. Meant is the tree that was encoded, dense the same tree
// as it was read back, which knows the lines.
func space(text []byte, meant, dense *yaml.Node, spaced map[*yaml.Node]bool) []byte {
	lines := strings.Split(string(text), "\n")
	wanted := map[int]bool{}
	var walk func(a, b *yaml.Node)
	walk = func(a, b *yaml.Node) {
		for i := range a.Content {
			if spaced[a.Content[i]] {
				wanted[firstLine(b.Content[i], lines)] = true
			}
			walk(a.Content[i], b.Content[i])
		}
	}
	walk(meant, dense)
	eachSection(dense, func(key *yaml.Node) { wanted[firstLine(key, lines)] = true })
	var out bytes.Buffer
	for i, line := range lines {
		if wanted[i+1] && i > 0 && strings.TrimSpace(lines[i-1]) != "" {
			out.WriteByte('\n')
		}
		out.WriteString(line)
		if i < len(lines)-1 {
			out.WriteByte('\n')
		}
	}
	return out.Bytes()
}

// eachSection visits the top-level keys that have, or follow, several lines.
func eachSection(doc *yaml.Node, visit func(*yaml.Node)) {
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode || top.Style&yaml.FlowStyle != 0 {
		return
	}
	for i := 2; i+1 < len(top.Content); i += 2 {
		if isBlock(top.Content[i-1]) || isBlock(top.Content[i+1]) {
			visit(top.Content[i])
		}
	}
}

// isBlock tells collections that are written over several lines.
func isBlock(n *yaml.Node) bool {
	return (n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode) && n.Style&yaml.FlowStyle == 0 && len(n.Content) > 0
}
