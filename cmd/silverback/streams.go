package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// streams are where a command reads and writes.
type streams struct {
	in  io.Reader
	out *results
	err io.Writer // progress and diagnostics
}

func newStreams(in io.Reader, out, err io.Writer) *streams {
	return &streams{in: in, out: &results{w: out}, err: err}
}

// results is standard output. It keeps its first error, so that writers that
// ignore it (help texts) do not lose it.
type results struct {
	w   io.Writer
	err error
}

func (r *results) Write(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.w.Write(p)
	r.err = err
	return n, err
}

// isTerminal tells whether w shows what it gets to a person.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// takesColour tells whether w may be sent colours: only a terminal that can
// show them, and never with NO_COLOR.
func takesColour(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// red is text in red where standard error takes colour.
func (s *streams) red(text string) string { return s.paint("31", text) }

// yellow is text in yellow where standard error takes colour.
func (s *streams) yellow(text string) string { return s.paint("33", text) }

func (s *streams) paint(code, text string) string {
	if !takesColour(s.err) {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
