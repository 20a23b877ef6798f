package des

import "math"

// Delay is a compiled distribution of a duration. Samples are rounded to 1 us,
// so that a last bit of a float does not travel into a result. The zero value
// is the constant 0. See the constructors for the distributions.
type Delay struct {
	kind  delayKind
	a, b  float64 // us, or without unit, by kind
	c     float64
	fixed Time        // of constants
	curve []KneePoint // of quantiles
}

// KneePoint is a point of a piecewise linear inverse CDF: at Share of the
// probability the value is Value ns.
type KneePoint struct {
	Share float64
	Value Time
}

type delayKind uint8

const (
	constant delayKind = iota
	exponential
	lognormal
	gamma
	erlang
	hyperexponential
	uniform
	normal
	weibull
	pareto
	quantiles
)

// longest sample: 100 years in us. Heavy tails are cut there.
const longest = 3.15576e15

// Constant always takes d.
func Constant(d Time) Delay { return Delay{kind: constant, fixed: d} }

// Exponential with the given mean.
func Exponential(mean Time) Delay { return Delay{kind: exponential, a: us(mean)} }

// Lognormal is exp(mu + sigma·Z), mu being the log of the median.
func Lognormal(median Time, sigma float64) Delay {
	return Delay{kind: lognormal, a: us(median), b: sigma}
}

// z99 is the 99% quantile of the standard normal distribution.
const z99 = 2.3263478740408408

// LognormalQuantile has the given median and 99% quantile.
func LognormalQuantile(median, p99 Time) Delay {
	return Lognormal(median, log(float64(p99)/float64(median))/z99)
}

// LognormalMean has the given mean and coefficient of variation.
func LognormalMean(mean Time, cv float64) Delay {
	s2 := log(1 + float64(cv*cv))
	return Lognormal(Time(float64(float64(mean)*exp(-s2/2))+0.5), math.Sqrt(s2))
}

// Gamma with the given mean and coefficient of variation.
func Gamma(mean Time, cv float64) Delay {
	shape := 1 / float64(cv*cv)
	return Delay{kind: gamma, a: us(mean) / shape, b: shape}
}

// Erlang is the sum of k exponentials.
func Erlang(k int, mean Time) Delay {
	if k > 16 {
		return Gamma(mean, 1/math.Sqrt(float64(k)))
	}
	return Delay{kind: erlang, a: us(mean) / float64(k), b: float64(k)}
}

// Hyperexponential of two phases with balanced means (each phase carries half
// of the mean) and a coefficient of variation above 1.
func Hyperexponential(mean Time, cv float64) Delay {
	scv := float64(cv * cv)
	p := (1 + math.Sqrt((scv-1)/(scv+1))) / 2
	return Delay{kind: hyperexponential, a: us(mean) / float64(2*p), b: us(mean) / float64(2*(1-p)), c: p}
}

// Uniform between low and high.
func Uniform(low, high Time) Delay {
	return Delay{kind: uniform, a: us(low), b: us(high) - us(low)}
}

// Normal is redrawn while negative.
func Normal(mean, stddev Time) Delay { return Delay{kind: normal, a: us(mean), b: us(stddev)} }

// Weibull with the given mean and shape: scale·E^(1/shape), E exponential.
func Weibull(mean Time, shape float64) Delay {
	return Delay{kind: weibull, a: us(mean) / gammaFunction(1+1/shape), b: 1 / shape}
}

// Pareto of type I: low·U^(−1/alpha).
func Pareto(low Time, alpha float64) Delay {
	return Delay{kind: pareto, a: us(low), b: 1 / alpha}
}

// Quantiles is the piecewise linear inverse CDF through the points, which are
// sorted by share, the first at 0 and the last at 1.
func Quantiles(points []KneePoint) Delay { return Delay{kind: quantiles, curve: points} }

func us(d Time) float64 { return float64(d) / 1000 }

// Fixed reports whether every sample is the same, and which.
func (d *Delay) Fixed() (Time, bool) { return d.fixed, d.kind == constant }

// Sample draws a duration in ns.
func (d *Delay) Sample(r *Rand) Time {
	if d.kind == exponential {
		return Time(float64(d.a*r.Exp())+0.5) * 1000
	}
	return d.sampleOther(r)
}

func (d *Delay) sampleOther(r *Rand) Time {
	var v float64
	switch d.kind {
	case lognormal:
		v = d.a * exp(float64(d.b*r.Normal()))
	case gamma:
		v = d.a * r.gamma(d.b)
	case erlang:
		for range int(d.b) {
			v += r.Exp()
		}
		v *= d.a
	case hyperexponential:
		mean := d.a
		if r.Float64() >= d.c {
			mean = d.b
		}
		v = mean * r.Exp()
	case uniform:
		v = d.a + float64(d.b*r.Float64())
	case normal:
		for v = -1; v < 0; {
			v = d.a + float64(d.b*r.Normal())
		}
	case weibull:
		v = d.a * exp(float64(d.b*log(r.Exp())))
	case pareto:
		v = d.a * exp(float64(d.b*r.Exp()))
	case quantiles:
		v = d.onCurve(r.Float64())
	case constant:
		return d.fixed
	case exponential: // Sample knows it
	}
	return Time(min(float64(v), longest)+0.5) * 1000
}

func (d *Delay) onCurve(u float64) float64 {
	i := 1
	for i < len(d.curve)-1 && d.curve[i].Share < u {
		i++
	}
	p, q := d.curve[i-1], d.curve[i]
	if q.Share <= p.Share {
		return us(q.Value)
	}
	return us(p.Value) + float64((us(q.Value)-us(p.Value))*((u-p.Share)/(q.Share-p.Share)))
}

// gamma with the given shape and scale 1 (Marsaglia & Tsang, "A simple method
// for generating gamma variables", ACM TOMS 26(3), 2000).
func (r *Rand) gamma(shape float64) float64 {
	boost := 1.0
	if shape < 1 {
		boost = exp(-r.Exp() / shape) // U^(1/shape)
		shape++
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.Normal()
		v := 1 + float64(c*x)
		if v <= 0 {
			continue
		}
		v = float64(float64(v*v) * v)
		x2 := float64(x * x)
		u := 1 - r.Float64()
		// The paper's squeeze lies below the density, and needs no logarithm.
		if u < 1-float64(0.0331*float64(x2*x2)) || log(u) < float64(x2/2)+d-float64(d*v)+float64(d*log(v)) {
			return float64(d*v) * boost
		}
	}
}
