package topology

import (
	"math"

	"gopkg.in/yaml.v3"
)

// maxPoPs bounds the points of presence of a CDN.
const maxPoPs = 10_000

func (f *file) readExternal(e *External, o fields) {
	e.Latency = f.distribution(o.get("latency"), Distribution{})
	e.Availability = f.share(o.get("availability"), 1)
	e.RateLimit = f.limit(o.get("rate_limit"))
	if n := o.get("outage"); n != nil {
		e.Outage = f.outage(n)
	}
}

// limit reads a bound of a rate, which lets something through; 0 = not written.
func (f *file) limit(n *yaml.Node) float64 {
	v := f.plainRate(n, 0)
	if _, ok := zeroRate(n); ok {
		f.fail(n, "out-of-range", "a bound of 0 lets nothing through")
	}
	return v
}

func zeroRate(n *yaml.Node) (float64, bool) {
	if n == nil || n.Kind != yaml.ScalarNode {
		return 0, false
	}
	v, err := ParseRate(n.Value)
	return v, err == nil && v == 0
}

func (f *file) outage(n *yaml.Node) *Outage {
	o, _ := f.open(n, f.lang.outage, "`outage`")
	out := &Outage{MTTF: f.exponential(o.get("mttf")), MTTR: f.exponential(o.get("mttr")), Mode: f.mode(o.get("mode"))}
	f.meanTimes(o, out.MTTF, out.MTTR)
	return out
}

// meanTimes checks the times between failures and of repairs.
func (f *file) meanTimes(o fields, mttf, mttr Distribution) {
	if n := o.get("mttf"); n != nil && mttf.MeanSeconds() < minEvery.Seconds() {
		f.fail(n, "out-of-range", "the mean time to failure is "+FormatDuration(minEvery)+" at least")
	}
	if n := o.get("mttr"); n != nil && math.IsInf(mttr.MeanSeconds(), 0) {
		f.warn(n, "infinite-mean", "the mean time to repair is infinite: how much is up depends on how long the run is")
	}
}

func (l *loader) readCDN(f *file, c *CDN, o fields) {
	c.PoPs = f.count(o.get("pops"), 1, 1, maxPoPs)
	c.Serves = f.share(o.get("serves"), 1)
	c.Latency = f.distribution(o.get("latency"), Distribution{})
	c.PoPCapacity = f.limit(o.get("pop_capacity"))
	if n := o.get("origin"); n != nil {
		c.Origin = l.fetch(f, n, "`origin`")
	}
}
