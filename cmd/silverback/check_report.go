package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/verdict"
)

// The formats of verdicts, besides text and json.
const (
	formatJUnit    = "junit"
	formatSARIF    = "sarif"
	formatMarkdown = "markdown"
	formatGitHub   = "github"
)

func verdictFormats() []string {
	return []string{formatText, formatJSON, formatJUnit, formatSARIF, formatMarkdown, formatGitHub}
}

// reportFile is a file that gets the verdicts, besides standard output.
type reportFile struct{ format, name string }

// parseReports reads what --report says.
func parseReports(written []string) ([]reportFile, error) {
	var reports []reportFile
	for _, w := range written {
		format, name, ok := strings.Cut(w, "=")
		if !ok || name == "" {
			return nil, badInput("check: --report %q has no file; write FORMAT=FILE, such as junit=check.xml", w)
		}
		if !slices.Contains(verdictFormats(), format) {
			return nil, badInput("check: --report: the format %q is unknown%s; use %s", format, didYouMean(format, verdictFormats()), strings.Join(verdictFormats(), ", "))
		}
		if slices.ContainsFunc(reports, func(r reportFile) bool { return samePlace(r.name, name) }) {
			return nil, badInput("check: --report: %s is given twice", name)
		}
		reports = append(reports, reportFile{format, name})
	}
	return reports, nil
}

// spare refuses a report that would take the place of a file that is read.
func spare(reports []reportFile, read []string) error {
	for _, r := range reports {
		for _, name := range read {
			if samePlace(r.name, name) {
				return badInput("check: --report %s=%s would replace %s, which is read", r.format, r.name, name)
			}
		}
	}
	return nil
}

// keepReports writes the verdicts to the files: each whole or not at all.
func keepReports(sheet *verdict.Sheet, reports []reportFile) error {
	var errs []error
	for _, r := range reports {
		err := writeFile(r.name, func(w io.Writer) error {
			return writeVerdicts(w, sheet, r.format, report.Style{Width: textWidth(w)})
		})
		if err != nil {
			errs = append(errs, fmt.Errorf("a report cannot be kept: %w", err))
		}
	}
	return errors.Join(errs...)
}

// writeVerdicts writes the verdicts in a format; the style is that of text.
func writeVerdicts(w io.Writer, sheet *verdict.Sheet, format string, style report.Style) error {
	switch format {
	case formatJSON:
		return verdict.WriteJSON(w, sheet)
	case formatJUnit:
		return verdict.WriteJUnit(w, sheet)
	case formatSARIF:
		return verdict.WriteSARIF(w, sheet, version())
	case formatMarkdown:
		return verdict.WriteMarkdown(w, sheet)
	case formatGitHub:
		return verdict.WriteGitHub(w, sheet)
	default:
		return verdict.WriteText(w, sheet, style)
	}
}
