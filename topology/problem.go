package topology

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Problem is one thing that is wrong with, or doubtful in, an input.
type Problem struct {
	Pos     Pos
	Message string
	Rule    string // a stable word for the kind of problem, e.g. "unknown-key"
	Line    string // the source line, shortened around the column; "" where there is none
	caret   int    // characters of Line before the caret
	width   int    // characters under which the caret and its tail are drawn
}

// Error is the first line of the rendering: `file:line:col: message [rule]`.
func (p Problem) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s [%s]", p.Pos.File, p.Pos.Line, p.Pos.Col, p.Message, p.Rule)
}

// String renders the problem with its source line and a caret under the column:
//
//	streaming.yaml:12:5: unknown key `timout`; did you mean `timeout`? [unknown-key]
//	12 |     timout: 5s
//	   |     ^~~~~~
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Error())
	if p.Line == "" {
		return b.String()
	}
	number := fmt.Sprint(p.Pos.Line)
	fmt.Fprintf(&b, "\n%s | %s\n%*s | ", number, p.Line, len(number), "")
	drawn := 0
	for _, char := range p.Line {
		if drawn == p.caret {
			break
		}
		// A tab must stay one, or the caret would stand elsewhere.
		if char != '\t' {
			char = ' '
		}
		b.WriteRune(char)
		drawn++
	}
	b.WriteString("^" + strings.Repeat("~", max(p.width-1, 0)))
	return b.String()
}

// Errors is everything that is wrong with the sources, sorted by position.
type Errors []Problem

// Error renders all problems, each with its source line.
func (e Errors) Error() string {
	parts := make([]string, len(e))
	for i, p := range e {
		parts[i] = p.String()
	}
	return strings.Join(parts, "\n")
}

// maxProblems bounds what is kept: past it a reader gains nothing, and a large
// file of nonsense would be answered with a far larger report.
const maxProblems = 500

// collector gathers problems of all files.
type collector struct {
	problems []Problem
	seen     map[problemKey]bool
	left     int // problems past maxProblems
}

// problemKey tells equal problems: what is anchored once and used often would
// otherwise be reported as often as it is used.
type problemKey struct {
	pos     Pos
	message string
}

func (c *collector) full() bool { return len(c.problems) >= maxProblems }

func (c *collector) add(p Problem) {
	if c.full() {
		c.left++
		return
	}
	key := problemKey{p.Pos, p.Message}
	if c.seen[key] {
		return
	}
	if c.seen == nil {
		c.seen = map[problemKey]bool{}
	}
	c.seen[key] = true
	c.problems = append(c.problems, p)
}

// sorted returns the problems by position, files in the order of their sources.
func (c *collector) sorted(fileOrder map[string]int) []Problem {
	sort.SliceStable(c.problems, func(i, j int) bool {
		a, b := c.problems[i].Pos, c.problems[j].Pos
		if a.File != b.File {
			return fileOrder[a.File] < fileOrder[b.File]
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Col < b.Col
	})
	if c.left > 0 {
		last := c.problems[len(c.problems)-1]
		c.problems = append(c.problems, Problem{
			Pos: last.Pos, Rule: "too-many",
			Message: fmt.Sprintf("%d more problems are not shown", c.left),
		})
		c.left = 0
	}
	return c.problems
}

// printable replaces, one by one, what would upset a terminal.
func printable(text string) string {
	return strings.Map(func(char rune) rune {
		if char == '\t' || unicode.IsPrint(char) {
			return char
		}
		return utf8.RuneError
	}, text)
}

// The shown part of a long source line.
const (
	shownBefore = 100 // characters before the column
	shownAfter  = 60
	maxLine     = 1 << 16 // bytes; a longer line is not shown
)

// excerpt shortens a source line around a 1-based column and returns the number
// of characters before it in what is left.
func excerpt(line string, col int) (shown string, caret int) {
	start, caret := 0, 0
	for caret < col-1 && start < len(line) {
		_, size := utf8.DecodeRuneInString(line[start:])
		start += size
		caret++
	}
	head, tail := line[:start], line[start:]
	if caret > shownBefore {
		cut := len(head)
		for range shownBefore {
			_, size := utf8.DecodeLastRuneInString(head[:cut])
			cut -= size
		}
		head, caret = "…"+head[cut:], shownBefore+1
	}
	end := 0
	for range shownAfter {
		if end == len(tail) {
			break
		}
		_, size := utf8.DecodeRuneInString(tail[end:])
		end += size
	}
	if end < len(tail) {
		tail = tail[:end] + "…"
	}
	return printable(head + tail), caret
}
