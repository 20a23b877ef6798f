package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/silverback-sim/silverback/report"
	"github.com/silverback-sim/silverback/report/trace"
)

// requests of a web that calls a catalog, whose first attempt is abandoned in the
// queue, and a profile that a fallback stands for.
func requests() *trace.Run {
	const ms = time.Millisecond
	never := trace.Never
	return &trace.Run{Scenario: "lose-a", Requests: []trace.Request{{
		Client: "users", Start: 90 * time.Second, End: 90*time.Second + 100*ms, Result: "timeout",
		Component: "catalog", Root: trace.Timeout, Fault: "gorilla", Like: 1234, Left: 3,
		Attempts: []trace.Attempt{
			{Parent: -1, Component: "web", Instance: "web-1", Zone: "a", From: "a", Sent: 90 * time.Second, Arrived: 90*time.Second + 10*ms, Started: 90*time.Second + 20*ms, Replied: 90*time.Second + 140*ms, Ended: 90*time.Second + 100*ms, Result: "timeout", Fault: "gorilla"},
			{Parent: 0, Component: "catalog", Operation: "browse", Instance: "catalog-2", Zone: "b", From: "a", Sent: 90*time.Second + 40*ms, Arrived: 90*time.Second + 50*ms, Started: never, Replied: never, Ended: 90*time.Second + 80*ms, Result: "timeout", Fault: "latency"},
			{Parent: 0, Kind: trace.Retry, Number: 1, Component: "catalog", Operation: "browse", Instance: "catalog-1", Zone: "a", From: "a", Sent: 90*time.Second + 80*ms, Arrived: 90*time.Second + 90*ms, Started: 90*time.Second + 90*ms, Replied: 90*time.Second + 110*ms, Ended: 90*time.Second + 120*ms, Result: "ok"},
			{Parent: 2, Component: "db", Instance: "db-1", Zone: "a", From: "a", Sent: 90*time.Second + 300*ms, Arrived: never, Started: never, Replied: never, Ended: 90*time.Second + 310*ms, Result: "refused"},
			{Parent: 0, Kind: trace.Fallback, Component: "profile", From: "a", Sent: 90*time.Second + 120*ms, Arrived: never, Started: never, Replied: never, Ended: 90*time.Second + 130*ms, Result: "ok"},
			{Parent: 0, Kind: trace.Hedge, Component: "profile", Instance: "profile-1", Zone: "c", From: "a", Sent: 90*time.Second + 120*ms, Arrived: never, Started: never, Replied: never, Ended: never, Fate: "request lost"},
		},
	}}}
}

func TestRequestsAsTrees(t *testing.T) {
	var b bytes.Buffer
	if err := report.WriteRequests(&b, requests(), report.Style{Width: 100}); err != nil {
		t.Fatal(err)
	}
	const want = `
lose-a: single requests
· network or lost, ░ queue, █ work, ─ its calls, ┄ after its caller gave up, › later

users at 1m30s: failed by timeout after 100ms, as of timeout at catalog under gorilla (one of 1,234
such)
attempt                          outcome               at   took  queued  0                    150ms
web-1 a                          timeout [gorilla]     0s  100ms    10ms  ·░░███───────────┄┄┄┄┄┄┄
  ├ catalog-2 browse b           timeout [latency]   40ms   40ms  > 30ms        ··░░░░░
  ├ catalog-1 browse a, retry 1  ok                  80ms   40ms      0s               ··████·
  │ └ db-1 a                     refused            300ms   10ms       –                           ›
  ├ profile, fallback            ok                 120ms   10ms       –                      ██
  └ profile-1 c, hedge           request lost       120ms      –       –                      ·
3 further attempts were not kept
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRequestsFitAnyWidth(t *testing.T) {
	for _, width := range []int{60, 80, 100} {
		var b bytes.Buffer
		if err := report.WriteRequests(&b, requests(), report.Style{Width: width}); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(b.String(), "\n")[3:] {
			if n := utf8.RuneCountInString(line); n > width {
				t.Errorf("%d columns on %d: %s", n, width, line)
			}
		}
	}
}
