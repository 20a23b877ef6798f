package report

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// loss is what one kind of fault did to one zone, or to instances one by one.
type loss struct {
	kind     string
	object   string // the zone; empty for instances
	n        int    // events
	from, to time.Duration
}

// losses says what the faults took away, in the order of time:
//
//	us-east-1a at 5m for 10m: 24 of 72 instances (gorilla)
//	12 instances from 0s to 25m (monkey)
func losses(r *Result) []string {
	var texts []string
	for _, l := range collectLosses(r) {
		if l.object != "" {
			texts = append(texts, zoneLoss(r, l))
			continue
		}
		what := "1 instance at " + span(l.from)
		if l.n > 1 {
			what = fmt.Sprintf("%s instances from %s to %s", count(float64(l.n)), span(l.from), span(l.to))
		}
		texts = append(texts, what+" ("+l.kind+")")
	}
	return texts
}

// collectLosses reads the event log: the first event of a fault at a zone is its
// begin, the last its end; every other event of a fault is an instance's death.
func collectLosses(r *Result) []*loss {
	var found []*loss
	for _, e := range r.EventLog {
		if !isFault(e.Kind) {
			continue
		}
		object := ""
		if _, zone := r.Series.Zones.Get(e.Object); zone {
			object = e.Object
		}
		t := seconds(e.T)
		known := false
		for _, l := range found {
			if l.kind == e.Kind && l.object == object {
				l.n++
				l.to, known = t, true
			}
		}
		if !known {
			found = append(found, &loss{kind: e.Kind, object: object, n: 1, from: t, to: t})
		}
	}
	return found
}

func isFault(kind string) bool {
	switch kind {
	case "monkey", "gorilla", "kong", "kill":
		return true
	}
	return false
}

func zoneLoss(r *Result, l *loss) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s at %s", l.object, span(l.from))
	if l.n > 1 {
		fmt.Fprintf(&b, " for %s", span(l.to-l.from))
	} else {
		b.WriteString(" to the end")
	}
	if lost, of := instancesBefore(r, l.object, l.from); of > 0 {
		fmt.Fprintf(&b, ": %s of %s instances", count(lost), count(of))
	}
	fmt.Fprintf(&b, " (%s)", l.kind)
	return b.String()
}

// instancesBefore counts what the zone and all zones had in service in the last
// window before t (in the first, if the fault came at once).
func instancesBefore(r *Result, zone string, t time.Duration) (in, all float64) {
	window := 0
	for i, start := range r.Series.T {
		if seconds(Number(start)+r.Series.Window) <= t {
			window = i
		}
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
