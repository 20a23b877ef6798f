package sim

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/topology"
)

// withSample plays a system with a sample.
func withSample(t *testing.T, text string, seed uint64, of trace.Sampling) *trace.Run {
	t.Helper()
	top, err := topology.Load([]topology.Source{{Name: "spans.yaml", Data: []byte(text)}}, topology.Options{})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	m, err := Compile(top)
	if err != nil {
		t.Fatal(err)
	}
	v := scenarios.Healthy()
	if len(top.Scenarios) > 0 {
		variants := scenarios.Variants(top, top.Scenarios[0])
		v = variants[seed%uint64(len(variants))]
	}
	o := Options{Seed: seed, Requests: of}
	r := Play(m, v, o)
	common := Common(m, []scenarios.Variant{v}, o)
	for range 2 { // a branch leaves nothing behind for the next
		if b := common.Branch(v, o); !reflect.DeepEqual(b.Requests, r.Requests) {
			t.Fatalf("a branch has other requests, seed %d\n%s", seed, text)
		}
	}
	return r
}

// everything is more than any of the systems has requests.
const everything = 1 << 30

// A sample of everything does not change a run, holds every request that has an
// outcome, and counts the same causes as the run does.
func TestSampleOfEverything(t *testing.T) {
	attempts := 0
	rapid.Check(t, func(rt *rapid.T) {
		text := drawSystem(rt)
		seed := rapid.Uint64Range(0, 1000).Draw(rt, "seed")
		plain := withSample(t, text, seed, trace.Sampling{})
		r := withSample(t, text, seed, trace.Sampling{Of: trace.Any, Most: everything})
		requests := r.Requests
		r.Requests = nil
		if !reflect.DeepEqual(asText(plain), asText(r)) {
			rt.Fatalf("a sample changes the run, seed %d\n%s", seed, text)
		}
		if d := recount(r, requests); d != "" {
			rt.Fatalf("%s, seed %d\n%s", d, seed, text)
		}
		for i := range requests {
			attempts += len(requests[i].Attempts)
			if d := disorder(&requests[i]); d != "" {
				rt.Fatalf("%s\n%+v\nseed %d\n%s", d, requests[i], seed, text)
			}
		}
	})
	t.Logf("%d attempts", attempts)
}

// asText is a run as text, so that what is not a number equals itself.
func asText(r *trace.Run) string {
	text := fmt.Sprintf("%+v %v %v %v", r.Zones, r.Spans, r.Events, r.Causes)
	for _, c := range r.Clients {
		text += fmt.Sprintf("%+v\n", *c)
	}
	for _, c := range r.Components {
		text += fmt.Sprintf("%+v\n", *c)
	}
	return text
}

// recount the outcomes and causes of a run from its requests.
func recount(r *trace.Run, requests []trace.Request) string {
	results, want := map[string]uint64{}, map[string]uint64{}
	for _, c := range r.Clients {
		for p := range c.Phases {
			o := &c.Phases[p]
			want[c.Name+" ok"] += o.OK
			want[c.Name+" degraded"] += o.Degraded
			for k, n := range o.Failed {
				if n > 0 {
					want[c.Name+" "+trace.Reason(k).String()] += n
				}
			}
		}
		for _, result := range []string{" ok", " degraded"} {
			if want[c.Name+result] == 0 {
				delete(want, c.Name+result)
			}
		}
	}
	type key struct{ component, reason, fault string }
	causes, caused := map[key]uint64{}, map[key]uint64{}
	for _, c := range r.Causes {
		causes[key{c.Component, c.Reason.String(), c.Fault}] = c.Failed + c.Degraded
	}
	likes := map[string]uint64{}
	for _, q := range requests {
		results[q.Client+" "+q.Result]++
		likes[fmt.Sprint(q.Result, q.Component, q.Root, q.Fault)]++
		if q.Root != trace.None {
			caused[key{q.Component, q.Root.String(), q.Fault}]++
		}
	}
	for _, q := range requests {
		if n := likes[fmt.Sprint(q.Result, q.Component, q.Root, q.Fault)]; n != q.Like {
			return fmt.Sprintf("there are %d like %+v", n, q)
		}
	}
	if !reflect.DeepEqual(results, want) {
		return fmt.Sprintf("the sample has %v, the run %v", results, want)
	}
	if !reflect.DeepEqual(causes, caused) {
		return fmt.Sprintf("the sample has %v, the run %v", caused, causes)
	}
	return ""
}

