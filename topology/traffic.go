package topology

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxUsers bounds a closed loop.
const maxUsers = 10_000_000

func (l *loader) readTraffic() {
	entries := l.merged("traffic", "a traffic", map[string]place{})
	l.trafficNames = namesOf(entries)
	for _, entry := range entries {
		l.topology.Traffic = append(l.topology.Traffic, l.traffic(entry))
	}
}

func (l *loader) traffic(entry namedEntry) *Traffic {
	f := entry.file
	t := &Traffic{Name: entry.name, Pos: f.pos(entry.key)}
	o, _ := f.open(entry.value, f.lang.traffic, "the traffic `"+t.Name+"`")
	f.load(t, o)
	t.Enters = l.enters(f, o.get("enters"))
	t.EntryFailover = f.duration(o.get("entry_failover"), 0, 0)
	t.Priority = f.priority(o.get("priority"))
	call := Call{Pos: t.Pos}
	f.caller(&call, o)
	call.Cache = l.lookAside(f, o, call.Timeout)
	if n := o.get("to"); n != nil {
		t.To = l.destinations(f, n, call)
	}
	for _, to := range t.To {
		l.checkAside(f, to.Call)
	}
	return t
}

func (f *file) priority(n *yaml.Node) Priority {
	switch f.word(n, f.lang.traffic.find("priority").value, "normal") {
	case "high":
		return HighPriority
	case "low":
		return LowPriority
	default:
		return NormalPriority
	}
}

// load reads the open or the closed loop.
func (f *file) load(t *Traffic, o fields) {
	if n := o.get("rate"); n != nil {
		t.Rate = f.constantRate(n)
	}
	if f.word(o.get("arrivals"), f.lang.traffic.find("arrivals").value, "poisson") == "regular" {
		t.Arrivals = RegularArrivals
	}
	if n := o.get("users"); n != nil {
		t.Users = f.count(n, 1, 1, maxUsers)
	}
	t.Think = f.distribution(o.get("think"), Distribution{})
	switch open, closed := o.has("rate"), o.has("users"); {
	case o.node.Kind != yaml.MappingNode:
	case open && closed:
		f.fail(o.keys["users"], "conflict", "a traffic has either a `rate` (open loop) or `users` (closed loop)")
	case !open && !closed:
		f.fail(o.node, "missing-key", "the traffic `"+t.Name+"` needs a `rate` (open loop), or `users` and `think` (closed loop)")
	case open && o.has("think"):
		f.fail(o.keys["think"], "conflict", "`think` belongs to `users`; a `rate` does not wait for answers")
	case closed && !o.has("think"):
		f.fail(o.node, "missing-key", "`users` need `think`: their time between an answer and the next request")
	case closed && o.has("arrivals"):
		f.fail(o.keys["arrivals"], "conflict", "`arrivals` belongs to `rate`; users ask when they have thought")
	}
}

// minRate is the lowest rate per second, so that the gaps between arrivals stay
// within the range of a time.
const minRate = 0.001 / 86400

// constantRate reads a rate; load shapes are refused by name.
func (f *file) constantRate(n *yaml.Node) float64 {
	if n.Kind == yaml.MappingNode {
		before := len(f.out.problems)
		f.open(n, f.lang.rateShapes, "a load shape")
		if len(f.out.problems) == before {
			f.fail(n, "wrong-kind", "a rate (for example `40/s`) is wanted here, not a mapping")
		}
		return 0
	}
	v, _ := quantity(f, n, "a rate (for example `40/s`)", ParseRate)
	if v > 0 && v < minRate {
		f.fail(n, "out-of-range", "a rate is 0, or 0.001/d at least")
	}
	return v
}

// destinations reads a target or a weighted map of targets.
func (l *loader) destinations(f *file, n *yaml.Node, call Call) []WeightedCall {
	if n.Kind != yaml.MappingNode {
		if n.Kind != yaml.ScalarNode {
			f.fail(n, "wrong-kind", "a component, or a weighted map such as {edge.browse: 80%, edge.play: 20%}, is wanted here, not "+kindOf(n))
			return nil
		}
		target, ok := l.target(f, n)
		if !ok {
			return nil
		}
		call.To = target
		return []WeightedCall{{Weight: 1, Call: &call}}
	}
	entries := f.pairs(n)
	weights := f.weights(n, entries)
	var to []WeightedCall
	for i, entry := range entries {
		target, ok := l.target(f, entry.key)
		if !ok {
			continue
		}
		each := call
		each.To, each.Pos = target, f.pos(entry.key)
		to = append(to, WeightedCall{Weight: weights[i], Call: &each})
	}
	return to
}

// enters reads the weights of zones; the default is even.
func (l *loader) enters(f *file, n *yaml.Node) []float64 {
	shares := make([]float64, len(l.zoneNames))
	if n == nil {
		for i := range shares {
			shares[i] = 1 / float64(len(shares))
		}
		return shares
	}
	entries := f.entries(n, "`enters`")
	if n.Kind != yaml.MappingNode {
		return shares
	}
	weights := f.weights(n, entries)
	for i, entry := range entries {
		if zone := l.zone(f, entry.key); zone >= 0 {
			shares[zone] = weights[i]
		}
	}
	return shares
}

// maxWeight bounds weights that are no percentages.
const maxWeight = 1e12

// weights reads weights and scales them to a sum of 1. Percentages must come to
// 100% by themselves: what is missing is more likely forgotten than meant.
func (f *file) weights(n *yaml.Node, entries []pair) []float64 {
	values := make([]float64, len(entries))
	sum, percent, good := 0.0, false, true
	for i, entry := range entries {
		written, ok := f.scalar(entry.value, "a weight (for example `3` or `30%`)")
		if !ok {
			good = false
			continue
		}
		v, err := parseWeight(written)
		if err != nil {
			f.fail(entry.value, "out-of-range", err.Error())
			good = false
		}
		percent = percent || strings.HasSuffix(written, "%")
		values[i] = v
		sum += v
	}
	switch {
	case !good:
		return values
	case sum <= 0:
		f.fail(n, "out-of-range", "one weight at least must be over 0")
		return values
	case percent && math.Abs(sum-1) > 1e-3:
		f.fail(n, "out-of-range", fmt.Sprintf("the percentages add up to %s, not to 100%%", FormatShare(math.Round(sum*1e6)/1e6)))
	}
	for i := range values {
		values[i] /= sum
	}
	return values
}

func parseWeight(text string) (float64, error) {
	number, rest := cutNumber(text)
	if number == "" || len(number) > maxDigits || rest != "" && rest != "%" {
		return 0, fmt.Errorf("`%s` is not a weight; write a number such as `3`, or `30%%`", clip(text))
	}
	if rest == "%" {
		number += "e-2"
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || v > maxWeight {
		return 0, fmt.Errorf("`%s` is too large for a weight", clip(text))
	}
	return v, nil
}
