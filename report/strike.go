package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Strike is a fault that took nothing away, but for a time changed what instances,
// messages or clients do.
type Strike struct {
	Kind   string // of the fault
	Object string // whom it struck
	What   string // what it did
	Spans  []Stretch
}

// Stretch of a run.
type Stretch struct {
	From, To time.Duration
	ToEnd    bool // it lasted to the end of the run
}

// String tells when it was:
//
//	at 5m for 10m
//	at 5m to the end
func (s Stretch) String() string {
	switch {
	case s.ToEnd:
		return fmt.Sprintf("at %s to the end", FormatTime(s.From))
	case s.From == s.To:
		return "at " + FormatTime(s.From)
	}
	return fmt.Sprintf("at %s for %s", FormatTime(s.From), FormatTime(s.To-s.From))
}

// String tells the strike with its time:
//
//	stock at 2m for 3m: work takes 20 times as long (latency)
func (s *Strike) String() string {
	when := s.Spans[0].String()
	if n := len(s.Spans); n > 1 {
		when = fmt.Sprintf("%d times from %s to %s", n, FormatTime(s.Spans[0].From), FormatTime(s.Spans[n-1].To))
	}
	return fmt.Sprintf("%s %s: %s (%s)", s.Object, when, s.What, s.Kind)
}

// Name tells the strike in a few words: "latency: stock".
func (s *Strike) Name() string {
	if lossKind(s.Kind) {
		return s.Object + " shifted away" // by the operator of a gorilla
	}
	return s.Kind + ": " + s.Object
}

// Strikes reads the strikes from the event log, in the order of time. What struck
// the same in the same way, one time after the other, is one.
func (r *Result) Strikes() []*Strike {
	var found []*Strike
	for _, e := range r.EventLog {
		if e.Kind == "ended" {
			endStrike(found, e)
			continue
		}
		if !strikes(e) {
			continue
		}
		i := slices.IndexFunc(found, func(s *Strike) bool {
			return s.Kind == e.Kind && s.Object == e.Object && s.What == e.What && !s.Spans[len(s.Spans)-1].ToEnd
		})
		if i < 0 {
			i = len(found)
			found = append(found, &Strike{Kind: e.Kind, Object: e.Object, What: e.What})
		}
		span := Stretch{From: seconds(e.T), To: seconds(r.Duration), ToEnd: true}
		if e.Kind == "cache_flush" {
			span.To, span.ToEnd = span.From, false
		}
		found[i].Spans = append(found[i].Spans, span)
	}
	return found
}

// endStrike closes the strike whose end an event tells.
func endStrike(found []*Strike, e Event) {
	for _, s := range found {
		last := &s.Spans[len(s.Spans)-1]
		over := e.What == s.Kind+" is over"
		if lossKind(s.Kind) {
			over = !strings.HasSuffix(e.What, " is over") // that of a shift has words of its own
		}
		if last.ToEnd && s.Object == e.Object && over {
			last.To, last.ToEnd = seconds(e.T), false
			return
		}
	}
}

// strikes tells whether an event is the begin of a strike.
func strikes(e Event) bool {
	switch e.Kind {
	case "latency", "errors", "bad_data", "pause", "partition", "loss", "surge", "cache_flush", "cache_resize":
		return true
	case "gorilla":
		return !isZoneLoss(e)
	}
	return false
}

// isZoneLoss tells a loss of a zone from an operator's shift away from it.
func isZoneLoss(e Event) bool { return strings.HasPrefix(e.What, "zone lost") }

// Unreckoned names the kinds of the faults that slowed work or disturbed messages,
// which capacities do not know of; empty if there were none.
func (r *Result) Unreckoned() string {
	var kinds []string
	for _, s := range r.Strikes() {
		switch s.Kind {
		case "latency", "errors", "bad_data", "pause", "partition", "loss":
			if !slices.Contains(kinds, s.Kind) {
				kinds = append(kinds, s.Kind)
			}
		}
	}
	if n := len(kinds) - 1; n > 0 {
		return strings.Join(kinds[:n], ", ") + " and " + kinds[n]
	}
	return strings.Join(kinds, "")
}
