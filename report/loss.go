package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Loss is what one kind of fault took away: a zone, or instances one by one.
type Loss struct {
	Kind      string // of the fault
	Zone      string // empty for instances
	From, To  time.Duration
	ToEnd     bool            // of a zone: it did not return
	Times     []time.Duration // of instances: when they were lost, those of one moment once
	Instances float64
	Of        float64 // instances in all zones before; 0 if unknown
}

// String tells the loss with its time:
//
//	zone us-east-1a at 5m for 10m: 24 of 72 instances (gorilla)
//	12 instances from 0s to 25m (monkey)
func (l *Loss) String() string {
	if l.Zone == "" {
		what := FormatCount(l.Instances) + " instances"
		if l.Instances == 1 {
			what = "1 instance"
		}
		if l.From == l.To {
			return fmt.Sprintf("%s at %s (%s)", what, FormatTime(l.From), l.Kind)
		}
		return fmt.Sprintf("%s from %s to %s (%s)", what, FormatTime(l.From), FormatTime(l.To), l.Kind)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "zone %s at %s", l.Zone, FormatTime(l.From))
	if l.ToEnd {
		b.WriteString(" to the end")
	} else {
		fmt.Fprintf(&b, " for %s", FormatTime(l.To-l.From))
	}
	if l.Of > 0 {
		fmt.Fprintf(&b, ": %s of %s instances", FormatCount(l.Instances), FormatCount(l.Of))
	}
	fmt.Fprintf(&b, " (%s)", l.Kind)
	return b.String()
}

// Name tells the loss in a few words: "us-east-1a lost".
func (l *Loss) Name() string {
	switch {
	case l.Zone != "":
		return l.Zone + " lost"
	case l.Instances == 1:
		return "1 instance lost"
	}
	return FormatCount(l.Instances) + " instances lost"
}

// Losses reads from the event log what the faults took away, in the order of
// time: the first event of a fault at a zone is its begin, that the zone is
// restored its end; every other event of a fault is an instance's death.
func (r *Result) Losses() []*Loss {
	var found []*Loss
	for _, e := range r.EventLog {
		if !lossKind(e.Kind) && e.Kind != "restored" || strikes(e) {
			continue
		}
		zone := ""
		if _, ok := r.Series.Zones.Get(e.Object); ok {
			zone = e.Object
		}
		t := seconds(e.T)
		i := slices.IndexFunc(found, func(l *Loss) bool {
			return l.Zone == zone && (zone == "" && l.Kind == e.Kind || zone != "" && l.ToEnd)
		})
		switch {
		case e.Kind == "restored":
			if i >= 0 {
				found[i].To, found[i].ToEnd = t, false
			}
		case i >= 0 && zone != "": // lost already
		case i >= 0:
			found[i].strike(t)
		case zone != "":
			l := &Loss{Kind: e.Kind, Zone: zone, From: t, To: seconds(r.Duration), ToEnd: true}
			l.Instances, l.Of = instancesBefore(r, zone, t)
			found = append(found, l)
		default:
			found = append(found, &Loss{Kind: e.Kind, From: t})
			found[len(found)-1].strike(t)
		}
	}
	return found
}

// strike counts one instance more, lost at t.
func (l *Loss) strike(t time.Duration) {
	l.Instances++
	if len(l.Times) == 0 || l.To < t {
		l.Times = append(l.Times, t)
	}
	l.To = t
}

// lossKind tells whether faults of a kind take instances or zones away.
func lossKind(kind string) bool {
	switch kind {
	case "monkey", "gorilla", "kong", "kill", "failures":
		return true
	}
	return false
}

// instancesBefore counts what the zone and all zones had in service in the last
// window before t; 0 if there is none.
func instancesBefore(r *Result, zone string, t time.Duration) (in, all float64) {
	window := len(r.Series.T)
	for i, start := range r.Series.T {
		if seconds(Number(start)+r.Series.Window) <= t {
			window = i
		}
	}
	if window == len(r.Series.T) {
		return 0, 0
	}
	for _, z := range r.Series.Zones {
		n := at(z.Value.InService, window)
		if math.IsNaN(n) {
			continue
		}
		all += n
		if z.Name == zone {
			in = n
		}
	}
	return in, all
}
