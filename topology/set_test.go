package topology

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// settable has what a path may meet: lists, aliases, merges, defaults.
const settable = `version: 1
zones: [a, b]
x-checks: &checks {interval: 10s, unhealthy_after: 4}
x-base: &base
  work: 5ms
  concurrency: 8
services:
  web:
    <<: *base
    instances: {per_zone: 2}
    health_check: *checks
    calls:
      - {to: db, timeout: 1s}
      - [{to: log, timeout: 50ms, optional: true}, {to: db, timeout: 2s}]
  db:
    <<: *base
    instances: 4
    health_check: *checks
  log:
    work: {lognormal: {median: 2ms, p99: 12ms}}
traffic:
  users: {to: web, rate: 10/s, timeout: 1s}
objectives:
  - {scenario: none, latency: {p99.9: "<= 1s"}}
`

func setAll(t *testing.T, settings ...string) (*Topology, error) {
	t.Helper()
	source := Source{Name: "s.yaml", Data: []byte(settable)}
	for _, setting := range settings {
		path, value, _ := strings.Cut(setting, "=")
		var err error
		if source, err = Set(source, path, value); err != nil {
			return nil, err
		}
	}
	return Load([]Source{source}, Options{})
}

func TestSet(t *testing.T) {
	for _, c := range []struct {
		setting string
		got     func(*Topology) any
		want    any
	}{
		{"services.web.instances.per_zone=7", func(t *Topology) any { return t.Services[0].Instances[1] }, 7},
		{"services.db.instances=3", func(t *Topology) any { return t.Services[1].Instances[0] }, 2},
		{"services.db.instances={per_zone: 5}", func(t *Topology) any { return t.Services[1].Instances[1] }, 5},
		{"services.web.calls.0.timeout=3s", func(t *Topology) any { return t.Services[0].Operations[0].Steps[0][0].Timeout }, 3 * time.Second},
		{"services.web.calls.1.1.timeout=3s", func(t *Topology) any { return t.Services[0].Operations[0].Steps[1][1].Timeout }, 3 * time.Second},
		{"traffic.users.rate=2k/s", func(t *Topology) any { return t.Traffic[0].Rate }, 2000.0},
		{"objectives.0.latency.p99.9=<= 2s", func(t *Topology) any { return t.Objectives[0].Value }, 2.0},
		// What is not written: a key, and keys inside it.
		{"services.log.concurrency=3", func(t *Topology) any { return t.Services[2].Concurrency }, 3},
		{"services.web.queue.limit=9", func(t *Topology) any { return t.Services[0].Queue.Limit }, 9},
		{"traffic.users.retries.backoff.initial=1s", func(t *Topology) any { return t.Traffic[0].To[0].Call.Retries.Initial }, time.Second},
		{"simulation.seed=5", func(t *Topology) any { return t.Simulation.Seed }, uint64(5)},
		{"simulation={duration: 7m}", func(t *Topology) any { return t.Simulation.Duration }, 7 * time.Minute},
		{"network.loss=1%", func(t *Topology) any { return t.Network.Loss }, 0.01},
		// An alias and a merge change where the path goes, and nowhere else.
		{"services.web.health_check.interval=3s", func(t *Topology) any { return t.Services[0].HealthCheck.Interval }, 3 * time.Second},
		{"services.web.health_check.interval=3s", func(t *Topology) any { return t.Services[1].HealthCheck.Interval }, 10 * time.Second},
		{"services.web.health_check.interval=3s", func(t *Topology) any { return t.Services[0].HealthCheck.UnhealthyAfter }, 4},
		{"services.web.concurrency=3", func(t *Topology) any { return t.Services[0].Concurrency }, 3},
		{"services.web.concurrency=3", func(t *Topology) any { return t.Services[1].Concurrency }, 8},
	} {
		topology, err := setAll(t, c.setting)
		if err != nil {
			t.Errorf("%s: %v", c.setting, err)
			continue
		}
		if got := c.got(topology); got != c.want {
			t.Errorf("%s gives %v, want %v", c.setting, got, c.want)
		}
	}
	both, err := setAll(t, "services.web.instances.per_zone=7", "traffic.users.rate=1/s", "services.web.instances.per_zone=3")
	if err != nil || both.Services[0].Instances[0] != 3 || both.Traffic[0].Rate != 1 {
		t.Errorf("of several the last counts: %v %+v", err, both)
	}
}

