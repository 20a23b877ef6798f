package policy

import (
	"testing"

	"pgregory.net/rapid"
)

// TestOutliersTwin keeps the history of every instance and reads it anew each time.
func TestOutliersTwin(t *testing.T) {
	type ejection struct{ from, until int64 }
	var ejections, capped, longer int
	rapid.Check(t, func(t *rapid.T) {
		rule := &OutlierRule{
			Errors: rapid.IntRange(1, 3).Draw(t, "errors"), Eject: rapid.Int64Range(1, 400).Draw(t, "eject") * second,
			Max: float64(rapid.IntRange(0, 10).Draw(t, "max")) / 10,
		}
		members := make([]int32, rapid.IntRange(1, 6).Draw(t, "n"))
		for i := range members {
			members[i] = int32(2 * i)
		}
		var o Outliers
		row := map[int32]int{}
		past := map[int32][]ejection{}
		times := map[int32]int64{}
		now := -100 * int64(second) // a warm-up
		for range rapid.IntRange(1, 100).Draw(t, "steps") {
			now += rapid.Int64Range(0, 20).Draw(t, "later") * second
			i := rapid.SampledFrom(members).Draw(t, "instance")
			failed := rapid.IntRange(0, 9).Draw(t, "failed") < 8
			out := func(i int32) bool {
				last := len(past[i]) - 1
				return last >= 0 && past[i][last].until > now
			}
			want, thrown := int64(0), false
			switch {
			case out(i):
			case !failed:
				row[i] = 0
			default:
				row[i]++
				n := 0
				for _, j := range members {
					if out(j) {
						n++
					}
				}
				if row[i] < rule.Errors {
					break
				}
				if n > 0 && float64(n+1) > rule.Max*float64(len(members))+1e-9 {
					capped++
					break
				}
				row[i] = 0
				if last := len(past[i]) - 1; last >= 0 {
					for at := past[i][last].until + 10*second; at <= now && times[i] > 0; at += 10 * second {
						times[i]--
					}
				}
				times[i]++
				if times[i] > 1 {
					longer++
				}
				want = now + min(times[i]*rule.Eject, max(300*second, rule.Eject))
				past[i] = append(past[i], ejection{now, want})
				ejections++
				thrown = true
			}
			until, ejected := o.Done(rule, now, i, failed, members)
			if ejected != thrown || until != want {
				t.Fatalf("ejected %v until %d, want %d", ejected, until, want)
			}
			for _, j := range members {
				if o.Ejected(now, j) != out(j) {
					t.Fatalf("%d ejected %v", j, o.Ejected(now, j))
				}
			}
		}
	})
	if ejections == 0 || capped == 0 || longer == 0 {
		t.Errorf("%d ejections, %d capped, %d longer ones: the test shows nothing", ejections, capped, longer)
	}
}

// TestOutliersCap: the first is ejected whatever the share, further ones only
// within it.
func TestOutliersCap(t *testing.T) {
	for share, want := range map[float64]int{0: 1, 0.1: 1, 0.3: 3, 0.35: 3, 1: 10} {
		rule := &OutlierRule{Errors: 5, Eject: 30 * second, Max: share}
		var o Outliers
		members := []int32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
		n := 0
		for range 5 {
			for _, i := range members {
				if _, ejected := o.Done(rule, second, i, true, members); ejected {
					n++
				}
			}
		}
		if n != want {
			t.Errorf("%d of 10 ejected with max %v, want %d", n, share, want)
		}
	}
}
