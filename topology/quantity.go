package topology

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// The bounds of what is taken for a quantity and not for a slip of the pen.
const (
	maxDuration = 10 * 365 * 24 * time.Hour
	maxRate     = 1e9 // per second
	maxCount    = 1_000_000_000_000
	maxDigits   = 30 // of one written number
)

const day = 24 * time.Hour

// QuantityError says why a text is not the quantity wanted.
type QuantityError struct {
	Rule    string // missing-unit, bad-value or out-of-range
	Message string
}

// Error is the message.
func (e *QuantityError) Error() string { return e.Message }

// unitOfTime is a unit of duration by its name.
type unitOfTime struct {
	name string
	size time.Duration
}

// unitsOfTime are ordered from the longest: parts of a duration must be, too.
func unitsOfTime() [6]unitOfTime {
	return [...]unitOfTime{
		{"d", day},
		{"h", time.Hour},
		{"m", time.Minute},
		{"s", time.Second},
		{"ms", time.Millisecond},
		{"us", time.Microsecond},
	}
}

// ParseDuration reads `250us`, `1.5s`, `1h30m`, `7d` or `0`.
func ParseDuration(text string) (time.Duration, error) {
	if text == "0" {
		return 0, nil
	}
	if number, ok := strings.CutPrefix(text, "-"); ok {
		if _, err := ParseDuration(number); err == nil {
			return 0, &QuantityError{"out-of-range", "a duration cannot be negative"}
		}
	}
	if _, rest := cutNumber(text); rest == "" && text != "" {
		return 0, &QuantityError{"missing-unit", "a duration needs a unit: `" + text + "ms`, `" + text + "s`, …"}
	}
	total := new(big.Rat)
	last := -1
	for rest := text; rest != "" || last < 0; {
		number, tail := cutNumber(rest)
		unit := tail[:letters(tail)]
		index := durationUnit(unit)
		if number == "" || index < 0 || index <= last || len(number) > maxDigits {
			return 0, badDuration(text, number, unit)
		}
		part, _ := new(big.Rat).SetString(number)
		total.Add(total, part.Mul(part, new(big.Rat).SetInt64(int64(unitsOfTime()[index].size))))
		last, rest = index, tail[len(unit):]
	}
	if total.Cmp(new(big.Rat).SetInt64(int64(maxDuration))) > 0 {
		return 0, &QuantityError{"out-of-range", "a duration can be 10 years (3650d) at most"}
	}
	return roundRat(total), nil
}

// roundRat rounds to whole nanoseconds.
func roundRat(r *big.Rat) time.Duration {
	doubled := new(big.Int).Mul(r.Num(), big.NewInt(2))
	doubled.Add(doubled, r.Denom())
	return time.Duration(doubled.Quo(doubled, new(big.Int).Mul(r.Denom(), big.NewInt(2))).Int64())
}

func durationUnit(name string) int {
	for i, unit := range unitsOfTime() {
		if unit.name == name {
			return i
		}
	}
	return -1
}

func badDuration(text, number, unit string) error {
	message := "`" + clip(text) + "` is not a duration; write for example `250us`, `5ms`, `1.5s`, `2m`, `1h30m` or `7d`"
	switch {
	case number == "" || len(number) > maxDigits:
	case unit == "ns":
		message = "durations have a resolution of 1us: `ns` is not one of the units d, h, m, s, ms, us"
	case unit == "µs" || unit == "μs":
		message = "write `us` for microseconds"
	case unit == "w":
		message = "the units are d, h, m, s, ms, us: write weeks as days, for example `7d`"
	case unit == "":
		if rest := strings.TrimLeft(text[len(number):], " "); strings.HasPrefix(text, number+" ") && durationUnit(rest) >= 0 {
			message = "write a duration without spaces: `" + number + rest + "`"
		}
	case durationUnit(unit) < 0 && unit != clip(unit):
	case durationUnit(unit) < 0:
		message = "`" + unit + "` is not a unit of time; the units are d, h, m, s, ms, us"
	default:
		message = "`" + clip(text) + "` is not a duration: its parts go from the longest unit to the shortest, each once, as in `1h30m`"
	}
	return &QuantityError{"bad-value", message}
}

// cutNumber splits a text after its leading digits, which may hold one point
// between digits.
func cutNumber(text string) (number, rest string) {
	end := digits(text)
	if end == 0 {
		return "", text
	}
	if end < len(text) && text[end] == '.' {
		if fraction := digits(text[end+1:]); fraction > 0 {
			end += 1 + fraction
		}
	}
	return text[:end], text[end:]
}

func digits(text string) int {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n
}

// letters counts the bytes of the leading letters; all that is beyond ASCII counts.
func letters(text string) int {
	n := 0
	for n < len(text) && (text[n]|0x20 >= 'a' && text[n]|0x20 <= 'z' || text[n] >= 0x80) {
		n++
	}
	return n
}

