package trace

import (
	"math"
	"math/bits"
)

// A Histogram counts durations in buckets that are linear within each power of
// two (64 of them, as in HdrHistogram), so that a value is known to 1/128 and a
// quantile of it, interpolated inside its bucket, to better than 1%.
//
//	0..63 ns exact | 64..127 by 1 | 128..255 by 2 | 256..511 by 4 | …
//
// Count, Sum and Max are exact. The zero value is empty and ready to use.
type Histogram struct {
	Count   uint64
	Sum     float64 // ns
	Max     int64   // ns
	lo, hi  int32   // touched buckets: lo..hi-1
	buckets [Buckets]uint64
}

const (
	subBits = 6
	sub     = 1 << subBits
	// maxBits bounds the values told apart: 2^52 ns are 52 days.
	maxBits = 52
	// Buckets is how many there are.
	Buckets = (maxBits - subBits + 1) * sub
)

// Bucket in which a Histogram counts a duration of ns ≥ 0 nanoseconds.
func Bucket(ns int64) int {
	v := min(uint64(ns), 1<<maxBits-1)
	shift := bits.Len64(v|sub) - (subBits + 1)
	return shift<<subBits + int(v>>uint(shift))
}

// bounds of bucket i: low ≤ v < high, in ns.
func bounds(i int) (low, high int64) {
	if i < sub {
		return int64(i), int64(i) + 1
	}
	e := uint(i>>subBits) - 1
	low = int64(sub|i&(sub-1)) << e
	return low, low + 1<<e
}

// Record counts one duration of ns nanoseconds.
func (h *Histogram) Record(ns int64) {
	i := Bucket(ns)
	if h.Count == 0 {
		h.lo, h.hi = int32(i), int32(i)+1
	} else if int32(i) < h.lo {
		h.lo = int32(i)
	} else if int32(i) >= h.hi {
		h.hi = int32(i) + 1
	}
	h.buckets[i]++
	h.Count++
	h.Sum += float64(ns)
	if ns > h.Max {
		h.Max = ns
	}
}

// Add counts everything that other holds.
func (h *Histogram) Add(other *Histogram) {
	if other.Count == 0 {
		return
	}
	if h.Count == 0 {
		h.lo, h.hi = other.lo, other.hi
	} else {
		h.lo, h.hi = min(h.lo, other.lo), max(h.hi, other.hi)
	}
	for i := other.lo; i < other.hi; i++ {
		h.buckets[i] += other.buckets[i]
	}
	h.Count += other.Count
	h.Sum += other.Sum
	h.Max = max(h.Max, other.Max)
}

// AddCounts counts what was counted elsewhere by Bucket: per bucket from the
// given one on, with the sum and the largest of the durations in ns.
func (h *Histogram) AddCounts(from int, counts []uint32, sum float64, largest int64) {
	var n uint64
	lo, hi := int32(-1), int32(0)
	for i, c := range counts {
		if c == 0 {
			continue
		}
		i += from
		h.buckets[i] += uint64(c)
		n += uint64(c)
		hi = int32(i) + 1
		if lo < 0 {
			lo = int32(i)
		}
	}
	if n == 0 {
		return
	}
	if h.Count == 0 {
		h.lo, h.hi = lo, hi
	} else {
		h.lo, h.hi = min(h.lo, lo), max(h.hi, hi)
	}
	h.Count += n
	h.Sum += sum
	h.Max = max(h.Max, largest)
}

// Reset empties h.
func (h *Histogram) Reset() {
	clear(h.buckets[h.lo:h.hi])
	h.Count, h.Sum, h.Max, h.lo, h.hi = 0, 0, 0, 0, 0
}

// Mean in seconds; NaN without a value.
func (h *Histogram) Mean() float64 {
	if h.Count == 0 {
		return math.NaN()
	}
	return h.Sum / float64(h.Count) / 1e9
}

// StdDev in seconds, from the buckets' middles; NaN without a value.
func (h *Histogram) StdDev() float64 {
	if h.Count == 0 {
		return math.NaN()
	}
	mean := h.Mean() * 1e9
	var ss float64
	for i := h.lo; i < h.hi; i++ {
		if n := h.buckets[i]; n > 0 {
			low, high := bounds(int(i))
			d := (float64(low)+float64(high-1))/2 - mean
			ss += float64(n) * d * d
		}
	}
	return math.Sqrt(ss/float64(h.Count)) / 1e9
}

// Above is the share of values that exceed ns, to the resolution of a bucket;
// NaN without a value.
func (h *Histogram) Above(ns int64) float64 {
	if h.Count == 0 {
		return math.NaN()
	}
	var n uint64
	for i := max(int32(Bucket(ns))+1, h.lo); i < h.hi; i++ {
		n += h.buckets[i]
	}
	return float64(n) / float64(h.Count)
}

// Quantile of order q (0..1) in seconds, interpolated inside its bucket; NaN
// without a value.
func (h *Histogram) Quantile(q float64) float64 {
	if h.Count == 0 {
		return math.NaN()
	}
	rank := q * float64(h.Count)
	var below float64
	for i := h.lo; i < h.hi; i++ {
		n := float64(h.buckets[i])
		if n == 0 || below+n < rank {
			below += n
			continue
		}
		low, high := bounds(int(i))
		at := float64(low)
		if high-low > 1 {
			at += float64(high-low) * (rank - below) / n
		}
		return min(at, float64(h.Max)) / 1e9
	}
	return float64(h.Max) / 1e9
}
