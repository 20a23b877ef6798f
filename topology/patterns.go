package topology

import (
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Bounds of the patterns around a call.
const (
	maxRequests = 1_000_000 // that a breaker counts
	maxHedges   = 10
)

// patterns reads what guards a call.
func (f *file) patterns(c *Call, o fields) {
	if n := o.get("breaker"); n != nil {
		c.Breaker = f.breaker(n)
	}
	if n := o.get("bulkhead"); n != nil {
		c.Bulkhead = f.count(n, 1, 1, maxConcurrency)
	}
	if n := o.get("hedge"); n != nil {
		c.Hedge = f.hedge(n, c.Timeout)
	}
	if n := o.get("throttle"); n != nil {
		c.Throttle = f.throttle(n)
	}
}

func (f *file) breaker(n *yaml.Node) *Breaker {
	o, _ := f.open(n, f.lang.breaker, "`breaker`")
	b := &Breaker{
		Window:      f.duration(o.get("window"), 10*time.Second, 1),
		MinRequests: f.count(o.get("min_requests"), 20, 1, maxRequests),
		ErrorRate:   f.share(o.get("error_rate"), 0.5),
		OpenFor:     f.duration(o.get("open_for"), 5*time.Second, 1),
		Probes:      f.count(o.get("probes"), 3, 1, maxRequests),
	}
	if b.ErrorRate == 0 {
		f.fail(o.get("error_rate"), "out-of-range", "a breaker with an `error_rate` of 0% would open on nothing; it is over 0%")
		b.ErrorRate = 1
	}
	return b
}

func (f *file) hedge(n *yaml.Node, timeout time.Duration) *Hedge {
	o, _ := f.open(n, f.lang.hedge, "`hedge`")
	h := &Hedge{Max: f.count(o.get("max"), 1, 1, maxHedges)}
	after := o.get("after")
	if after == nil {
		return h
	}
	if h.Percentile = f.latencyPercentile(after); h.Percentile > 0 {
		return h
	}
	h.After = f.duration(after, 0, 1)
	if h.After >= timeout {
		f.warn(after, "no-effect", "a hedge after "+FormatDuration(h.After)+" is never made: the timeout is "+FormatDuration(timeout))
	}
	return h
}

// latencyPercentile reads p95 as 0.95; 0 is a duration's turn. Callers look at too
// few answers to know more than whole percents.
func (f *file) latencyPercentile(n *yaml.Node) float64 {
	digits, ok := strings.CutPrefix(n.Value, "p")
	if !ok || n.Kind != yaml.ScalarNode {
		return 0
	}
	v, err := strconv.ParseUint(digits, 10, 8)
	if err != nil || len(digits) != 2 || v < 50 {
		f.fail(n, "bad-value", "`"+clip(n.Value)+"` is not a percentile here; write `p50` to `p99`")
		return 0.5
	}
	return float64(v) / 100
}

func (f *file) throttle(n *yaml.Node) *Throttle {
	o, _ := f.open(n, f.lang.throttle, "`throttle`")
	t := &Throttle{K: 2}
	if n := o.get("k"); n != nil {
		if v, ok := f.number(n, "`k`", 0); ok && v < 1 {
			f.fail(n, "out-of-range", "`k` must be 1 at least: below it a healthy service is throttled too")
		} else if ok {
			t.K = v
		}
	}
	return t
}

// reasons reads a list of reasons of failure.
func (f *file) reasons(n *yaml.Node) Reasons {
	const what = "`on`"
	if n.Kind != yaml.SequenceNode {
		f.fail(n, "wrong-kind", what+" is a list of reasons such as [timeout, refused], not "+kindOf(n))
		return DefaultRetryOn
	}
	var on Reasons
	shape := f.lang.retries.find("on").value.items
	for _, item := range n.Content {
		item = deref(item)
		if item.Kind == yaml.ScalarNode && item.Value == "dependency" {
			f.fail(item, "bad-value", "what failed by `dependency` is an `error` to its caller; write `error`")
			continue
		}
		written := f.word(item, shape, "")
		for i, name := range shape.words {
			reason := Reasons(1) << i
			if name != written {
				continue
			}
			if on.Has(reason) {
				f.fail(item, "duplicate-name", "`"+name+"` is given twice")
			}
			on |= reason
		}
	}
	if len(n.Content) == 0 {
		f.fail(n, "missing-key", what+" names no reason: such calls are never tried again; leave `retries` out")
	}
	return on
}