func TestSetWhatIsNotThere(t *testing.T) {
	for _, c := range []struct{ setting, want string }{
		{"services.wep.instances=3", "there is no `wep` in `services`; did you mean `services.web.instances`?"},
		{"servces.web.instances=3", "there is no `servces` in the file; did you mean `services.web.instances`?"},
		{"services.web.instances.per_zones=3", "did you mean `services.web.instances.per_zone`?"},
		{"services.db.instances.per_zone=3", "`services.db.instances` is the number `4` and has no `per_zone`; set the whole, for example to `{per_zone: …}`"},
		{"services.web.calls.7.timeout=1s", "`services.web.calls` is a list whose entries are 0 to 1; there is no `7`"},
		{"services.web.calls.x.timeout=1s", "there is no `x`"},
		{"services.web.calls[0].timeout=1s", "did you mean `services.web.calls.0.timeout`?"},
		{"services.web.calls.db.timeout=1s", "there is no `db`; did you mean `services.web.calls.0.timeout`?"},
		{"services..web=1", "is not a path"},
		{"=1", "is not a path"},
		{"services.web.instances=", "the value is empty"},
		{"services.web.instances={per_zone", "cannot be read"},
		{"services.web.instances={a: 1, a: 2}", "`a` is given twice"},
	} {
		if _, err := setAll(t, c.setting); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.setting, err, c.want)
		}
	}
}

// A value that the language does not take is reported where it stands.
func TestSetKeepsPlaces(t *testing.T) {
	for _, c := range []struct {
		setting   string
		line, col int
		rule      string
	}{
		{"services.web.instances.per_zone=many", 10, 27, "bad-value"},
		{"services.log.concurrency=many", 20, 5, "bad-value"},
		{"services.web.balancing=lifo", 9, 5, "bad-value"},
		{"services.web.placement=balanced", 9, 5, "not-supported-yet"},
	} {
		_, err := setAll(t, c.setting)
		var problems Errors
		if !errors.As(err, &problems) {
			t.Errorf("%s: %v", c.setting, err)
			continue
		}
		if p := problems[0]; p.Pos.Line != c.line || p.Pos.Col != c.col || p.Rule != c.rule {
			t.Errorf("%s: %v, want %d:%d [%s]", c.setting, p, c.line, c.col, c.rule)
		}
	}
}

func TestSetInTheFileThatHoldsMost(t *testing.T) {
	sources := []Source{
		{Name: "scenarios.yaml", Data: []byte("version: 1\nscenarios: {}\n")},
		{Name: "system.yaml", Data: []byte(settable + "simulation: {window: 1s}\n")},
	}
	for _, setting := range []string{"services.web.instances.per_zone=3", "simulation.duration=3m"} {
		path, value, _ := strings.Cut(setting, "=")
		changed, err := SetIn(sources, path, value)
		if err != nil || len(changed[0].changes) != 0 || len(changed[1].changes) != 1 || len(sources[1].changes) != 0 {
			t.Errorf("%s: %v, %d and %d changes", setting, err, len(changed[0].changes), len(changed[1].changes))
		}
	}
	if _, err := SetIn(sources, "services.wep.instances", "3"); err == nil || !strings.Contains(err.Error(), "services.web.instances") {
		t.Errorf("the nearest is offered from the file that goes furthest: %v", err)
	}
}

