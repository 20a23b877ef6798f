package topology

import (
	"time"

	"gopkg.in/yaml.v3"
)

// rotation reads who is asked: the balancer and what it believes.
func (f *file) rotation(s *Service, o fields) {
	s.Balancing = f.balancing(o.get("balancing"))
	s.PerCaller = f.word(o.get("balancer"), f.lang.service.find("balancer").value, "shared") == "per_caller"
	s.ZoneRouting = f.zoneRouting(o.get("zone_routing"))
	s.HealthCheck = f.healthCheck(o.get("health_check"))
	if n := o.get("panic_threshold"); n != nil {
		s.FailOpen, s.PanicThreshold = f.shareOrNever(n)
	}
	if n := o.get("outlier_ejection"); n != nil {
		s.Ejection = f.ejection(n)
	}
}

func (f *file) balancing(n *yaml.Node) Balancing {
	switch f.word(n, f.lang.service.find("balancing").value, "round_robin") {
	case "random":
		return RandomChoice
	case "least_requests":
		return LeastRequests
	case "power_of_two":
		return PowerOfTwo
	case "consistent_hash":
		return ConsistentHash
	default:
		return RoundRobin
	}
}

func (f *file) zoneRouting(n *yaml.Node) ZoneRouting {
	switch f.word(n, f.lang.service.find("zone_routing").value, "any") {
	case "prefer":
		return PreferZone
	case "only":
		return OnlyZone
	default:
		return AnyZone
	}
}

func (f *file) healthCheck(n *yaml.Node) HealthCheck {
	check := HealthCheck{Interval: 5 * time.Second, UnhealthyAfter: 2, HealthyAfter: 2}
	switch {
	case n == nil:
		return check
	case n.Kind == yaml.ScalarNode && n.Value == "none":
		return HealthCheck{None: true}
	}
	o, _ := f.open(n, f.lang.healthCheck, "`health_check` (or the word `none`)")
	check.Interval = f.duration(o.get("interval"), check.Interval, 1)
	check.Timeout = f.duration(o.get("timeout"), 0, 0)
	check.UnhealthyAfter = f.count(o.get("unhealthy_after"), 2, 1, maxChecks)
	check.HealthyAfter = f.count(o.get("healthy_after"), 2, 1, maxChecks)
	if after := max(check.UnhealthyAfter, check.HealthyAfter); check.Interval > maxDuration/time.Duration(after) {
		f.fail(n, "out-of-range", "the checks take longer than "+FormatDuration(maxDuration)+" to tell")
	}
	return check
}

// shareOrNever returns false for the word never.
func (f *file) shareOrNever(n *yaml.Node) (bool, float64) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" || letters(n.Value) < len(n.Value) || n.Value == "" {
		return true, f.share(n, 0)
	}
	if n.Value != "never" {
		f.fail(n, "bad-value", "`"+clip(n.Value)+"` is neither a share (for example `50%`) nor `never`")
	}
	return false, 0
}

func (f *file) ejection(n *yaml.Node) *Ejection {
	o, _ := f.open(n, f.lang.ejection, "`outlier_ejection`")
	e := &Ejection{
		ConsecutiveErrors: f.count(o.get("consecutive_errors"), 5, 1, maxRequests),
		Eject:             f.duration(o.get("eject"), 30*time.Second, 1),
		Max:               f.share(o.get("max"), 0.1),
	}
	if e.Max == 0 {
		f.fail(o.get("max"), "out-of-range", "with a `max` of 0% nothing is ever ejected; leave `outlier_ejection` out")
		e.Max = 1
	}
	return e
}
