package sim

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// checkDisciplines holds that the rings of an instance are its queue.
func checkDisciplines(t *testing.T, w *World) {
	t.Helper()
	for i := range w.insts {
		in := &w.insts[i]
		if in.discipline == nobody {
			continue
		}
		waiting := 0
		for k := range w.disciplines[in.discipline].rings {
			r := w.disciplines[in.discipline].rings[k]
			for r.n > 0 {
				if f := w.frames.at(r.oldest()); f.state != queued || f.inst != int32(i) {
					t.Errorf("%s: a frame in its queue is in state %d at instance %d", w.name(int32(i)), f.state, f.inst)
				}
				waiting++
			}
		}
		if waiting != int(in.queued) {
			t.Errorf("%s: %d in its rings, %d queued", w.name(int32(i)), waiting, in.queued)
		}
	}
}

// TestRingTwin holds a ring against a slice.
func TestRingTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r ring
		var twin []int32
		for k := range int32(rapid.IntRange(0, 100).Draw(t, "operations")) {
			var got, want int32
			switch op := rapid.IntRange(0, 4).Draw(t, "operation"); {
			case op < 3 || len(twin) == 0:
				r.push(k)
				twin = append(twin, k)
			case op == 3:
				got, want = r.oldest(), twin[0]
				twin = slices.Delete(twin, 0, 1)
			default:
				got, want = r.newest(), twin[len(twin)-1]
				twin = twin[:len(twin)-1]
			}
			if got != want || r.n != len(twin) || r.n > 0 && r.first() != twin[0] {
				t.Fatalf("took %d, want %d; %d are left, want %v", got, want, r.n, twin)
			}
		}
	})
}
