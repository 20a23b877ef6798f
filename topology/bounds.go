package topology

import (
	"math"
	"strconv"
)

// Bounds of what can be played, beyond those of single values.
const (
	maxServices = 10_000
	maxTraffics = 1_000
	maxCalls    = math.MaxUint16     // written in all files, the targets of traffics included
	maxAtOnce   = math.MaxUint16 - 1 // calls of one parallel list, each as often as it is made
	maxInTurn   = math.MaxUint16     // calls of one operation that are made one after the other
	maxVariants = 1_000              // runs for which one scenario stands
	maxFigures  = 2_000_000          // windows of all series
	maxPairs    = 10_000_000         // callers times instances of all services with `balancer: per_caller`
	pairOnRing  = 100                // pairs that one counts for whose caller may need a hash ring of its own
)

// checkBounds reports what is too much to be played.
func (l *loader) checkBounds() {
	t := l.topology
	if t.Components() > maxServices {
		_, p := t.named(maxServices)
		l.tooMuch(p, "there can be "+formatInt(maxServices)+" "+l.word()+"s at most")
	}
	if len(t.Traffic) > maxTraffics {
		l.tooMuch(t.Traffic[maxTraffics].Pos, "there can be "+formatInt(maxTraffics)+" traffics at most")
	}
	l.boundCalls()
	l.boundPairs()
	for _, s := range t.Services {
		for _, o := range s.Operations {
			l.boundSteps(o)
		}
	}
	for _, s := range t.Scenarios {
		if variants(s, len(l.zoneNames), len(t.Regions)) > maxVariants {
			l.tooMuch(s.Pos, "the scenario `"+s.Name+"` stands for more than "+formatInt(maxVariants)+" runs: each `each` is multiplied by the zones")
		}
	}
	if at := l.simulationPos; t.TooManyFigures() {
		if at.Line == 0 {
			at = l.files[0].pos(l.files[0].root)
		}
		l.tooMuch(at, "the series would have more than "+formatInt(maxFigures)+" figures: windows times "+l.word()+"s, traffics and zones; write a longer `window`")
	}
}

func (l *loader) tooMuch(p Pos, message string) {
	for _, f := range l.files {
		if f.name == p.File {
			f.report(p.Line, p.Col, 1, "out-of-range", message)
			return
		}
	}
}

func (l *loader) boundCalls() {
	calls := 0
	count := func(p Pos) {
		if calls++; calls == maxCalls+1 {
			l.tooMuch(p, "there can be "+formatInt(maxCalls)+" calls at most, the targets of traffics included")
		}
	}
	l.topology.eachCall(func(_ Target, c *Call) { count(c.Pos) })
	for _, t := range l.topology.Traffic {
		for _, to := range t.To {
			count(to.Call.Pos)
			if to.Call.Cache != nil {
				count(to.Call.Cache.Pos)
			}
		}
	}
}

// boundPairs: every caller of a per_caller service keeps something of each of its
// instances, and where outliers are ejected and keys hashed, a ring of them.
func (l *loader) boundPairs() {
	t := l.topology
	type pair struct {
		traffic  bool
		from, to int
	}
	met := map[pair]bool{}
	pairs := 0
	count := func(p pair, callers int, c *Call) {
		if p.to >= len(t.Services) || !t.Services[p.to].PerCaller || met[p] || pairs > maxPairs {
			return
		}
		met[p] = true
		s, more := t.Services[p.to], ""
		each := total(t.InstancesOf(p.to))
		if s.Ejection != nil && s.Balancing == ConsistentHash {
			each *= pairOnRing
			more = "; each of these counts " + formatInt(pairOnRing) + " times, as `outlier_ejection` with `consistent_hash` needs a hash ring for every caller"
		}
		if pairs += int(min(int64(callers)*int64(each), maxPairs+1)); pairs > maxPairs {
			l.tooMuch(c.Pos, "with `balancer: per_caller` callers times instances of `"+s.Name+"` are too many: all such services together can have "+
				formatInt(maxPairs)+" pairs at most"+more)
		}
	}
	t.eachCall(func(from Target, c *Call) {
		count(pair{false, from.Service, c.To.Service}, total(t.InstancesOf(from.Service)), c)
	})
	for k, c := range t.Traffic {
		for _, to := range c.To {
			count(pair{true, k, to.Call.To.Service}, 1, to.Call)
		}
	}
}

func (l *loader) boundSteps(o *Operation) {
	inTurn := 0
	for _, step := range o.Steps {
		atOnce := 0
		for _, c := range step {
			atOnce += c.Times
		}
		if step[0].Parallel {
			inTurn++
		} else {
			inTurn += atOnce
		}
		if step[0].Parallel && atOnce > maxAtOnce {
			l.tooMuch(step[0].Pos, "a parallel list makes "+formatInt(maxAtOnce)+" calls at most")
		}
	}
	if inTurn > maxInTurn {
		l.tooMuch(o.Pos, "an operation makes "+formatInt(maxInTurn)+" calls one after the other at most")
	}
}

// variants is the number of runs for which a scenario stands, as far as bounds
// matter.
func variants(s *Scenario, zones, regions int) int {
	n := 1
	for _, f := range s.Faults {
		for _, c := range f.Choices() {
			of := zones
			if c.Region {
				of = regions
			}
			if c.Each {
				n = min(n*of, maxVariants+1)
			}
		}
	}
	return n
}

// maxWindows bounds duration/window: series keep figures of every window.
const maxWindows = 1_000_000

// TooManyWindows tells whether a run would have more windows than can be kept.
func (s *Simulation) TooManyWindows() bool {
	return s.Window > 0 && s.Duration/s.Window > maxWindows
}

// TooManyFigures tells whether the series of one run would fill the memory.
func (t *Topology) TooManyFigures() bool {
	windows := float64(t.Simulation.Duration/t.Simulation.Window + 1)
	return windows*float64(t.Components()+len(t.Traffic)+len(t.ZoneNames())) > maxFigures
}

func formatInt(n int) string { return strconv.Itoa(n) }
