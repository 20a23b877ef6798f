package report

import (
	"strings"
	"unicode/utf8"
)

// columns is the width of text on a terminal, one per character.
func columns(text string) int { return utf8.RuneCountInString(text) }

// wrap breaks text at blanks into lines of at most width columns; a longer word
// has a line of its own.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case columns(line)+1+columns(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

// shorten cuts text to width columns, with an ellipsis.
func shorten(text string, width int) string {
	if columns(text) <= width {
		return text
	}
	runes := []rune(text)
	return string(runes[:max(width-1, 0)]) + "…"
}
