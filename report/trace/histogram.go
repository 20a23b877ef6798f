package trace

import (
	"math"
	"math/bits"
	"slices"
)

// A Histogram counts durations in buckets that are linear within each power of
// two (64 of them, as in HdrHistogram), so that a value is known to 1/128 and a
// quantile of it, interpolated inside its bucket, to better than 1%.
//
//	0..63 ns exact | 64..127 by 1 | 128..255 by 2 | 256..511 by 4 | …
//
// Count, Sum and Max are exact. It holds only the powers of two between the
// least and the largest value. The zero value is empty and ready to use; a copy
// shares the buckets and must not be added to.
type Histogram struct {
	Count   uint64
	Sum     float64 // ns
	Max     int64   // ns
	base    int     // bucket of buckets[0], a multiple of octave
	buckets []uint64
}

const (
	subBits = 6
	octave  = 1 << subBits
	// maxBits bounds the values told apart: 2^52 ns are 52 days.
	maxBits = 52
	// Buckets is how many there can be.
	Buckets = (maxBits - subBits + 1) * octave
)

// Bucket in which a Histogram counts a duration of ns ≥ 0 nanoseconds.
func Bucket(ns int64) int {
	v := min(uint64(ns), 1<<maxBits-1)
	shift := bits.Len64(v|octave) - (subBits + 1)
	return shift<<subBits + int(v>>uint(shift))
}

// bounds of bucket i: low ≤ v < high, in ns.
func bounds(i int) (low, high int64) {
	if i < octave {
		return int64(i), int64(i) + 1
	}
	e := uint(i>>subBits) - 1
	low = int64(octave|i&(octave-1)) << e
	return low, low + 1<<e
}

// reach makes room for the buckets from lo to hi.
func (h *Histogram) reach(lo, hi int) {
	lo &^= octave - 1
	hi |= octave - 1
	if len(h.buckets) > 0 {
		if lo >= h.base && hi < h.base+len(h.buckets) {
			return
		}
		lo, hi = min(lo, h.base), max(hi, h.base+len(h.buckets)-1)
	}
	wider := make([]uint64, hi-lo+1)
	if len(h.buckets) > 0 {
		copy(wider[h.base-lo:], h.buckets)
	}
	h.base, h.buckets = lo, wider
}

// Record counts one duration of ns nanoseconds.
func (h *Histogram) Record(ns int64) {
	i := Bucket(ns)
	h.reach(i, i)
	h.buckets[i-h.base]++
	h.Count++
	h.Sum += float64(ns)
	h.Max = max(h.Max, ns)
}

// Clone is a copy with buckets of its own.
func (h *Histogram) Clone() Histogram {
	c := *h
	c.buckets = slices.Clone(h.buckets)
	return c
}

// Add counts everything that other holds.
func (h *Histogram) Add(other *Histogram) {
	if other.Count == 0 {
		return
	}
	h.reach(other.base, other.base+len(other.buckets)-1)
	for k, n := range other.buckets {
		h.buckets[other.base-h.base+k] += n
	}
	h.Count += other.Count
	h.Sum += other.Sum
	h.Max = max(h.Max, other.Max)
}

// AddCounts counts what was counted elsewhere by Bucket: per bucket from the
// given one on, a multiple of 64, with the sum and the largest of the durations
// in ns. The first and the last 64 must hold something.
func (h *Histogram) AddCounts(from int, counts []uint32, sum float64, largest int64) {
	h.reach(from, from+len(counts)-1)
	into := h.buckets[from-h.base:][:len(counts)]
	var n uint64
	for k, c := range counts {
		into[k] += uint64(c)
		n += uint64(c)
	}
	h.Count += n
	h.Sum += sum
	h.Max = max(h.Max, largest)
}

// Reset empties h.
func (h *Histogram) Reset() {
	clear(h.buckets)
	h.Count, h.Sum, h.Max = 0, 0, 0
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
	for k, n := range h.buckets {
		if n > 0 {
			low, high := bounds(h.base + k)
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
	var above uint64
	for k := max(0, Bucket(ns)+1-h.base); k < len(h.buckets); k++ {
		above += h.buckets[k]
	}
	return float64(above) / float64(h.Count)
}

// Within is how many values are at most so many seconds, interpolated inside a
// bucket as Quantile does.
func (h *Histogram) Within(seconds float64) float64 {
	ns := seconds * 1e9
	if ns > float64(h.Max)-0.5 { // Max itself, but for rounding
		return float64(h.Count)
	}
	var below float64
	for k, n := range h.buckets {
		low, high := bounds(h.base + k)
		switch {
		case float64(high) <= ns:
			below += float64(n)
		case float64(low) <= ns && high-low > 1:
			below += float64(n) * (ns - float64(low)) / float64(high-low)
		case float64(low) <= ns:
			below += float64(n)
		}
	}
	return below
}

// Quantile of order q (0..1) in seconds, interpolated inside its bucket; NaN
// without a value.
func (h *Histogram) Quantile(q float64) float64 {
	if h.Count == 0 {
		return math.NaN()
	}
	rank := q * float64(h.Count)
	var below float64
	for k, count := range h.buckets {
		n := float64(count)
		if n == 0 || below+n < rank {
			below += n
			continue
		}
		low, high := bounds(h.base + k)
		at := float64(low)
		if high-low > 1 {
			at += float64(high-low) * (rank - below) / n
		}
		return min(at, float64(h.Max)) / 1e9
	}
	return float64(h.Max) / 1e9
}
