package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// terminalWidth is how many columns the terminal has that w is; 0 if it is none.
func terminalWidth(w io.Writer) int {
	if file, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil {
			return width
		}
	}
	return 0
}

// writeIndented writes text after a label. What a line of width columns has no
// room for goes on in the next one, further in; with width 0 it is one line.
func writeIndented(w io.Writer, width int, label, text string) {
	const further = "      "
	if width == 0 {
		width = math.MaxInt
	}
	line, begun := label, false
	for _, word := range strings.Fields(text) {
		if begun && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			fmt.Fprintln(w, line)
			line = further + word
			continue
		}
		line += " " + word
		begun = true
	}
	fmt.Fprintln(w, line)
}
