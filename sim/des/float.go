package des

import "math"

// exp and log are written out because those of package math are assembly on
// some platforms and differ in the last bit on others. Every product is
// converted to float64, which forbids the compiler to fuse it with a sum.
// Relative error below 4e-16 over the ranges used here.

const (
	ln2Hi = 6.93147180369123816490e-01 // upper 33 bits of ln 2: k·ln2Hi is exact
	ln2Lo = 1.90821492927058770002e-10 // ln 2 − ln2Hi
)

func exp(x float64) float64 {
	switch {
	case x > 709:
		return math.MaxFloat64
	case x < -708:
		return 0
	}
	k := math.Floor(float64(x*(1/math.Ln2)) + 0.5)
	r := (x - float64(k*ln2Hi)) - float64(k*ln2Lo) // |r| ≤ ln2/2
	// Taylor series to r^13/13!, by Horner.
	p := 1.0 / 6227020800
	for _, c := range [...]float64{
		1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
		1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1,
	} {
		p = float64(p*r) + c
	}
	return math.Ldexp(p, int(k))
}

func log(x float64) float64 {
	f, e := math.Frexp(x) // x = f·2^e, f in [1/2, 1)
	if f < math.Sqrt2/2 {
		f, e = 2*f, e-1
	}
	// log f = 2·artanh s, s = (f−1)/(f+1), |s| ≤ 0.1716
	s := (f - 1) / (f + 1)
	s2 := float64(s * s)
	p := 1.0 / 23
	for _, c := range [...]float64{1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3} {
		p = float64(p*s2) + c
	}
	l := float64(2*s) + float64(float64(2*s)*float64(s2*p))
	return float64(float64(e)*ln2Hi) + (l + float64(float64(e)*ln2Lo))
}
