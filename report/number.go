package report

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// A Number is a figure of the results. NaN means that it cannot be said (no
// request, no measurement) and is null in JSON.
type Number float64

// Known tells whether there is a figure at all.
func (n Number) Known() bool { return !math.IsNaN(float64(n)) && !math.IsInf(float64(n), 0) }

// unknown is the figure that cannot be said.
func unknown() Number { return Number(math.NaN()) }

// quotient is a/b, unknown where b is 0.
func quotient(a, b float64) Number {
	if b == 0 {
		return unknown()
	}
	return Number(a / b)
}

// digits is how many significant digits a fraction keeps in JSON: more than any
// run can support, and few enough that the last bits of a division, which may
// differ between processors, do not show.
const digits = 10

// appendNumber writes whole numbers exactly and the rest to ten digits.
func appendNumber(to []byte, x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return append(to, "null"...)
	}
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return strconv.AppendInt(to, int64(x), 10)
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	if err != nil {
		panic(fmt.Sprintf("report: %v does not survive its own formatting: %v", x, err))
	}
	if a := math.Abs(short); a < 1e-6 || a >= 1e21 {
		return strconv.AppendFloat(to, short, 'e', -1, 64)
	}
	return strconv.AppendFloat(to, short, 'f', -1, 64)
}

// MarshalJSON writes null for what cannot be said.
func (n Number) MarshalJSON() ([]byte, error) { return appendNumber(nil, float64(n)), nil }

// UnmarshalJSON reads null as NaN.
func (n *Number) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*n = unknown()
		return nil
	}
	return json.Unmarshal(data, (*float64)(n))
}

// A Column is a series: a figure per window, NaN where it cannot be said.
type Column []float64

// MarshalJSON writes an array, also for a nil column, with null for NaN.
func (c Column) MarshalJSON() ([]byte, error) {
	out := append(make([]byte, 0, 2+8*len(c)), '[')
	for i, x := range c {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendNumber(out, x)
	}
	return append(out, ']'), nil
}

// UnmarshalJSON reads null as NaN.
func (c *Column) UnmarshalJSON(data []byte) error {
	var numbers []Number
	if err := json.Unmarshal(data, &numbers); err != nil {
		return err
	}
	*c = make(Column, len(numbers))
	for i, n := range numbers {
		(*c)[i] = float64(n)
	}
	return nil
}

// counts turns counters into a column.
func counts(of []uint32) Column {
	c := make(Column, len(of))
	for i, n := range of {
		c[i] = float64(n)
	}
	return c
}
