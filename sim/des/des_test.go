package des

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSetTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := NewSet()
		var twin []Event // sorted
		seq := uint64(0)
		for range rapid.IntRange(1, 300).Draw(t, "ops") {
			if len(twin) > 0 && rapid.Bool().Draw(t, "take") {
				got := h.Min()
				if got.At != twin[0].At || got.WithID(0) != twin[0].WithID(0) {
					t.Fatalf("Min = %v, want %v", got, twin[0])
				}
				if id := h.Take(); id != twin[0].ID() {
					t.Fatalf("Take = %v, want %v", id, twin[0].ID())
				}
				twin = twin[1:]
				continue
			}
			seq++
			e := NewEvent(rapid.Int64Range(-10, 10).Draw(t, "at"), seq, uint32(seq%7))
			h.Push(e)
			i, _ := slices.BinarySearchFunc(twin, e, func(a, b Event) int {
				if a.At < b.At || a.At == b.At && a.Order < b.Order {
					return -1
				}
				return 1
			})
			twin = slices.Insert(twin, i, e)
			if h.Len() != len(twin) {
				t.Fatalf("Len = %d, want %d", h.Len(), len(twin))
			}
		}
	})
}

func TestLineTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l Line
		var twin []Event
		for i := range rapid.IntRange(1, 200).Draw(t, "ops") {
			if len(twin) > 0 && rapid.Bool().Draw(t, "pop") {
				if l.Head() != twin[0] || l.Pop() != twin[0] {
					t.Fatal("not first in, first out")
				}
				twin = twin[1:]
				continue
			}
			e := NewEvent(0, uint64(i), 0)
			if first := l.Push(e); first != (len(twin) == 0) {
				t.Fatal("Push does not know the head")
			}
			twin = append(twin, e)
		}
		if l.Len() != len(twin) {
			t.Fatal("length differs")
		}
	})
}

func TestFloatFunctions(t *testing.T) {
	r := From(1, 2)
	for range 200000 {
		x := (r.Float64() - 0.5) * 1400
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 1e-15*want {
			t.Fatalf("exp(%g) = %g, want %g", x, got, want)
		}
		y := math.Exp(x)
		if got, want := log(y), math.Log(y); math.Abs(got-want) > 1e-15*max(1, math.Abs(want)) {
			t.Fatalf("log(%g) = %g, want %g", y, got, want)
		}
	}
}

func TestGammaFunction(t *testing.T) {
	for x := 1.0; x < 100; x += 0.37 {
		if got, want := gammaFunction(x), math.Gamma(x); math.Abs(got-want) > 2e-13*want {
			t.Fatalf("gamma(%g) = %g, want %g", x, got, want)
		}
	}
}

// TestZigguratCloses checks the tables against the method's own condition: the
// topmost layer ends at the density's maximum.
func TestZigguratCloses(t *testing.T) {
	for name, z := range map[string]*ziggurat{"exp": expZig, "normal": normalZig} {
		area := expArea
		if name == "normal" {
			area = normalArea
		}
		if top := z.y[1] + area/(z.width[1]*(1<<53)); math.Abs(top-1) > 1e-8 {
			t.Errorf("%s: top at %v, want 1", name, top)
		}
	}
}

func TestDelayMoments(t *testing.T) {
	const ms = 1_000_000
	sigma99 := math.Log(4) / 2.3263478740408408
	half := math.Sqrt(math.Log(1 + 0.25)) // sigma of a lognormal with cv 0.5
	cases := []struct {
		name     string
		d        Delay
		mean, sd float64 // ms
	}{
		{"constant", Constant(10 * ms), 10, 0},
		{"exponential", Exponential(10 * ms), 10, 10},
		{"lognormal", Lognormal(10*ms, half), 10 * math.Exp(half*half/2), 5 * math.Exp(half*half/2)},
		{"lognormal by quantile", LognormalQuantile(10*ms, 40*ms), 10 * math.Exp(sigma99*sigma99/2), 10 * math.Exp(sigma99*sigma99/2) * math.Sqrt(math.Exp(sigma99*sigma99)-1)},
		{"lognormal by mean", LognormalMean(10*ms, 0.5), 10, 5},
		{"gamma cv 2", Gamma(10*ms, 2), 10, 20},
		{"gamma cv 0.5", Gamma(10*ms, 0.5), 10, 5},
		{"erlang 4", Erlang(4, 10*ms), 10, 5},
		{"erlang 100", Erlang(100, 10*ms), 10, 1},
		{"hyperexponential", Hyperexponential(10*ms, 2), 10, 20},
		{"uniform", Uniform(5*ms, 15*ms), 10, 10 / math.Sqrt(12)},
		{"normal", Normal(10*ms, 1*ms), 10, 1},
		{"weibull 2", Weibull(10*ms, 2), 10, 10 * math.Sqrt(math.Gamma(2)/math.Pow(math.Gamma(1.5), 2)-1)},
		{"pareto 5", Pareto(8*ms, 5), 10, 8 * math.Sqrt(5.0/(16*3))},
		{"quantiles", Quantiles([]KneePoint{{0, 0}, {0.5, 10 * ms}, {1, 20 * ms}}), 10, 20 / math.Sqrt(12)},
	}
	for _, c := range cases {
		const n = 400_000
		var sum, ss float64
		for i := range n {
			r := From(Mix(7, uint64(i)), 3)
			v := float64(c.d.Sample(&r)) / ms
			sum += v
			ss += v * v
		}
		mean := sum / n
		sd := math.Sqrt(max(0, ss/n-mean*mean))
		if se := c.sd / math.Sqrt(n); math.Abs(mean-c.mean) > 4*se+0.001 {
			t.Errorf("%s: mean %.4f, want %.4f ± %.4f", c.name, mean, c.mean, se)
		}
		if math.Abs(sd-c.sd) > 0.05*c.sd+0.01 {
			t.Errorf("%s: standard deviation %.4f, want %.4f", c.name, sd, c.sd)
		}
	}
}

