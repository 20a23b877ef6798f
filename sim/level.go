package sim

import "github.com/silverback-sim/silverback/sim/des"

// level is a number that changes by steps of one, and its integral over time.
// The integral over [a, b] is n(b)·b − n(a)·a − Σ steps·(their time), so that a
// step costs one addition; intermediate overflow cancels in two's complement.
type level struct {
	n   int64
	acc int64
}

func (l *level) add(now des.Time) {
	l.n++
	l.acc -= now
}

func (l *level) sub(now des.Time) {
	l.n--
	l.acc += now
}

// fold returns the integral (count × ns) since the last fold and starts anew.
func (l *level) fold(now des.Time) float64 {
	v := l.acc + l.n*now
	l.acc = -l.n * now
	return float64(v)
}