// disorder tells what is impossible about a request.
func disorder(q *trace.Request) string {
	if len(q.Attempts) == 0 || q.Attempts[0].Sent != q.Start || q.End < q.Start {
		return "it does not begin with its first attempt"
	}
	for i, a := range q.Attempts {
		var last time.Duration
		for _, t := range []time.Duration{a.Sent, a.Arrived, a.Started, a.Replied} {
			if t != trace.Never && t < last {
				return fmt.Sprintf("attempt %d goes back in time", i)
			}
			if t != trace.Never {
				last = t
			}
		}
		switch {
		case a.Ended != trace.Never && a.Ended < a.Sent:
			return fmt.Sprintf("attempt %d ends before it begins", i)
		case (a.Ended != trace.Never) != (a.Result != "" || a.Fate == overtaken.String()):
			return fmt.Sprintf("attempt %d has %v and result %q", i, a.Ended, a.Result)
		case a.Parent >= i:
			return fmt.Sprintf("attempt %d is called by %d", i, a.Parent)
		case a.Parent >= 0 && (q.Attempts[a.Parent].Started == trace.Never || q.Attempts[a.Parent].Started > a.Sent):
			return fmt.Sprintf("attempt %d is called before its caller works", i)
		case a.Result == "ok" && a.Kind != trace.Fallback && (a.Started == trace.Never || a.Replied == trace.Never || a.Ended < a.Replied):
			return fmt.Sprintf("attempt %d is answered without work", i)
		}
	}
	return ""
}

// A small sample is the same part of all requests whenever it is taken, and has
// one example of every cause before it has two of any.
func TestSampleIsFair(t *testing.T) {
	const most = 12
	kinds := 0
	rapid.Check(t, func(rt *rapid.T) {
		text := drawSystem(rt)
		seed := rapid.Uint64Range(0, 1000).Draw(rt, "seed")
		all := withSample(t, text, seed, trace.Sampling{Of: trace.Failed, Most: everything}).Requests
		few := withSample(t, text, seed, trace.Sampling{Of: trace.Failed, Most: most}).Requests
		if len(few) != min(most, len(all)) {
			rt.Fatalf("%d of %d requests", len(few), len(all))
		}
		alike := func(q trace.Request) string { return fmt.Sprint(q.Result, q.Component, q.Root, q.Fault) }
		var examples, least []trace.Request
		slices.SortFunc(all, func(a, b trace.Request) int {
			if a.ID < b.ID {
				return -1
			}
			return 1
		})
		for _, q := range all {
			if q.Result == "ok" || q.Result == "degraded" {
				rt.Fatalf("%+v has not failed", q)
			}
			if slices.ContainsFunc(examples, func(e trace.Request) bool { return alike(e) == alike(q) }) {
				least = append(least, q)
			} else {
				examples = append(examples, q)
			}
		}
		kinds = max(kinds, len(examples))
		if len(examples) > most {
			slices.SortStableFunc(examples, func(a, b trace.Request) int { return int(b.Like) - int(a.Like) })
		}
		want := map[uint64]bool{}
		for _, q := range append(examples, least...) {
			if len(want) < len(few) {
				want[q.ID] = true
			}
		}
		for _, q := range few {
			if len(examples) <= most && !want[q.ID] {
				rt.Fatalf("%x is not among %v", q.ID, want)
			}
		}
	})
	t.Logf("up to %d kinds of failures", kinds)
}
