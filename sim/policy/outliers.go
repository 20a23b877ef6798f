package policy

import "slices"

// OutlierRule is when a balancer ejects an instance. Times in ns.
type OutlierRule struct {
	Errors int     // failed answers in a row
	Eject  int64   // for so long, times how often it was lately
	Max    float64 // share of the instances that may be ejected at once
}

// Outliers are the instances that a balancer does not use for a while because they
// answered with nothing but errors (Envoy's outlier detection, consecutive 5xx:
// architecture overview, "Outlier detection"). As there
//
//   - the n-th ejection lasts n times as long, up to 300 s, and n falls by one for
//     each 10 s (its analysis interval) in service;
//   - at most the share Max is ejected, but always one: Envoy did so unasked before
//     1.31 (always_eject_one_host), and a tenth of three would otherwise be none.
//
// An ejection here ends when its time is over, not at the next analysis. The zero
// value has none; instances are numbered as in the balancers.
type Outliers struct{ of []outlier }

// Clone is a copy that shares nothing.
func (o *Outliers) Clone() Outliers { return Outliers{slices.Clone(o.of)} }

type outlier struct {
	until  int64 // ejected until then, or was
	errors int32 // in a row
	times  int32 // ejected lately
}

const (
	longestEjection = 300_000_000_000
	forgiveAfter    = 10_000_000_000
)

// out says whether it is ejected now; before time 0, too, when nothing was yet.
func (x *outlier) out(now int64) bool { return x.times > 0 && now < x.until }

// Ejected says whether the balancer leaves the instance out now.
func (o *Outliers) Ejected(now int64, instance int32) bool {
	return int(instance) < len(o.of) && o.of[instance].out(now)
}

// Done tells the outcome of an attempt at an instance; members are all that the
// balancer knows. If that ejects the instance, until says for how long; it is then
// as good as new to the balancer, but for how often it was ejected.
func (o *Outliers) Done(rule *OutlierRule, now int64, instance int32, failed bool, members []int32) (until int64, ejected bool) {
	for int(instance) >= len(o.of) {
		o.of = append(o.of, outlier{})
	}
	x := &o.of[instance]
	if x.out(now) { // asked before it was ejected, or in panic
		return 0, false
	}
	if !failed {
		x.errors = 0
		return 0, false
	}
	if x.errors++; int(x.errors) < rule.Errors || !o.room(rule, now, members) {
		return 0, false
	}
	x.errors = 0
	if x.times > 0 {
		x.times = int32(max(0, int64(x.times)-(now-x.until)/forgiveAfter))
	}
	x.times++
	x.until = now + min(rule.Eject*int64(x.times), max(longestEjection, rule.Eject))
	return x.until, true
}

func (o *Outliers) room(rule *OutlierRule, now int64, members []int32) bool {
	ejected := 0
	for _, i := range members {
		if o.Ejected(now, i) {
			ejected++
		}
	}
	return ejected == 0 || float64(ejected+1)/float64(len(members)) <= rule.Max
}
