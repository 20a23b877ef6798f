package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// WriteContrastMarkdown writes a comparison as a comment for a pull request: the
// headlines, worst first to catch the eye, and all figures folded away.
func WriteContrastMarkdown(w io.Writer, c *Contrast) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "### silverback: %s → %s\n\n", code(c.A.File), code(c.B.File))
	for _, v := range c.Variants {
		mark := ""
		switch v.Judged().Verdict {
		case Worse:
			mark = " **worse**"
		case Better:
			mark = " **better**"
		}
		fmt.Fprintf(b, "- %s%s\n", EscapeMarkdown(v.Headline), mark)
	}
	fmt.Fprintf(b, "\n<details>\n<summary>All figures</summary>\n")
	for _, v := range c.Variants {
		fmt.Fprintf(b, "\n%s\n\n", "**"+EscapeMarkdown(v.title())+"**")
		fmt.Fprintf(b, "| | A | B | change | |\n|---|--:|--:|---|---|\n")
		for _, row := range v.rows() {
			cells := make([]string, len(row))
			for i, cell := range row {
				cells[i] = EscapeMarkdown(cell)
			}
			fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
		}
	}
	fmt.Fprintf(b, "\n</details>\n\n")
	fmt.Fprintf(b, "A is %s, B is %s. %s.\n", code(c.A.File), code(c.B.File), upperFirst(EscapeMarkdown(c.terms())))
	for _, note := range c.notes() {
		fmt.Fprintf(b, "- %s\n", EscapeMarkdown(note))
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing the comparison: %w", err)
	}
	return nil
}

// code is text as code, whatever it holds.
func code(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + text + " " + fence
	}
	return fence + text + fence
}

// EscapeMarkdown keeps what users wrote from being taken for markup, and from
// naming people or pages to whoever reads it.
func EscapeMarkdown(text string) string {
	return strings.NewReplacer(
		"\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", ">", "&gt;",
		"[", "\\[", "]", "\\]", "\n", " ", "#", "\\#", "~", "\\~", "&", "&amp;", "@", "@&#8203;", "://", ":&#8203;//",
	).Replace(text)
}

func upperFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