func TestParseValues(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"3", "3"},
		{"2..6", "2 3 4 5 6"},
		{"2..7/2", "2 4 6"},
		{"0.1..0.5/0.1", "0.1 0.2 0.3 0.4 0.5"},
		{"100/s,200/s", "100/s 200/s"},
		{"100/s..300/s/100/s", "100/s 200/s 300/s"},
		{"90/min..4/s/30/min", "90/min 2/s 2.5/s 3/s 3.5/s 4/s"},
		{"100/s..10k/s*5", "100/s 316/s 1000/s 3160/s 10k/s"},
		{"1..3*6", "1 2 3"},
		{"10ms..1s*3", "10ms 100ms 1s"},
		{"1m..2m/30s", "1m 1m30s 2m"},
		{"0%..10%/5%", "0% 5% 10%"},
		{"1k..10k*2", "1k 10k"},
		{"{per_zone: 1},{a: 1, b: 2},\"x,y\"", "{per_zone: 1} {a: 1, b: 2} \"x,y\""},
		{"1,4..6,10", "1 4 5 6 10"},
		{"round_robin,random", "round_robin random"},
	} {
		values, err := ParseValues(c.text)
		var texts []string
		for _, v := range values {
			texts = append(texts, v.Text)
		}
		if got := strings.Join(texts, " "); err != nil || got != c.want {
			t.Errorf("%s gives %q %v, want %q", c.text, got, err, c.want)
		}
		for _, v := range values {
			if again := quantityOf(v.Text); v.Unit != NoUnit && (again.Unit != v.Unit || again.Number != v.Number) {
				t.Errorf("%s: %q is read as %v, not %v", c.text, v.Text, again, v)
			}
		}
	}
	for _, text := range []string{
		"", "1,,2", "8..2", "2..2", "1..", "..3", "a..b", "1..3/0", "1..3/x", "1..3*1", "1..3*x", "0..3*4", "1s..3s", "1s..3", "1ms..1s/1",
		"1..1M", "1..2*99999", "3,3", "1..3,2", "1..1000000000000/1",
	} {
		if values, err := ParseValues(text); err == nil {
			t.Errorf("%s is taken: %v", text, values)
		}
	}
}

// FuzzSet holds that a change that is possible can be loaded or gives problems
// with places, and changes nothing but its source's copy.
func FuzzSet(f *testing.F) {
	f.Add("services.web.instances.per_zone", "7")
	f.Add("services.web.calls.1.0.timeout", "3s")
	f.Add("services.web.queue", "{limit: 3}")
	f.Add("objectives.0.latency.p99.9", "<= 1s")
	f.Add("services.db.health_check.interval", "[1, {a: *b}]")
	f.Add("x-base.work", "\"")
	f.Add("services.web.<<", "&a [*a]")
	f.Fuzz(func(t *testing.T, path, value string) {
		source := Source{Name: "s.yaml", Data: []byte(settable)}
		changed, err := Set(source, path, value)
		if err != nil {
			return
		}
		if len(source.changes) != 0 || len(changed.changes) != 1 || !slices.Equal(source.Data, changed.Data) {
			t.Fatal("the source was changed")
		}
		_, err = Load([]Source{changed}, Options{})
		var problems Errors
		if err != nil && (!errors.As(err, &problems) || len(problems) == 0) {
			t.Fatalf("not Errors: %v", err)
		}
		for _, p := range problems {
			if p.Pos.Line < 1 || p.Pos.Col < 1 {
				t.Fatalf("misplaced: %+v", p)
			}
		}
	})
}

// FuzzParseValues holds that values are read back as the numbers they stand for.
func FuzzParseValues(f *testing.F) {
	for _, text := range []string{"2..8/2", "100/s..10k/s*5", "1ms..1s/10ms", "a,{b: c}", "0.1..0.5/0.1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, err := ParseValues(text)
		if err == nil && (len(values) == 0 || len(values) > maxSteps) {
			t.Fatalf("%d values", len(values))
		}
	})
}
