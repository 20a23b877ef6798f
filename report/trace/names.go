package trace

import "fmt"

var phaseNames = [Phases]string{"before", "undetected", "detected", "recovery"}

func (p Phase) String() string { return phaseNames[p] }

func phaseNamed(name string) (Phase, error) {
	for p, n := range phaseNames {
		if n == name {
			return Phase(p), nil
		}
	}
	return 0, fmt.Errorf("%q is no phase", name)
}

func reasonNamed(name string) (Reason, error) {
	for r, n := range reasonNames {
		if n == name {
			return Reason(r), nil
		}
	}
	return 0, fmt.Errorf("%q is no reason of failure", name)
}
