package policy

import "math/bits"

// share is a random word as a number in [0,1).
func share(random uint64) float64 { return float64(random>>11) * (1.0 / (1 << 53)) }

// below is a random word as a number from 0 to n-1.
func below(n int, random uint64) int {
	hi, _ := bits.Mul64(random, uint64(n))
	return int(hi)
}

// golden and scatter are the step and the finalizer of splitmix64 (Steele, Lea and
// Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014): words a step
// apart become unrelated ones.
const golden = 0x9e3779b97f4a7c15

func scatter(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
