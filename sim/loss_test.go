package sim

import (
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

// TestClientsOfOneZoneEnterThroughTheOthers: clients that only ever came in
// through the lost zone find the others at once.
func TestClientsOfOneZoneEnterThroughTheOthers(t *testing.T) {
	text := strings.ReplaceAll(threeZones, "%s", "refuse_capacity_elsewhere: 100%")
	text = strings.ReplaceAll(text, "timeout: 500ms}", "timeout: 500ms, enters: {b: 1}}")
	text = strings.ReplaceAll(text, "health_check: {interval: 2s, unhealthy_after: 2, healthy_after: 2}", "health_check: none")
	r := played(t, text)
	if n := clientTotals(r).FailedTotal(); n > 0 {
		t.Errorf("%d requests failed although two zones live and are known", n)
	}
	if a, b, c := r.Zones[0].Demand[3], r.Zones[1].Demand[3], r.Zones[2].Demand[3]; b != 0 || a < 130 || c < 130 {
		t.Errorf("demand through a, b, c is %v, %v, %v; want 150, 0, 150", a, b, c)
	}
}

// TestDemandOfThoseWhoDoNotGetIn: who finds the door closed was there all the
// same.
func TestDemandOfThoseWhoDoNotGetIn(t *testing.T) {
	text := strings.ReplaceAll(threeZones, "%s", "refuse_capacity_elsewhere: 100%")
	text = strings.ReplaceAll(text, "timeout: 500ms}", "timeout: 500ms, entry_failover: 1h}")
	r := played(t, text)
	if sum := r.Zones[0].Demand[3] + r.Zones[1].Demand[3] + r.Zones[2].Demand[3]; sum != 300 {
		t.Errorf("demand is %v/s in all while a zone is lost, want 300/s", sum)
	}
}

// TestUndetectedUntilNobodyIsFooled: a zone that returns before its loss was seen
// does not answer before it has started; until then callers believe wrongly.
func TestUndetectedUntilNobodyIsFooled(t *testing.T) {
	r := played(t, `
zones: [a, b]
traffic: {users: {to: web, rate: 100/s, arrivals: regular, timeout: 500ms}}
services:
  web: {instances: {per_zone: 2}, work: 5ms, startup: 20s, health_check: {interval: 4s, unhealthy_after: 3}}
scenarios:
  blip: {faults: [{gorilla: {zone: b}, at: 20s, for: 2s}, {kill: {services: [web], zones: [a], count: 1}, at: 90s}]}
`)
	undetected, detected := r.Clients[0].Phases[trace.Undetected], r.Clients[0].Phases[trace.Detected]
	if undetected.Failed[trace.Refused] == 0 || detected.FailedTotal() > 0 {
		t.Errorf("undetected %v, detected %v failed", undetected.Failed, detected.Failed)
	}
	var seen time.Duration
	for _, e := range r.Events {
		if e.Kind == "detected" && seen == 0 {
			seen = e.T
		}
	}
	if seen < 28*time.Second || seen > 32*time.Second || r.Spans[2].Start != seen {
		t.Errorf("detected at %v, spans %v", seen, r.Spans)
	}
}

// TestNobodyIsFooledByAStart: an instance that dies before it ever was in
// rotation opens no undetected part.
func TestNobodyIsFooledByAStart(t *testing.T) {
	r := played(t, `
traffic: {users: {to: web, rate: 100/s, arrivals: regular}}
services:
  web: {instances: 1, work: 5ms, startup: 60s, health_check: {interval: 4s, unhealthy_after: 1}}
scenarios:
  twice: {faults: [{kill: {services: [web], count: 1}, at: 20s}, {kill: {services: [web], count: 1}, at: 40s}]}
`)
	for _, s := range r.Spans {
		if s.Phase == trace.Undetected && s.Start > 20*time.Second {
			t.Errorf("undetected again from %v: %v", s.Start, r.Spans)
		}
	}
}

// TestDeadAddressInALostZone: it answers nothing, though it was killed before.
func TestDeadAddressInALostZone(t *testing.T) {
	r := played(t, `
zones: [a, b]
traffic: {users: {to: web, rate: 100/s, arrivals: regular, timeout: 500ms}}
services:
  web: {instances: {per_zone: 1}, work: 5ms, replace: false, health_check: {interval: 30s, unhealthy_after: 2}}
scenarios:
  both: {faults: [{kill: {services: [web], zones: [b], count: 1}, at: 20s}, {gorilla: {zone: b, refuse_capacity_elsewhere: 100%}, at: 21s}]}
`)
	o := clientTotals(r)
	if n := o.Failed[trace.Refused]; n < 45 || n > 55 {
		t.Errorf("%d refused, want the 50 of the second before the zone was lost", n)
	}
	if o.Failed[trace.Timeout] == 0 {
		t.Error("nothing timed out at the lost zone")
	}
	for _, c := range r.Causes {
		if want := map[trace.Reason]string{trace.Refused: "kill", trace.Timeout: "gorilla"}[c.Reason]; c.Fault != want {
			t.Errorf("%v is put down to %q, want %q", c.Reason, c.Fault, want)
		}
	}
}
