package des

import "math"

// exp and log are written out because those of package math are assembly on
// some platforms and differ in the last bit on others. Every product is
// converted to float64, which forbids the compiler to fuse it with a sum.
// Relative error below 1e-15 over the ranges used here.

const (
	ln2Hi = 6.93147180369123816490e-01 // upper 33 bits of ln 2: k·ln2Hi is exact
	ln2Lo = 1.90821492927058770002e-10 // ln 2 − ln2Hi
)

// powers holds 2^(j/64).
//
//nolint:gochecknoglobals // a table, computed once and never written again
var powers = func() (t [64]float64) {
	for j := range t {
		t[j] = taylor(float64(j)*(math.Ln2/64), 20)
	}
	return t
}()

// taylor sums the series of e^x to x^n/n!.
func taylor(x float64, n int) float64 {
	p := 1.0
	for k := n; k >= 1; k-- {
		p = 1 + float64(float64(x/float64(k))*p)
	}
	return p
}

// Exp is e^x, the same on every platform; x is cut at ±708.
func Exp(x float64) float64 { return exp(x) }

// Log is the natural logarithm of x > 0, the same on every platform.
func Log(x float64) float64 { return log(x) }

// exp(x) = 2^k · 2^(j/64) · e^r with |r| ≤ ln2/128, so that r^6/720 is below half
// a unit in the last place.
func exp(x float64) float64 {
	switch {
	case x > 709:
		return math.MaxFloat64
	case x < -708:
		return 0
	}
	n := int(math.Floor(float64(x*(64/math.Ln2)) + 0.5))
	r := (x - float64(float64(n)*(ln2Hi/64))) - float64(float64(n)*(ln2Lo/64))
	r2 := float64(r * r)
	low := float64(r2*0.5) + float64(float64(r2*r)*(1.0/6))
	high := float64(float64(r2*r2) * (1.0/24 + float64(r*(1.0/120))))
	p := powers[n&63]
	p += float64(p * (r + low + high))
	return p * math.Float64frombits(uint64(n>>6+1023)<<52)
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

// gammaFunction for x ≥ 1, by the series of Lanczos ("A precision approximation of
// the gamma function", SIAM J. Numer. Anal. 1, 1964) with g = 7 and nine terms;
// relative error below 1e-13 up to 100.
func gammaFunction(x float64) float64 {
	x--
	sum := 0.99999999999980993
	for k, c := range [...]float64{
		676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
		12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
	} {
		sum += c / (x + float64(k+1))
	}
	t := x + 7.5
	const root2pi = 2.5066282746310005
	return float64(root2pi*sum) * exp(float64((x+0.5)*log(t))-t)
}
