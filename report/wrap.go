package report

import (
	"strings"
	"unicode/utf8"
)

// columns is the width of text on a terminal, one per character.
func columns(text string) int { return utf8.RuneCountInString(text) }

// wrap breaks text at blanks into lines of at most width columns; a longer word
// is broken.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for runes := []rune(word); len(runes) > width; runes = []rune(word) {
			if line != "" {
				lines = append(lines, line)
			}
			line, word = string(runes[:width]), string(runes[width:])
		}
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

// shorten cuts text to width columns, with an ellipsis in its middle: names
// differ at their ends.
func shorten(text string, width int) string {
	if columns(text) <= width {
		return text
	}
	runes := []rune(text)
	tail := max(width-1, 0) / 2
	head := max(width-1-tail, 0)
	return string(runes[:head]) + "…" + string(runes[len(runes)-tail:])
}
