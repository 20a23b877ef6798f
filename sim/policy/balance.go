package policy

import "math/bits"

// The balancers choose one of the candidates (instances believed healthy, in
// rotation order), given how many requests each instance has in flight from the
// balancer's point of view: from the pick until the reply, the reset or the
// caller's giving up. There must be at least one candidate.

// RoundRobin takes the candidates in turn.
type RoundRobin struct{ next uint32 }

// Pick the next candidate. After the rotation changed, it goes on at the same
// place.
func (r *RoundRobin) Pick(candidates []int32) int32 {
	if r.next >= uint32(len(candidates)) {
		r.next = 0
	}
	i := candidates[r.next]
	r.next++
	return i
}

// StartAt a random one of n candidates, so that many who take turns by themselves do
// not go in step.
func (r *RoundRobin) StartAt(n int, random uint64) { r.next = uint32(below(n, random)) }

// Random picks uniformly.
func Random(candidates []int32, random uint64) int32 {
	return candidates[below(len(candidates), random)]
}

// LeastRequests picks the candidate with the fewest requests in flight; ties
// are broken at random. inFlight is indexed by instance.
func LeastRequests(candidates, inFlight []int32, random uint64) int32 {
	least, ties := inFlight[candidates[0]], 0
	for _, c := range candidates {
		switch n := inFlight[c]; {
		case n < least:
			least, ties = n, 1
		case n == least:
			ties++
		}
	}
	k := 0
	if ties > 1 {
		k = below(ties, random)
	}
	for _, c := range candidates {
		if inFlight[c] == least {
			if k == 0 {
				return c
			}
			k--
		}
	}
	return candidates[0]
}

// PowerOfTwo compares two distinct candidates drawn at random and picks the one
// with fewer requests in flight; a tie goes to the first drawn, which is random
// (Mitzenmacher, "The power of two choices in randomized load balancing", 2001).
func PowerOfTwo(candidates, inFlight []int32, random uint64) int32 {
	n := len(candidates)
	if n == 1 {
		return candidates[0]
	}
	hi, lo := bits.Mul64(random, uint64(n))
	i := int(hi)
	j := below(n-1, lo) // what the first draw left over is as random
	if j >= i {
		j++
	}
	a, b := candidates[i], candidates[j]
	if inFlight[b] < inFlight[a] {
		return b
	}
	return a
}
