package cache

import (
	"fmt"
	"math"
	"testing"

	"github.com/silverback-sim/silverback/sim/des"
	"pgregory.net/rapid"
)

// shares are the exact probabilities of all ranks.
func shares(keys int, s float64) []float64 {
	p := make([]float64, keys)
	sum := 0.0
	for i := range p {
		p[i] = math.Pow(float64(i+1), -s)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

var exponents = []float64{0, 0.01, 0.5, 0.8, 0.99, 0.9999, 1, 1.0001, 1.3, 2, 3.5, 8}

// TestZipfIsExact measures the accepted part of every rank: points of H in equal
// steps, of which each rank must get its share to within a step at both ends.
func TestZipfIsExact(t *testing.T) {
	const points = 100_000
	for _, keys := range []int{1, 2, 3, 10, 200} {
		for _, s := range exponents {
			p := Zipf(uint32(keys), s)
			parts := make([]float64, keys+1)
			accepted := 0.0
			for i := range points {
				u := p.all + (float64(i)+0.5)/points*(p.one-p.all)
				if rank, ok := p.at(u); ok {
					parts[rank]++
					accepted++
				}
			}
			for i, want := range shares(keys, s) {
				if got := parts[i+1] / accepted; math.Abs(got-want) > float64(2+keys)*want/accepted+2/accepted {
					t.Fatalf("%d keys, s %v: rank %d has %v, want %v", keys, s, i+1, got, want)
				}
			}
			if accepted < 0.6*points {
				t.Errorf("%d keys, s %v: only %v of the points are accepted", keys, s, accepted/points)
			}
		}
	}
}

// TestPopularityChiSquare draws; ranks of less than 20 expected draws count together.
func TestPopularityChiSquare(t *testing.T) {
	const draws = 200_000
	for i, s := range exponents {
		p := Zipf(1000, s)
		checkChiSquare(t, fmt.Sprintf("zipf %v", s), &p, shares(1000, s), draws, uint64(i))
	}
	p := Uniform(1000)
	checkChiSquare(t, "uniform", &p, shares(1000, 0), draws, 99)
}

func checkChiSquare(t *testing.T, name string, p *Popularity, want []float64, draws int, seed uint64) {
	t.Helper()
	got := make([]float64, len(want))
	r := des.From(seed, 0x5eed)
	for range draws {
		got[p.Key(&r)]++
	}
	var chi, degrees, rare, rareWant float64
	for i, share := range want {
		e := share * float64(draws)
		if e < 20 {
			rare, rareWant = rare+got[i], rareWant+e
			continue
		}
		chi += (got[i] - e) * (got[i] - e) / e
		degrees++
	}
	if rareWant > 0 {
		chi += (rare - rareWant) * (rare - rareWant) / max(rareWant, 1)
		degrees++
	}
	degrees = max(1, degrees-1)
	// Wilson & Hilferty 1931: the cube root is nearly normal; 4 deviations.
	if z := (math.Cbrt(chi/degrees) - (1 - 2/(9*degrees))) / math.Sqrt(2/(9*degrees)); z > 4 {
		t.Errorf("%s: chi-square %.1f with %v degrees of freedom, %.1f deviations", name, chi, degrees, z)
	}
}

// TestZipfOf100M compares what decades of ranks get with their sums, which beyond
// rank 1000 are integrals (the midpoint rule, error below 1e-7 of them).
func TestZipfOf100M(t *testing.T) {
	const keys, draws = 100_000_000, 300_000
	for _, s := range []float64{0, 0.6, 0.99, 1, 1.2, 2} {
		integral := func(a, b float64) float64 {
			if s == 1 {
				return math.Log(b / a)
			}
			return (math.Pow(b, 1-s) - math.Pow(a, 1-s)) / (1 - s)
		}
		want := make([]float64, 9) // by decade; the last is rank 10^8 alone
		for k := 1; k < 1000; k++ {
			want[int(math.Log10(float64(k)+0.1))] += math.Pow(float64(k), -s)
		}
		for d := 3; d < 8; d++ {
			want[d] = integral(math.Pow10(d)-0.5, math.Pow10(d+1)-0.5)
		}
		sum := 0.0
		for _, w := range want {
			sum += w
		}
		got := make([]float64, 9)
		p := Zipf(keys, s)
		r := des.From(7, uint64(s*100))
		for range draws {
			got[int(math.Log10(float64(p.Key(&r)+1)+0.1))]++
		}
		for d, w := range want {
			e := draws * w / sum
			if math.Abs(got[d]-e) > 5*math.Sqrt(e)+1 {
				t.Errorf("s %v: %v draws between 1e%d and 1e%d, want %.1f", s, got[d], d, d+1, e)
			}
		}
	}
}

// TestPopularityStaysInRange with any number of keys and any exponent.
func TestPopularityStaysInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.Uint32Range(1, math.MaxUint32).Draw(t, "keys")
		p := Uniform(keys)
		if rapid.Bool().Draw(t, "zipf") {
			p = Zipf(keys, rapid.Float64Range(0, 400).Draw(t, "s"))
		}
		r := des.From(rapid.Uint64().Draw(t, "seed"), 0)
		for range 50 {
			if k := p.Key(&r); k >= p.Keys() {
				t.Fatalf("key %d of %d", k, keys)
			}
		}
		for _, u := range []float64{p.one, p.all, math.Nextafter(p.one, p.all), math.Nextafter(p.all, p.one)} {
			if rank, _ := p.at(u); p.s > 0 && (rank < 1 || rank > keys) {
				t.Fatalf("the end %v of H belongs to rank %d", u, rank)
			}
		}
	})
}

// TestPopularityIsPortable pins draws: they must be these on every platform.
func TestPopularityIsPortable(t *testing.T) {
	h := uint64(14695981039346656037)
	for i, s := range exponents {
		for _, keys := range []uint32{10, 1_000_000, 100_000_000} {
			p := Zipf(keys, s)
			r := des.From(uint64(i), uint64(keys))
			for range 2000 {
				h = (h ^ uint64(p.Key(&r))) * 1099511628211
			}
		}
	}
	if h != 0x3c6b8315abd0d396 {
		t.Errorf("the draws hash to %#x", h)
	}
}

// TestScatterIsEven: neither the words of all keys nor those of the most popular ones
// prefer a place, and purposes are independent (chi-square).
func TestScatterIsEven(t *testing.T) {
	for _, keys := range []int{6400, 100_000} {
		for _, purpose := range []uint64{0, 1, golden} {
			places := make([]float64, 64)
			for k := range keys {
				places[(Scatter(uint32(k), purpose)^Scatter(uint32(k), purpose+7))>>58]++
			}
			chi, e := 0.0, float64(keys)/64
			for _, n := range places {
				chi += (n - e) * (n - e) / e
			}
			if chi > 117 { // 1e-5 of chi-square with 63 degrees of freedom
				t.Errorf("%d keys, purpose %d: chi-square %.1f", keys, purpose, chi)
			}
		}
	}
}

func BenchmarkZipf(b *testing.B) {
	for _, s := range []float64{0, 0.99, 1.2} {
		b.Run(fmt.Sprint(s), func(b *testing.B) {
			p := Zipf(100_000_000, s)
			r := des.From(1, 2)
			for b.Loop() {
				p.Key(&r)
			}
		})
	}
}
