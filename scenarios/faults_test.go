package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestChoicesOfAnyFault(t *testing.T) {
	top := load(t, `
scenarios:
  kill: {faults: [{kill: {zones: each, count: 1}, at: 1m}]}
  both: {faults: [{loss: {from: each, to: random, rate: 5%}, at: 1m}, {pause: {zones: [b]}, at: 1m}, {latency: {zones: same, add: 1s}, at: 2m}]}
  kong: {faults: [{kong: {region: each}, at: 1m}]}
`)
	for i, want := range []string{"[kill[a] kill[b] kill[c]]", "[both[a] both[b] both[c]]", "[kong[region]]"} {
		var names []string
		for _, v := range Variants(top, top.Scenarios[i]) {
			names = append(names, v.Name)
		}
		if got := fmt.Sprint(names); got != want {
			t.Errorf("variants %s, want %s", got, want)
		}
	}
	log := playAll(t, top, Variants(top, top.Scenarios[1])[2], 1, newFake(2, 2), time.Hour)
	if !strings.HasPrefix(log[0], "1m0s loss of c - ") || log[2] != "2m0s latency of all services in b: replies come 1s later" {
		t.Errorf("played %v", log)
	}
}

// TestEffectsEnd: what begins ends, if the fault does, and nothing before.
func TestEffectsEnd(t *testing.T) {
	top := load(t, `
traffic: {t: {to: s0, rate: 1/s, timeout: 1s}}
scenarios:
  several:
    faults:
      - {pause: {share: 50%}, at: 1m, for: 1m}
      - {latency: {services: [s0], slowdown: 2}, at: 90s, for: 1m}
      - {errors: {rate: 5%}, at: 2m, for: 1m}
      - {bad_data: {rate: 5%}, at: 2m, for: 2m}
      - {surge: {factor: 3}, at: 3m}
      - {failures: {services: [s1], mttf: 10s, mttr: 1s}, at: 4m, for: 1m}
      - {failures: {zones: [a], mttf: 10s, mttr: 1s}, at: 4m, for: 1m}
`)
	f := newFake(2, 4)
	playAll(t, top, Variants(top, top.Scenarios[0])[0], 1, f, time.Hour)
	if len(f.inForce) != 1 {
		t.Errorf("%d effects in force, want the surge's alone", len(f.inForce))
	}
	log := playAll(t, top, Variants(top, top.Scenarios[0])[0], 1, newFake(2, 4), 125*time.Second)
	want := []string{
		"1m0s pause of all services (12 instances): instances freeze", "1m30s latency of s0: work takes 2 times as long", "2m0s pause is over",
		"2m0s errors of all services: 5% of the requests fail", "2m0s bad_data of all services: 5% of the replies are malformed",
	}
	if slices.Sort(log); !slices.Equal(log, slices.Sorted(slices.Values(want))) {
		t.Errorf("played %q", log)
	}
}

func TestCalendarMonkey(t *testing.T) {
	top := load(t, `
simulation: {duration: 14d}
scenarios: {m: {faults: [{monkey: {services: [s0], mean: 1d, hours: 9-15, timezone: Asia/Tokyo}, at: 0s}]}}
`)
	log := playAll(t, top, Variants(top, top.Scenarios[0])[0], 1, newFake(2, 20), 14*24*time.Hour)
	if len(log) != 10 {
		t.Errorf("%d terminations in ten workdays: %v", len(log), log)
	}
	for _, line := range log {
		at, err := time.ParseDuration(strings.Fields(line)[0])
		day, hour := int(at.Hours())/24, at.Hours()-float64(int(at.Hours())/24*24)
		if err != nil || day%7 > 4 || hour >= 6 {
			t.Errorf("%s: not in working hours", line)
		}
	}
}

// TestFailuresBelongToTheirPlace: an instance more, or an earlier life of one,
// does not change when the others fail.
func TestFailuresBelongToTheirPlace(t *testing.T) {
	top := load(t, `scenarios: {f: {faults: [{failures: {services: [s1], mttf: 1m, mttr: 1s}, at: 0s}]}}`)
	first := func(perZone int) (when []time.Duration) {
		f := newFake(2, perZone)
		p := NewPlayer(top, Variants(top, top.Scenarios[0])[0], 5)
		for at, ok := p.Next(); ok; at, ok = p.Next() {
			p.Step(f)
			for _, e := range f.inForce {
				i := e.Where.Instances[0] - 3*perZone // of s1
				if i == 0 {
					when = append(when, at)
				}
			}
		}
		return when
	}
	if a, b := first(3), first(4); len(a) == 0 || a[0] != b[0] {
		t.Errorf("the first of three fails at %v, of four at %v", a[:min(1, len(a))], b[:min(1, len(b))])
	}
}
