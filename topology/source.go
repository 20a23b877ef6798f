package topology

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Source is one input file.
type Source struct {
	Name string // as shown in messages
	Data []byte

	changes []change // of Set, in their order
}

// maxSourceSize bounds a file before it is parsed, in bytes: the parser's nodes
// take some thirty times that.
const maxSourceSize = 4 << 20

// file is a parsed source: the reader of its nodes and the sink of its problems.
type file struct {
	name    string
	lines   []string
	root    *yaml.Node // the top-level mapping; nil if the file could not be parsed
	library bool
	lang    *language
	out     *collector
	warned  *collector
}

// parse turns a source into nodes. Problems that stop it leave root nil.
func (f *file) parse(data []byte) {
	if len(data) > maxSourceSize {
		f.report(1, 1, 1, "too-large", fmt.Sprintf("the file has %d MB; a topology can have %d MB at most", len(data)>>20, maxSourceSize>>20))
		return
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	f.lines = splitLines(string(data))
	if !f.checkEncoding(string(data)) {
		return
	}
	doc, next, err := decode(data)
	switch {
	case errors.Is(err, io.EOF) || err == nil && isEmpty(doc):
		f.report(1, 1, 1, "empty-file", "the file is empty; the least is `version: 1`")
	case err != nil:
		f.reportSyntax(data, err)
	case next != nil:
		f.report(next.Line, next.Column, 1, "several-documents", "a file holds one document; put this one into a file of its own")
	case f.checkTree(doc):
		f.root = doc.Content[0]
	}
}

func isEmpty(doc *yaml.Node) bool {
	return len(doc.Content) == 0 || doc.Content[0].Kind == yaml.ScalarNode && doc.Content[0].ShortTag() == "!!null" && doc.Content[0].Value == ""
}

// decode returns the first document and, if there is one, the second. The
// library panics on some malformed inputs; that is a syntax error to its user.
func decode(data []byte) (doc, next *yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the YAML cannot be read: %v", p)
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	doc = new(yaml.Node)
	if err := decoder.Decode(doc); err != nil {
		return nil, nil, err
	}
	next = new(yaml.Node)
	if err := decoder.Decode(next); errors.Is(err, io.EOF) {
		return doc, nil, nil
	} else if err != nil {
		return nil, nil, err
	}
	return doc, next, nil
}

// checkEncoding reports the first byte that is not UTF-8 and the first
// character that YAML does not allow.
func (f *file) checkEncoding(data string) bool {
	for i, char := range data {
		if char == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(data[i:]); size == 1 {
				line, col := position(data[:i])
				f.report(line, col, 1, "encoding", fmt.Sprintf("the file is not UTF-8: byte 0x%02x at offset %d", data[i], i))
				return false
			}
		}
		if !allowed(char) {
			line, col := position(data[:i])
			f.report(line, col, 1, "encoding", fmt.Sprintf("the character %U is not allowed in YAML", char))
			return false
		}
	}
	return true
}

// allowed follows YAML 1.2, c-printable, without a second byte order mark.
func allowed(char rune) bool {
	switch {
	case char == '\t' || char == '\n' || char == '\r' || char == 0x85:
		return true
	case char < 0x20 || char >= 0x7f && char < 0xa0:
		return false
	default:
		return char != 0xfeff && char != 0xfffe && char != 0xffff
	}
}

// position is the line and column, 1-based, after a text.
func position(before string) (line, col int) {
	lines := splitLines(before)
	if len(lines) == 0 {
		return 1, 1
	}
	return len(lines), utf8.RuneCountInString(lines[len(lines)-1]) + 1
}

// splitLines splits at what YAML 1.1 takes for a line break, as the parser does,
// so that its line numbers are ours.
func splitLines(data string) []string {
	var lines []string
	start := 0
	for i := 0; i < len(data); {
		size := breakAt(data[i:])
		if size == 0 {
			i++
			continue
		}
		lines = append(lines, data[start:i])
		i += size
		start = i
	}
	return append(lines, data[start:])
}

func breakAt(data string) int {
	switch data[0] {
	case '\n':
		return 1
	case '\r':
		if len(data) > 1 && data[1] == '\n' {
			return 2
		}
		return 1
	case 0xc2, 0xe2:
		for _, mark := range [...]string{"\u0085", "\u2028", "\u2029"} {
			if strings.HasPrefix(data, mark) {
				return len(mark)
			}
		}
	}
	return 0
}

// pos is the place of a node.
func (f *file) pos(n *yaml.Node) Pos {
	return Pos{File: f.name, Line: n.Line, Col: n.Column}
}

// fail reports a problem at a node.
func (f *file) fail(n *yaml.Node, rule, message string) {
	f.report(n.Line, n.Column, nodeWidth(n), rule, message)
}

// warn reports a doubt at a node. Nobody wrote the library's scenarios for this
// topology, so that its doubts are of no use.
func (f *file) warn(n *yaml.Node, rule, message string) {
	if !f.library {
		f.warned.add(f.problem(n.Line, n.Column, nodeWidth(n), rule, message))
	}
}

func (f *file) report(line, col, width int, rule, message string) {
	f.out.add(f.problem(line, col, width, rule, message))
}

func (f *file) problem(line, col, width int, rule, message string) Problem {
	p := Problem{Pos: Pos{File: f.name, Line: max(line, 1), Col: max(col, 1)}, Rule: rule, Message: message}
	if p.Pos.Line <= len(f.lines) && len(f.lines[p.Pos.Line-1]) <= maxLine {
		p.Line, p.caret = excerpt(f.lines[p.Pos.Line-1], p.Pos.Col)
		p.width = min(width, utf8.RuneCountInString(p.Line)-p.caret)
	}
	return p
}

// nodeWidth is the width of a scalar as written, as far as that is known.
func nodeWidth(n *yaml.Node) int {
	if n.Kind != yaml.ScalarNode || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 || n.Anchor != "" {
		return 1
	}
	width := utf8.RuneCountInString(n.Value)
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		width += 2
	}
	return width
}
