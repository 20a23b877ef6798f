package cache

import (
	"math"

	"github.com/silverback-sim/silverback/sim/des"
)

// Popularity draws keys, which are ranks: 0 is the most popular. Make one with Uniform
// or Zipf. It takes constant time and memory for any number of keys.
//
// Zipf's law, rank k (from 1) with weight k^-s, is drawn by rejection inversion
// (Hörmann & Derflinger, "Rejection-inversion to generate variates from monotone
// discrete distributions", ACM TOMACS 6(3), 1996): the sum of the weights is bounded by
// the integral H of x^-s, whose inverse is known. Of the part of H between k − 1/2 and
// k + 1/2 only the last k^-s is accepted, nearly all of it but for small k.
//
//	H   k−½               k+½
//	 ─────┼─────┬───────────┼────
//	      reject   accept k        the accepted part is k^-s long
type Popularity struct {
	keys uint32
	s    float64 // 0: uniform

	one, all float64 // H where rank 1's accepted part begins, and at keys + 1/2
	sure     float64 // a point this close below its rank is certainly accepted
	// Where the accepted parts of the first ranks begin: nearly all points that are
	// not surely accepted are theirs.
	begin []float64
}

const begins = 128

// Uniform makes keys (at least 1) equally popular.
func Uniform(keys uint32) Popularity { return Popularity{keys: keys} }

// Zipf makes rank k as popular as k^-s, s ≥ 0, among at least 1 keys.
func Zipf(keys uint32, s float64) Popularity {
	if keys == 0 || math.IsNaN(s) || s < 0 {
		panic("cache: popularity without keys, or with a negative exponent")
	}
	p := Popularity{keys: keys, s: s}
	p.one = p.integral(1.5) - 1
	p.all = p.integral(float64(keys) + 0.5)
	p.sure = 2 - p.inverse(p.integral(2.5)-p.weight(2))
	for k := range begins {
		p.begin = append(p.begin, p.begins(float64(max(1, k))))
	}
	return p
}

// Keys is how many there are.
func (p *Popularity) Keys() uint32 { return p.keys }

// Key draws one.
func (p *Popularity) Key(r *des.Rand) uint32 {
	if p.s == 0 {
		return uint32(uint64(uint32(r.Uint64()>>32)) * uint64(p.keys) >> 32)
	}
	for {
		if rank, ok := p.at(p.all + float64(r.Float64()*(p.one-p.all))); ok {
			return rank - 1
		}
	}
}

// at is the rank (from 1) to which the point u of H belongs, and whether it is in the
// accepted part.
func (p *Popularity) at(u float64) (rank uint32, ok bool) {
	x := p.inverse(u)
	k := math.Floor(max(1, min(x+0.5, float64(p.keys))))
	rank = uint32(k)
	switch {
	case k-x <= p.sure:
		return rank, true
	case rank < begins:
		return rank, u >= p.begin[rank]
	}
	return rank, u >= p.begins(k)
}

// begins is where the accepted part of rank k does.
func (p *Popularity) begins(k float64) float64 { return p.integral(k+0.5) - p.weight(k) }

func (p *Popularity) weight(x float64) float64 { return des.Exp(-float64(p.s * des.Log(x))) }

// integral of x^-s from 1: (x^(1−s) − 1)/(1−s), which is log x at s = 1.
func (p *Popularity) integral(x float64) float64 {
	l := des.Log(x)
	return l * expm1Over(float64((1-p.s)*l))
}

// inverse of integral.
func (p *Popularity) inverse(u float64) float64 {
	const above = 1 - 1.0/(1<<53) // H of very large s ends within an ulp of its limit
	return des.Exp(u * log1pOver(max(float64(u*(1-p.s)), -above)))
}

// The two below are 1 at 0. Close to it, their series are exact to the last bits.
const near = 1e-3

// expm1Over is (e^x − 1)/x.
func expm1Over(x float64) float64 {
	if math.Abs(x) > near {
		return (des.Exp(x) - 1) / x
	}
	return 1 + float64(x/2*(1+float64(x/3*(1+float64(x/4*(1+x/5))))))
}

// log1pOver is log(1 + x)/x.
func log1pOver(x float64) float64 {
	if math.Abs(x) > near {
		return des.Log(1+x) / x
	}
	return 1 - float64(x*(1.0/2-float64(x*(1.0/3-float64(x*(1.0/4-float64(x*(1.0/5-x/6))))))))
}
