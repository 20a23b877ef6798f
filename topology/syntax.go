package topology

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// reportSyntax gives an error of the YAML library a place.
func (f *file) reportSyntax(data []byte, err error) {
	line, message := f.syntaxLine(data, strings.TrimPrefix(err.Error(), "yaml: "))
	line = min(max(line, 1), max(len(f.lines), 1))
	col, width := 1, 1
	if line <= len(f.lines) {
		shown := f.lines[line-1]
		trimmed := strings.TrimLeft(shown, " \t")
		col += len(shown) - len(trimmed)
		width = utf8.RuneCountInString(strings.TrimRight(trimmed, " \t"))
	}
	f.report(line, col, width, "syntax", "this is not YAML: "+message)
}

// syntaxLine finds the line of an error. The library gives none on the first
// line, counts from 0 where its parser, not its scanner, gave up, and knows only
// the beginning of a block in which it found no key.
func (f *file) syntaxLine(data []byte, text string) (line int, message string) {
	line, message = splitLine(text)
	switch {
	case strings.HasPrefix(message, "unknown anchor '"):
		anchor, _, _ := strings.Cut(strings.TrimPrefix(message, "unknown anchor '"), "'")
		for i, shown := range f.lines {
			if strings.Contains(shown, "*"+anchor) {
				return i + 1, message
			}
		}
	case len(data) > maxSearched: // the search parses again and again
	case message == "did not find expected key" || message == "did not find expected '-' indicator":
		return f.firstFailing(data, message), message
	case strings.HasPrefix(message, "did not find expected") && line < len(f.lines):
		line++
	}
	return line, message
}

// splitLine cuts `line 3: ` off an error.
func splitLine(text string) (line int, message string) {
	rest, ok := strings.CutPrefix(text, "line ")
	number, message, found := strings.Cut(rest, ": ")
	line, err := strconv.Atoi(number)
	if !ok || !found || err != nil {
		return 1, text
	}
	return line, message
}

// maxSearched bounds the files, in bytes, in which the place of an error is
// searched for.
const maxSearched = 1 << 19

// firstFailing is the number of lines from the beginning that it takes to get
// the same error.
func (f *file) firstFailing(data []byte, message string) int {
	ends := make([]int, len(f.lines))
	for i, end := 0, 0; i < len(f.lines); i++ {
		end += len(f.lines[i])
		if end < len(data) {
			end += breakAt(string(data[end:min(end+3, len(data))]))
		}
		ends[i] = end
	}
	return 1 + sort.Search(len(ends)-1, func(i int) bool {
		_, _, err := decode(data[:ends[i]])
		return err != nil && strings.HasSuffix(err.Error(), message)
	})
}
