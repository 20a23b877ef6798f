package topology

import (
	"strconv"
	"time"

	"gopkg.in/yaml.v3"
)

func defaultSimulation() Simulation {
	return Simulation{Duration: 30 * time.Minute, Warmup: 2 * time.Minute, Window: 5 * time.Second, Seed: 1}
}

func (l *loader) readSimulation() {
	section, name := l.section("simulation")
	if name == "" {
		return
	}
	f, s := section.file, &l.topology.Simulation
	l.simulationPos = f.pos(section.node)
	o, _ := f.open(section.node, f.lang.simulation, "`simulation`")
	s.Duration = f.duration(o.get("duration"), s.Duration, 1)
	s.Warmup, s.WarmupWritten = f.duration(o.get("warmup"), s.Warmup, 0), o.get("warmup") != nil
	// A run shorter than the default window has one window.
	s.Window = f.duration(o.get("window"), min(s.Window, s.Duration), 1)
	s.Seed = f.seed(o.get("seed"), s.Seed)
	if n := o.get("window"); n != nil {
		l.simulationPos = f.pos(n)
	}
	if n := o.get("window"); n != nil && s.Window > s.Duration {
		f.fail(n, "out-of-range", "the window is longer than the duration, "+FormatDuration(s.Duration))
	}
	if s.TooManyWindows() {
		n := o.get("window")
		if n == nil {
			n = o.get("duration")
		}
		f.fail(n, "out-of-range", "the duration has more than a million windows; write a longer `window`")
	}
}

func (f *file) seed(n *yaml.Node, byDefault uint64) uint64 {
	if n == nil {
		return byDefault
	}
	written, ok := f.scalar(n, "a whole number")
	if !ok {
		return byDefault
	}
	if n.ShortTag() == "!!str" {
		f.fail(n, "wrong-kind", "the seed is a whole number, not "+kindOf(n))
		return byDefault
	}
	v, err := strconv.ParseUint(written, 10, 64)
	if err != nil {
		f.fail(n, "bad-value", "`"+clip(written)+"` is not a seed; write a whole number from 0 to 18446744073709551615")
		return byDefault
	}
	return v
}
