package topology

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// parseRange reads from..to, from..to/step and from..to*n.
func parseRange(text, from, rest string) ([]Value, error) {
	end := quantityEnd(rest)
	first, last := quantityOf(from), quantityOf(rest[:end])
	rest = rest[end:]
	switch {
	case first.Unit == NoUnit || last.Unit == NoUnit:
		return nil, fmt.Errorf("`%s` is not a range; write for example `2..8`, `2..8/2`, `100/s..500/s/50/s` or `100/s..10k/s*5`", clip(text))
	case first.Unit != last.Unit:
		return nil, fmt.Errorf("the ends of `%s` differ in kind; write both with a unit, as in `100/s..10k/s*5`", clip(text))
	case first.Number >= last.Number:
		return nil, fmt.Errorf("the range `%s` must ascend", clip(text))
	}
	if points, ok := strings.CutPrefix(rest, "*"); ok {
		n, err := strconv.Atoi(points)
		if err != nil || n < 2 {
			return nil, fmt.Errorf("the range `%s` needs a whole number of values after the `*`, 2 or more", clip(text))
		}
		if n > maxSteps {
			return nil, tooMany(text)
		}
		if first.Number <= 0 {
			return nil, fmt.Errorf("the range `%s` multiplies and cannot begin at 0", clip(text))
		}
		return geometric(first, last, n), nil
	}
	step := Value{Number: 1, Unit: Plain}
	if words, ok := strings.CutPrefix(rest, "/"); ok {
		step = quantityOf(words)
	} else if first.Unit != Plain {
		return nil, fmt.Errorf("the range `%s` needs a step, as in `%s/%s`, or a number of values, as in `%s*5`", clip(text), clip(text), clip(from), clip(text))
	}
	if step.Unit != first.Unit || step.Number <= 0 {
		return nil, fmt.Errorf("the step of `%s` must be more than 0 and of the kind of its ends", clip(text))
	}
	return stepped(text, first, last, step)
}

// quantityEnd is how much of a text is its first quantity: in `8/2` the 8, in
// `500/s/50/s` the 500/s.
func quantityEnd(text string) int {
	if i := strings.IndexByte(text, '*'); i >= 0 {
		return i
	}
	slash := strings.IndexByte(text, '/')
	if slash < 0 {
		return len(text)
	}
	if unit := letters(text[slash+1:]); unit > 0 {
		return slash + 1 + unit
	}
	return slash
}

// stepped counts from the first to the last, which is one of the values only if
// a step ends there.
func stepped(text string, first, last, step Value) ([]Value, error) {
	n := math.Floor((last.Number-first.Number)/step.Number*(1+1e-12)+1e-9) + 1
	if n > maxSteps {
		return nil, tooMany(text)
	}
	values := []Value{first}
	for i := 1.0; i < n; i++ {
		// Rounded, so that 0.1, 0.2, 0.3 are written so.
		x := rounded(first.Number+i*step.Number, 12)
		if math.Abs(x-last.Number) <= 1e-9*math.Abs(last.Number) {
			values = append(values, last)
			continue
		}
		values = append(values, valueOf(x, first.Unit))
	}
	return values, nil
}

func geometric(first, last Value, n int) []Value {
	values := []Value{first}
	ratio := math.Log(last.Number / first.Number)
	whole := first.Unit == Plain && first.Number == math.Trunc(first.Number) && last.Number == math.Trunc(last.Number)
	for i := 1; i < n-1; i++ {
		x := rounded(first.Number*math.Exp(ratio*float64(i)/float64(n-1)), 3)
		if whole {
			x = math.Round(x)
		}
		if v := valueOf(x, first.Unit); v.Number > values[len(values)-1].Number && v.Number < last.Number {
			values = append(values, v)
		}
	}
	return append(values, last)
}

// rounded to so many significant digits.
func rounded(x float64, digits int) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	if err != nil {
		return x
	}
	return short
}
