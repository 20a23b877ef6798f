package policy

// Warm is how a young instance (empty caches, code not compiled yet) is slower.
type Warm struct {
	For      int64   // ns
	Slowdown float64 // of its work when it comes into service, at least 1
}

// Factor on the work of an instance that came into service so long ago (ns):
//
//	Slowdown ┤╲
//	         │  ╲
//	       1 ┤    ╲────────
//	         0    For      age
func (w *Warm) Factor(age int64) float64 {
	if age >= w.For {
		return 1
	}
	return 1 + float64((w.Slowdown-1)*(float64(w.For-age)/float64(w.For)))
}
