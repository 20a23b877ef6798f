package trace

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// number is a float64 that survives JSON exactly; NaN is null and the
// infinities are "+Inf" and "-Inf".
type number float64

func appendNumber(to []byte, x float64) []byte {
	switch {
	case math.IsNaN(x):
		return append(to, "null"...)
	case math.IsInf(x, 0):
		return append(strconv.AppendFloat(append(to, '"'), x, 'g', -1, 64), '"')
	}
	return strconv.AppendFloat(to, x, 'g', -1, 64)
}

func (n number) MarshalJSON() ([]byte, error) { return appendNumber(nil, float64(n)), nil }

func (n *number) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "null":
		*n = number(math.NaN())
	case `"+Inf"`:
		*n = number(math.Inf(1))
	case `"-Inf"`:
		*n = number(math.Inf(-1))
	default:
		return json.Unmarshal(data, (*float64)(n))
	}
	return nil
}

// column is a series of numbers; nil is null.
type column []float64

func (c column) MarshalJSON() ([]byte, error) {
	if c == nil {
		return []byte("null"), nil
	}
	out := append(make([]byte, 0, 2+8*len(c)), '[')
	for i, x := range c {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendNumber(out, x)
	}
	return append(out, ']'), nil
}

func (c *column) UnmarshalJSON(data []byte) error {
	*c = nil
	var numbers []number
	if err := json.Unmarshal(data, &numbers); err != nil {
		return err
	}
	if numbers == nil {
		return nil
	}
	*c = make(column, len(numbers))
	for i, n := range numbers {
		(*c)[i] = float64(n)
	}
	return nil
}

// histogramRecord is a Histogram with its buckets as pairs of index and count.
type histogramRecord struct {
	Count   uint64      `json:"count"`
	Sum     number      `json:"sum_ns"`
	Max     int64       `json:"max_ns"`
	Buckets [][2]uint64 `json:"buckets,omitempty"`
}

// MarshalJSON writes the buckets that hold something.
func (h Histogram) MarshalJSON() ([]byte, error) {
	r := histogramRecord{Count: h.Count, Sum: number(h.Sum), Max: h.Max}
	for k, n := range h.buckets {
		if n > 0 {
			r.Buckets = append(r.Buckets, [2]uint64{uint64(h.base + k), n})
		}
	}
	return json.Marshal(r)
}

// UnmarshalJSON reads what MarshalJSON wrote; the buckets must be in order and
// add up to the count.
func (h *Histogram) UnmarshalJSON(data []byte) error {
	var r histogramRecord
	if err := json.Unmarshal(data, &r); err != nil {
		return err
	}
	*h = Histogram{Count: r.Count, Sum: float64(r.Sum), Max: r.Max}
	var sum uint64
	for k, pair := range r.Buckets {
		i, n := pair[0], pair[1]
		if i >= Buckets || k > 0 && i <= r.Buckets[k-1][0] || n == 0 {
			return fmt.Errorf("histogram: bucket %d is empty, out of order or beyond the last, %d", i, Buckets-1)
		}
		h.reach(int(i), int(i))
		h.buckets[int(i)-h.base] = n
		sum += n
	}
	if sum != r.Count {
		return fmt.Errorf("histogram: the buckets hold %d values of %d", sum, r.Count)
	}
	return nil
}
