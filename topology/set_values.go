package topology

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Value is one of the values that a parameter takes in turn.
type Value struct {
	Text   string  // as in a file
	Number float64 // in the unit's base: seconds, per second, 0..1 or plain; NaN if it is no quantity
	Unit   Unit
}

// Unit is what kind of quantity a value is.
type Unit string

// The units of values.
const (
	NoUnit   Unit = "" // a word, a mapping
	Plain    Unit = "1"
	Seconds  Unit = "s"
	PerSec   Unit = "1/s"
	Shares   Unit = "share"
	maxSteps      = 10_000 // values of one parameter
)

// ParseValues reads the values of a parameter: a list of values as in a file, and
// of ranges, which keep the units of their ends.
//
//	2,4,8             a list
//	2..8              2, 3, … 8
//	100/s..500/s/50/s by steps of 50/s
//	100/s..10k/s*5    five values, each the same multiple of the one before,
//	                  rounded to three digits between the ends
func ParseValues(text string) ([]Value, error) {
	var values []Value
	for _, item := range splitList(text) {
		more := []Value{quantityOf(item)}
		from, rest, isRange := strings.Cut(item, "..")
		if isRange && !strings.ContainsRune(`{["'`, rune(item[0])) {
			var err error
			if more, err = parseRange(item, from, rest); err != nil {
				return nil, err
			}
		}
		if item == "" {
			return nil, fmt.Errorf("`%s` has an empty value", clip(text))
		}
		values = append(values, more...)
		if len(values) > maxSteps {
			return nil, tooMany(text)
		}
	}
	seen := map[string]bool{}
	for _, v := range values {
		if seen[v.Text] {
			return nil, fmt.Errorf("`%s` has the value `%s` twice", clip(text), clip(v.Text))
		}
		seen[v.Text] = true
	}
	return values, nil
}

func tooMany(text string) error {
	return fmt.Errorf("`%s` has more than %d values", clip(text), maxSteps)
}

// splitList cuts a list at the commas that are not inside brackets or quotes.
func splitList(text string) []string {
	var items []string
	depth, start := 0, 0
	var quote rune
	for i, char := range text {
		switch {
		case quote != 0:
			if char == quote {
				quote = 0
			}
		case char == '"' || char == '\'':
			quote = char
		case char == '{' || char == '[':
			depth++
		case char == '}' || char == ']':
			depth--
		case char == ',' && depth == 0:
			items = append(items, text[start:i])
			start = i + 1
		}
	}
	return append(items, text[start:])
}

// quantityOf tells what quantity a value is, if any.
func quantityOf(text string) Value {
	if x, err := ParseNumber(text); err == nil {
		return Value{text, x, Plain}
	}
	if x, err := ParseCount(text); err == nil {
		return Value{text, float64(x), Plain}
	}
	if x, err := ParseRate(text); err == nil {
		return Value{text, x, PerSec}
	}
	if d, err := ParseDuration(text); err == nil {
		return Value{text, d.Seconds(), Seconds}
	}
	if x, err := ParseRatio(text); err == nil {
		return Value{text, x, Shares}
	}
	return Value{text, math.NaN(), NoUnit}
}

// valueOf writes a number in a unit, with the letter of a count kept if the
// number is one of them.
func valueOf(x float64, unit Unit) Value {
	text := formatNumber(x)
	switch unit {
	case Seconds:
		text = FormatDuration(time.Duration(math.Round(x * 1e9)))
	case PerSec:
		text = FormatRate(x)
	case Shares:
		text = FormatShare(x)
	case NoUnit, Plain:
	}
	return Value{text, x, unit}
}
