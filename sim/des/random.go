package des

import "math/bits"

// Rand is a small random number generator (wyrand, Wang Yi 2019: a Weyl
// sequence whose steps are mixed by a 64 × 64 → 128 bit multiplication). It is a
// value: a draw that belongs to a request starts one from the request's key, so
// that what a request meets does not depend on who drew before it.
type Rand struct{ state uint64 }

// From returns the generator of a key and a purpose.
func From(key, purpose uint64) Rand { return Rand{key ^ purpose} }

// Uint64 returns 64 random bits.
func (r *Rand) Uint64() uint64 {
	r.state += 0xa0761d6478bd642f
	hi, lo := bits.Mul64(r.state, r.state^0xe7037ed1a0b428db)
	return hi ^ lo
}

// Float64 is uniform in [0, 1).
func (r *Rand) Float64() float64 { return float64(r.Uint64()>>11) * (1.0 / (1 << 53)) }

// Below is uniform in 0..n-1, n > 0 (by multiplication; the bias is below n/2^64).
func (r *Rand) Below(n int) int {
	hi, _ := bits.Mul64(r.Uint64(), uint64(n))
	return int(hi)
}

// Mix hashes two words into one.
func Mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0x8ebc6af09c88c6e3, b^0x589965cc75374cc3)
	return hi ^ lo
}

// Stream is the seed of a named stream: names that differ give independent
// streams (FNV-1a over the names, then mixed with the seed twice).
func Stream(seed uint64, names ...string) uint64 {
	h := uint64(14695981039346656037)
	for _, name := range names {
		for i := range len(name) {
			h = (h ^ uint64(name[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211 // "ab","c" is not "a","bc"
	}
	return Mix(Mix(seed, h), 0x1d8e4e27c47d124f)
}
