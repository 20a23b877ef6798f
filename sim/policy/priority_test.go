package policy

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestAdmits(t *testing.T) {
	for _, c := range []struct {
		limit int64
		below int
		want  int64
	}{{100, 0, 100}, {100, 1, 90}, {100, 2, 80}, {10, 2, 8}, {5, 1, 5}, {5, 2, 4}, {1, 2, 1}, {50_000_000, 1, 45_000_000}} {
		if got := Admits(c.limit, c.below); got != c.want {
			t.Errorf("%d steps below, %d of %d are admitted, want %d", c.below, got, c.limit, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		limit, below := rapid.Int64Min(0).Draw(t, "limit"), rapid.IntRange(0, 2).Draw(t, "below")
		share := new(big.Int).Mul(big.NewInt(limit), big.NewInt(int64(10-below)))
		want := share.Add(share, big.NewInt(9)).Div(share, big.NewInt(10)).Int64()
		if got := Admits(limit, below); got != want {
			t.Fatalf("%d steps below, %d of %d are admitted, want %d", below, got, limit, want)
		}
	})
}