// TestLaws compares empirical distributions of the primitives with their CDFs
// (Kolmogorov-Smirnov; 1.95/√n is the 0.1% critical value).
func TestLaws(t *testing.T) {
	const n = 200_000
	laws := map[string]struct {
		draw func(*Rand) float64
		cdf  func(float64) float64
	}{
		"uniform": {(*Rand).Float64, func(x float64) float64 { return x }},
		"exp":     {(*Rand).Exp, func(x float64) float64 { return 1 - math.Exp(-x) }},
		"normal":  {(*Rand).Normal, func(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }},
	}
	for name, law := range laws {
		xs := make([]float64, n)
		for i := range xs {
			r := From(Mix(11, uint64(i)), 0) // a key per draw, as the engine does
			xs[i] = law.draw(&r)
		}
		slices.Sort(xs)
		var d float64
		for i, x := range xs {
			f := law.cdf(x)
			d = max(d, math.Abs(f-float64(i)/n), math.Abs(f-float64(i+1)/n))
		}
		if d > 1.95/math.Sqrt(n) {
			t.Errorf("%s: KS distance %.5f exceeds %.5f", name, d, 1.95/math.Sqrt(n))
		}
	}
}

func TestStreamsDiffer(t *testing.T) {
	seen := map[uint64]string{}
	for _, names := range [][]string{{"a", "b"}, {"ab"}, {"a", "b", ""}, {"b", "a"}} {
		s := Stream(1, names...)
		if other, dup := seen[s]; dup {
			t.Errorf("%q and %s share a stream", names, other)
		}
		seen[s] = names[0]
	}
	if Stream(1, "a") == Stream(2, "a") {
		t.Error("the seed does not matter")
	}
}

func BenchmarkHold(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		b.Run(sizeName(n), func(b *testing.B) {
			h := NewSet()
			r := From(1, 1)
			for i := range n {
				h.Push(NewEvent(Time(r.Exp()*1e6), uint64(i), 0))
			}
			b.ReportAllocs()
			b.ResetTimer()
			seq := uint64(n)
			for range b.N {
				e := h.Min()
				h.Take()
				h.Push(NewEvent(e.At+Time(r.Exp()*1e6), seq, 0))
				seq++
			}
		})
	}
}

func sizeName(n int) string {
	switch {
	case n >= 1_000_000:
		return "1M"
	case n >= 10_000:
		return "10k"
	}
	return "100"
}

func BenchmarkExp(b *testing.B) {
	r := From(1, 1)
	var s float64
	for range b.N {
		s += r.Exp()
	}
	_ = s
}

func BenchmarkLognormal(b *testing.B) {
	d := Lognormal(1e6, 1)
	r := From(1, 1)
	for range b.N {
		d.Sample(&r)
	}
}

// TestGammaSqueeze: the squeeze accepts nothing that the density would not.
func TestGammaSqueeze(t *testing.T) {
	for _, shape := range []float64{1, 1.69, 4, 30, 1000} {
		for i := range uint64(100_000) {
			r := From(Mix(i, 5), 1)
			twin := r
			if got, want := r.gamma(shape), gammaTwin(&twin, shape); got != want {
				t.Fatalf("shape %v, draw %d: %v, without the squeeze %v", shape, i, got, want)
			}
		}
	}
}

func gammaTwin(r *Rand, shape float64) float64 {
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.Normal()
		v := 1 + float64(c*x)
		if v <= 0 {
			continue
		}
		v = float64(float64(v*v) * v)
		if log(1-r.Float64()) < float64(float64(x*x)/2)+d-float64(d*v)+float64(d*log(v)) {
			return float64(d * v)
		}
	}
}
