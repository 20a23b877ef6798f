package policy

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func identityOf(instance int32) uint64 { return 0x1234567 * uint64(instance+1) }

// TestRingTwin looks at every point of every member for the next one.
func TestRingTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r Ring
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			members := rapid.SliceOfNDistinct(rapid.Int32Range(0, 40), 1, 12, rapid.ID).Draw(t, "members")
			r.Follow(members, identityOf)
			if len(r.points) != len(members)*160 {
				t.Fatalf("%d points of %d members", len(r.points), len(members))
			}
			for range 20 {
				key := rapid.Uint64().Draw(t, "key")
				want, least := int32(-1), uint64(math.MaxUint64)
				for _, i := range members {
					for k := uint64(1); k <= 160; k++ {
						// The way around the ring, which wraps as the words do.
						if way := scatter(identityOf(i)+k*0x9e3779b97f4a7c15) - scatter(key); way < least {
							want, least = i, way
						}
					}
				}
				if got := r.Place(key); got != want {
					t.Fatalf("key %d is at %d, want %d", key, got, want)
				}
			}
		}
	})
}

// TestRingMovesOneShare: of those who stay, nobody's key moves to another who
// stays, and the share that moves is that of the one who came or went: 1/n, with a
// standard deviation of 1/(n·√160) between instances.
func TestRingMovesOneShare(t *testing.T) {
	const keys = 20_000
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "n")
		all := make([]int32, n)
		seed := rapid.Uint64().Draw(t, "seed")
		identity := func(i int32) uint64 { return scatter(seed + uint64(i)) }
		for i := range all {
			all[i] = int32(i)
		}
		gone := rapid.SampledFrom(all).Draw(t, "gone")
		var full, less Ring
		full.Follow(all, identity)
		less.Follow(all, identity)
		less.Follow(slices.DeleteFunc(slices.Clone(all), func(i int32) bool { return i == gone }), identity)
		moved := 0
		for key := range uint64(keys) {
			was, is := full.Place(key), less.Place(key)
			if is == gone || was != gone && is != was {
				t.Fatalf("a key of %d went to %d when %d left", was, is, gone)
			}
			if was != is {
				moved++
			}
		}
		got, want := float64(moved)/keys, 1/float64(n)
		if sd := math.Sqrt(want*want/160 + want/keys); math.Abs(got-want) > 5*sd {
			t.Fatalf("%v of the keys moved, want %v ± %v", got, want, sd)
		}
		less.Follow(all, identity)
		if !slices.Equal(less.points, full.points) {
			t.Fatal("coming back, it stands elsewhere")
		}
	})
}

func TestRingAllocatesNothing(t *testing.T) {
	var r Ring
	members := []int32{0, 1, 2, 3, 4, 5, 6, 7}
	r.Follow(members, identityOf)
	r.Follow(members[1:], identityOf)
	n := testing.AllocsPerRun(10, func() {
		r.Follow(members, identityOf)
		r.Place(7)
		r.Follow(members[1:], identityOf)
	})
	if n != 0 {
		t.Errorf("%v allocations in the steady state", n)
	}
}
