package policy

import (
	"testing"

	"pgregory.net/rapid"
)

const (
	millisecond = int64(1_000_000)
	second      = 1000 * millisecond
)

// TestBreakerDeadDependency is the timeline of a breaker with Hystrix' defaults
// and one probe, asked every 10 ms before a dependency that is dead for a minute.
func TestBreakerDeadDependency(t *testing.T) {
	rule := &BreakerRule{Window: 10 * second, MinRequests: 20, ErrorRate: 0.5, OpenFor: 5 * second, Probes: 1}
	var b Breaker
	var opened, passed, refused int64
	now := int64(0)
	for ; now < 60*second; now += 10 * millisecond {
		ticket, ok := b.Allow(rule, now)
		if !ok {
			refused++
			continue
		}
		passed++
		b.Done(rule, now, ticket, true)
		if opened == 0 && b.State() == Open {
			opened = now
		}
	}
	if opened != 190*millisecond || passed != 31 || refused != 5969 {
		t.Errorf("opened at %d ms, %d passed, %d did not; want 190, 31, 5969", opened/millisecond, passed, refused)
	}
	for b.State() != Closed && now < 66*second {
		if ticket, ok := b.Allow(rule, now); ok {
			b.Done(rule, now, ticket, false)
		}
		now += 10 * millisecond
	}
	if now > 65*second {
		t.Errorf("closes %d ms after the recovery, want within 5000", (now-60*second)/millisecond)
	}
}

// dumbBreaker remembers every outcome and every ticket.
type dumbBreaker struct {
	rule     *BreakerRule
	state    BreakerState
	changes  uint32
	since    int64
	outcomes []outcome
	out      int // probes that hold a place
	good     int
}

type outcome struct {
	at     int64
	failed bool
}

func (d *dumbBreaker) change(s BreakerState, now int64) {
	d.state, d.since, d.changes, d.outcomes, d.out, d.good = s, now, d.changes+1, nil, 0, 0
}

func (d *dumbBreaker) allow(now int64) bool {
	waited := now >= d.since+d.rule.OpenFor
	if d.state == Open && waited {
		d.change(HalfOpen, now)
	}
	switch d.state {
	case Open:
		return false
	case HalfOpen:
		if d.out+d.good == d.rule.Probes {
			if !waited {
				return false
			}
			d.out = 0
		}
		d.out++
		d.since = now
	case Closed:
	}
	return true
}

func (d *dumbBreaker) done(now int64, changes uint32, failed bool) {
	if changes != d.changes {
		return
	}
	switch d.state {
	case Open:
	case Closed:
		d.outcomes = append(d.outcomes, outcome{now, failed})
		width := d.rule.Window / 10
		n, bad := 0, 0
		for _, o := range d.outcomes {
			if floorDiv(o.at, width) > floorDiv(now, width)-10 {
				n++
				if o.failed {
					bad++
				}
			}
		}
		if n >= d.rule.MinRequests && bad > 0 && float64(bad)/float64(n) >= d.rule.ErrorRate {
			d.change(Open, now)
		}
	case HalfOpen:
		if failed {
			d.change(Open, now)
			return
		}
		d.good++
		d.out = max(0, d.out-1)
		if d.good == d.rule.Probes {
			d.change(Closed, now)
		}
	}
}

func (d *dumbBreaker) forget(changes uint32) {
	if changes == d.changes && d.out > 0 {
		d.out--
	}
}

func TestBreakerTwin(t *testing.T) {
	var seen [3]int
	rapid.Check(t, func(t *rapid.T) {
		rule := &BreakerRule{
			Window: rapid.Int64Range(10, 300).Draw(t, "window"), MinRequests: rapid.IntRange(1, 6).Draw(t, "min_requests"),
			ErrorRate: float64(rapid.IntRange(1, 10).Draw(t, "error_rate")) / 10, OpenFor: rapid.Int64Range(1, 60).Draw(t, "open_for"),
			Probes: rapid.IntRange(1, 4).Draw(t, "probes"),
		}
		var b Breaker
		twin := dumbBreaker{rule: rule}
		now := rapid.Int64Range(-500, 500).Draw(t, "start")
		type attempt struct{ ticket, changes uint32 }
		var flying []attempt
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			now += rapid.Int64Range(0, 40).Draw(t, "later")
			what := rapid.IntRange(0, 9).Draw(t, "what")
			if what < 5 || len(flying) == 0 {
				ticket, ok := b.Allow(rule, now)
				if want := twin.allow(now); ok != want {
					t.Fatalf("at %d allows %v, twin %v (%v)", now, ok, want, twin.state)
				}
				if ok {
					flying = append(flying, attempt{ticket, twin.changes})
				}
			} else {
				i := rapid.IntRange(0, len(flying)-1).Draw(t, "which")
				a := flying[i]
				flying = append(flying[:i], flying[i+1:]...)
				if what == 9 {
					b.Forget(a.ticket)
					twin.forget(a.changes)
				} else {
					failed := what < 7
					b.Done(rule, now, a.ticket, failed)
					twin.done(now, a.changes, failed)
				}
			}
			if b.State() != twin.state {
				t.Fatalf("at %d state %v, twin %v", now, b.State(), twin.state)
			}
			seen[b.State()]++
		}
	})
	for s, n := range seen {
		if n == 0 {
			t.Errorf("state %d was never met", s)
		}
	}
}

// TestBreakerLostProbe: an answer that never comes delays the next probe by
// open_for and no more, also where attempts are rarer than that.
func TestBreakerLostProbe(t *testing.T) {
	rule := &BreakerRule{Window: 10 * second, MinRequests: 1, ErrorRate: 0.5, OpenFor: second, Probes: 2}
	for _, every := range []int64{100 * millisecond, 3 * second} {
		var b Breaker
		ticket, _ := b.Allow(rule, 0)
		b.Done(rule, 0, ticket, true)
		allowed := 0
		now := int64(0)
		for ; allowed < 6 && b.State() != Closed; now += every {
			ticket, ok := b.Allow(rule, now)
			if !ok {
				continue
			}
			if allowed++; allowed > 2 {
				b.Done(rule, now, ticket, false)
			}
		}
		if b.State() != Closed || allowed != 4 {
			t.Errorf("asked every %d ms: state %d after %d probes, of which 2 were lost; want closed after 4",
				every/millisecond, b.State(), allowed)
		}
	}
}

// TestBreakerStaleOutcome: what was asked before the state changed says nothing
// about what came after.
func TestBreakerStaleOutcome(t *testing.T) {
	rule := &BreakerRule{Window: 10 * second, MinRequests: 1, ErrorRate: 1, OpenFor: second, Probes: 1}
	var b Breaker
	old, _ := b.Allow(rule, 0)
	ticket, _ := b.Allow(rule, 0)
	b.Done(rule, 0, ticket, true)
	probe, _ := b.Allow(rule, second)
	b.Done(rule, second, old, true)
	if b.State() != HalfOpen {
		t.Fatal("an outcome from before the opening decided for the probe")
	}
	b.Done(rule, second, probe, false)
	b.Done(rule, second, old, true)
	if b.State() != Closed {
		t.Fatal("an outcome from before the opening opened the closed breaker")
	}
}
