package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/plot"
)

// telling is one way to write what a command found.
type telling struct {
	format string
	file   string // in the directory of --out; empty: it is only printed
	write  func(io.Writer) error
}

// tellAll writes on standard output what --format asks for, then the files and,
// unless they are not wanted, the pictures: a full disk costs no more than those.
func (s *streams) tellAll(o *outputOptions, kept []string, tellings []telling, pages func() []*plot.Page) error {
	var printed error
	for _, t := range tellings {
		if t.format == o.format {
			printed = t.write(s.out)
		}
	}
	if o.noPlots {
		pages = func() []*plot.Page { return nil }
	} else {
		kept = append([]string{"pictures"}, kept...)
	}
	if err := keepAll(o.out, tellings, pages()); err != nil {
		return errors.Join(printed, fmt.Errorf("the results cannot be kept: %w", err))
	}
	return errors.Join(printed, s.tellKept(enumerated(kept), o))
}

func keepAll(dir string, tellings []telling, pages []*plot.Page) error {
	if err := makeDirectory(dir); err != nil {
		return err
	}
	for _, t := range tellings {
		if t.file == "" {
			continue
		}
		if err := writeFile(filepath.Join(dir, t.file), t.write); err != nil {
			return err
		}
	}
	return writePages(dir, pages, map[string]bool{})
}

// enumerated is "a", "a and b", "a, b and c".
func enumerated(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// style of what is written on standard output for a person.
func (s *streams) style() report.Style {
	return report.Style{Width: textWidth(s.out.w), Colour: takesColour(s.out.w)}
}
