package topology

import (
	"time"

	"gopkg.in/yaml.v3"
)

// Bounds and defaults of a call.
const (
	defaultTimeout = 30 * time.Second
	defaultFactor  = 2
	maxTimes       = 10_000
	maxRetries     = 254
)

// steps reads `calls`.
func (l *loader) steps(f *file, n *yaml.Node) []Step {
	if n == nil {
		return nil
	}
	var steps []Step
	for _, item := range f.items(n, "`calls`") {
		if item.Kind != yaml.SequenceNode {
			if call := l.call(f, item); call != nil {
				steps = append(steps, Step{call})
			}
			continue
		}
		var step Step
		for _, inner := range item.Content {
			inner = deref(inner)
			if inner.Kind == yaml.SequenceNode {
				f.fail(inner, "wrong-kind", "a list inside `calls` is made in parallel; a list inside that has no meaning")
			} else if call := l.call(f, inner); call != nil {
				call.Parallel = true
				step = append(step, call)
			}
		}
		if len(item.Content) == 0 {
			f.fail(item, "missing-key", "a parallel step needs a call at least")
		}
		steps = append(steps, step)
	}
	return steps
}

// call reads one call; nil if its target is unknown.
func (l *loader) call(f *file, n *yaml.Node) *Call {
	o, ok := f.open(n, f.lang.call, "a call")
	if !ok {
		return nil
	}
	c := &Call{Pos: f.pos(n)}
	f.caller(c, o)
	if o.get("to") == nil {
		return nil
	}
	c.To, ok = l.target(f, o.get("to"))
	if !ok {
		return nil
	}
	c.Cache = l.lookAside(f, o, c.Timeout)
	l.checkAside(f, c)
	return c
}

// caller reads what services' calls and clients have in common.
func (f *file) caller(c *Call, o fields) {
	c.Probability = f.share(o.get("probability"), 1)
	c.Times = f.count(o.get("times"), 1, 1, maxTimes)
	c.TimeoutWritten = o.has("timeout")
	c.Timeout = f.duration(o.get("timeout"), defaultTimeout, 1)
	c.Retries = f.retries(o.get("retries"))
	f.patterns(c, o)
	c.Optional = f.boolean(o.get("optional"), false)
	if n := o.get("fallback"); n != nil {
		fallback := f.distribution(n, Distribution{})
		c.Fallback = &fallback
	}
	if c.Optional && c.Fallback != nil {
		f.warn(o.keys["optional"], "no-effect", "`optional` has no effect on a call with a `fallback`, whose failure is already made good")
	}
	if !c.TimeoutWritten && o.node.Kind == yaml.MappingNode {
		at := o.node
		if k := o.keys["to"]; k != nil {
			at = k
		}
		f.warn(at, "no-timeout", "no `timeout` is written: the call waits for "+FormatDuration(defaultTimeout))
	}
}

func (f *file) retries(n *yaml.Node) Retries {
	r := Retries{Factor: defaultFactor, On: DefaultRetryOn}
	if n == nil {
		return r
	}
	o, _ := f.open(n, f.lang.retries, "`retries`")
	r.Max = f.count(o.get("max"), 0, 0, maxRetries)
	switch f.word(o.get("jitter"), f.lang.retries.find("jitter").value, "full") {
	case "equal":
		r.Jitter = EqualJitter
	case "decorrelated":
		r.Jitter = DecorrelatedJitter
	case "none":
		r.Jitter = NoJitter
	default:
		r.Jitter = FullJitter
	}
	if n := o.get("backoff"); n != nil {
		f.backoff(n, &r)
	}
	if n := o.get("on"); n != nil {
		r.On = f.reasons(n)
	}
	r.Budgeted, r.Budget = o.has("budget"), f.share(o.get("budget"), 0)
	if o.node.Kind == yaml.MappingNode && !o.has("max") {
		f.warn(n, "no-effect", "`retries` without `max` makes none")
	}
	return r
}

func (f *file) backoff(n *yaml.Node, r *Retries) {
	o, _ := f.open(n, f.lang.backoff, "`backoff`")
	r.Initial = f.duration(o.get("initial"), 0, 0)
	r.Cap = f.duration(o.get("max"), 0, 1)
	if n := o.get("factor"); n != nil {
		if v, ok := f.number(n, "the factor", 0); ok && v < 1 {
			f.fail(n, "out-of-range", "the factor must be 1 at least: a backoff does not shrink")
		} else if ok {
			r.Factor = v
		}
	}
	if r.Cap > 0 && r.Initial > r.Cap {
		f.fail(o.get("max"), "out-of-range", "the longest backoff is shorter than the first, "+FormatDuration(r.Initial))
	}
}