// clip shortens a text that is repeated in a message.
func clip(text string) string {
	text = printable(text)
	const most = 40
	runes := 0
	for i := range text {
		if runes == most {
			return text[:i] + "…"
		}
		runes++
	}
	return text
}

// ParseRate reads `40/s`, `90/min`, `2k/s`, `1.5M/s`, `3/h` or `1/d` as a number
// per second.
func ParseRate(text string) (float64, error) {
	bad := &QuantityError{"bad-value", "`" + clip(text) + "` is not a rate; write for example `40/s`, `90/min`, `2k/s`, `3/h` or `1/d`"}
	if strings.HasPrefix(text, "-") {
		if _, err := ParseRate(text[1:]); err == nil {
			return 0, &QuantityError{"out-of-range", "a rate cannot be negative"}
		}
	}
	number, rest := cutNumber(text)
	if number == "" || len(number) > maxDigits {
		return 0, bad
	}
	factor, per := multiplier(rest)
	if per == "" {
		return 0, &QuantityError{"missing-unit", "a rate needs a unit of time: `" + text + "/s`, `" + text + "/min`, `" + text + "/h` or `" + text + "/d`"}
	}
	var seconds float64
	switch per {
	case "/s":
		seconds = 1
	case "/min":
		seconds = 60
	case "/h":
		seconds = 3600
	case "/d":
		seconds = 86400
	case "/m":
		return 0, &QuantityError{"bad-value", "write `/min` for a rate per minute: `" + strings.TrimSuffix(text, "/m") + "/min`"}
	default:
		return 0, bad
	}
	value, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, bad
	}
	if value = value * factor / seconds; value > maxRate {
		return 0, &QuantityError{"out-of-range", "a rate can be 1G/s at most"}
	}
	return value, nil
}

// multiplier cuts a leading k, M or G off.
func multiplier(text string) (factor float64, rest string) {
	switch {
	case strings.HasPrefix(text, "k"):
		return 1e3, text[1:]
	case strings.HasPrefix(text, "M"):
		return 1e6, text[1:]
	case strings.HasPrefix(text, "G"):
		return 1e9, text[1:]
	default:
		return 1, text
	}
}

// ParseShare reads `30%` or `0.3`, 0 to 1.
func ParseShare(text string) (float64, error) {
	value, err := ParseRatio(text)
	if err != nil {
		return 0, err
	}
	if value < 0 || value > 1 {
		message := "a share lies between 0% and 100% (0 and 1)"
		if value > 1 && value <= 100 && !strings.HasSuffix(text, "%") {
			message += "; did you mean `" + text + "%`?"
		}
		return 0, &QuantityError{"out-of-range", message}
	}
	return value, nil
}

// ParseRatio reads a share that may be negative or exceed 100%, such as headroom.
func ParseRatio(text string) (float64, error) {
	unsigned := strings.TrimPrefix(text, "-")
	number, rest := cutNumber(unsigned)
	if number == "" || len(number) > maxDigits || rest != "" && rest != "%" {
		return 0, &QuantityError{"bad-value", "`" + clip(text) + "` is not a share; write for example `30%` or `0.3`"}
	}
	// Shifting the exponent keeps 99.9% the nearest number to 0.999.
	exponent := ""
	if rest == "%" {
		exponent = "e-2"
	}
	value, err := strconv.ParseFloat(number+exponent, 64)
	if err != nil {
		return 0, &QuantityError{"out-of-range", "`" + clip(text) + "` is too large"}
	}
	if unsigned != text {
		value = -value
	}
	return value, nil
}

// ParseCount reads `12`, `10k` or `2M`.
func ParseCount(text string) (int64, error) {
	bad := &QuantityError{"bad-value", "`" + clip(text) + "` is not a count; write a whole number such as `12`, `10k` or `2M`"}
	unsigned := strings.TrimPrefix(text, "-")
	end := digits(unsigned)
	if end == 0 {
		return 0, bad
	}
	factor, rest := multiplier(unsigned[end:])
	if rest != "" {
		return 0, bad
	}
	if unsigned != text {
		return 0, &QuantityError{"out-of-range", "a count cannot be negative"}
	}
	value, err := strconv.ParseInt(unsigned[:end], 10, 64)
	if err != nil || value > maxCount/int64(factor) {
		return 0, &QuantityError{"out-of-range", "`" + clip(text) + "` is too large"}
	}
	return value * int64(factor), nil
}

// ParseNumber reads a plain decimal number such as `2`, `0.99` or `1e-3`.
func ParseNumber(text string) (float64, error) {
	bad := &QuantityError{"bad-value", "`" + clip(text) + "` is not a number; write for example `2` or `1.5`"}
	for i := range len(text) {
		if !strings.ContainsRune("0123456789.+-eE", rune(text[i])) {
			return 0, bad
		}
	}
	value, err := strconv.ParseFloat(text, 64)
	if math.IsInf(value, 0) {
		return 0, &QuantityError{"out-of-range", "`" + clip(text) + "` is too large"}
	}
	if err != nil {
		return 0, bad
	}
	return value, nil
}
