package topology

import (
	"fmt"
	"strings"
	"testing"
)

// TestBounds holds that what cannot be played is refused with a place, and what
// lies just within is not.
func TestBounds(t *testing.T) {
	const service = "services: {a: {work: 1ms}}\n"
	calls := func(n int, call string) string {
		return "services:\n  b: {work: 1ms}\n  a:\n    calls:\n" + strings.Repeat("    - "+call+"\n", n)
	}
	each := func(zones, faults int) string {
		return service + "zones: [" + enumerated(zones, "z%d") + "]\nscenarios: {s: {faults: [" +
			strings.TrimSuffix(strings.Repeat("{gorilla: {zone: each}, at: 1s}, ", faults), ", ") + "]}}\n"
	}
	for name, c := range map[string]struct{ good, bad, want string }{
		"zones":    {service + "zones: [" + enumerated(255, "z%d") + "]\n", service + "zones: [" + enumerated(256, "z%d") + "]\n", "3:8: there can be 255 zones at most"},
		"services": {"services: {" + enumerated(4000, "s%d: {work: 1ms}") + "}\n", "services: {" + enumerated(10_001, "s%d: {work: 1ms}") + "}\n", "there can be 10000 services at most"},
		"traffics": {
			service + "traffic: {" + enumerated(1000, "t%d: {to: a, rate: 1/s}") + "}\n",
			service + "traffic: {" + enumerated(1001, "t%d: {to: a, rate: 1/s}") + "}\n", "there can be 1000 traffics at most",
		},
		"calls": {
			"x-l: &l [" + enumerated(256, "{to: b, x-: %d}") + "]\n" + calls(255, "*l"),
			"x-l: &l [" + enumerated(256, "{to: b, x-: %d}") + "]\n" + calls(256, "*l"), "there can be 65535 calls at most",
		},
		"at once":  {calls(1, "[{to: b, times: 10k}]"), calls(1, "["+enumerated(7, "{to: b, times: 10k, x-: %d}")+"]"), "6:8: a parallel list makes 65534 calls at most"},
		"in turn":  {calls(6, "{to: b, times: 10k}"), calls(7, "{to: b, times: 10k}"), "4:3: an operation makes 65535 calls one after the other at most"},
		"retries":  {calls(1, "{to: b, retries: {max: 254}}"), calls(1, "{to: b, retries: {max: 255}}"), "6:30: this count lies between 0 and 254"},
		"variants": {each(31, 2), each(32, 2), "4:13: the scenario `s` stands for more than 1000 runs"},
		"figures": {
			service + "simulation: {duration: 150h, window: 1s}\n",
			"services: {" + enumerated(4, "s%d: {work: 1ms}") + "}\nsimulation: {duration: 150h, window: 1s}\n", "3:38: the series would have more than 2000000 figures",
		},
		"rate": {
			service + "traffic: {t: {to: a, rate: 0.001/d}, u: {to: a, rate: 0/s}}\n",
			service + "traffic: {t: {to: a, rate: 0.0009/d}}\n", "3:28: a rate is 0, or 0.001/d at least",
		},
		"pairs": {
			"services: {a: {instances: 1000, calls: [{to: b}, {to: b}]}, b: {instances: 10k, work: 1ms, balancer: per_caller, balancing: consistent_hash}}\n",
			"services: {a: {instances: 1001, calls: [{to: b}]}, b: {instances: 10k, work: 1ms, balancer: per_caller}}\n",
			"2:41: with `balancer: per_caller` callers times instances of `b` are too many: all such services together can have 10000000 pairs at most",
		},
		"pairs of the ring": {
			"traffic: {t: {to: b, rate: 1/s}}\nservices: {b: {instances: 100k, work: 1ms, balancer: per_caller, balancing: consistent_hash, outlier_ejection: {}}}\n",
			"traffic: {t: {to: b, rate: 1/s}, u: {to: b, rate: 1/s}}\nservices: {b: {instances: 100k, work: 1ms, balancer: per_caller, balancing: consistent_hash, outlier_ejection: {}}}\n",
			"10000000 pairs at most; each of these counts 100 times, as `outlier_ejection` with",
		},
		"monkey": {
			service + "scenarios: {s: {faults: [{monkey: {every: 1ms}, at: 1s}]}}\n",
			service + "scenarios: {s: {faults: [{monkey: {every: 999us}, at: 1s}]}}\n", "3:43: a monkey fires once in 1ms at most",
		},
		"checks": {
			"services: {a: {work: 1ms, health_check: {interval: 3d, unhealthy_after: 1000}}}\n",
			"services: {a: {work: 1ms, health_check: {interval: 4d, healthy_after: 1000}}}\n", "2:41: the checks take longer than 3650d to tell",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Load([]Source{{Name: "f", Data: []byte("version: 1\n" + c.good)}}, Options{}); err != nil {
				t.Error("refused:", lines(err))
			}
			_, err := Load([]Source{{Name: "f", Data: []byte("version: 1\n" + c.bad)}}, Options{})
			if got := lines(err); !strings.Contains(got, c.want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}

// enumerated writes a format so often, with numbers from 0.
func enumerated(n int, format string) string {
	items := make([]string, n)
	for i := range items {
		items[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(items, ", ")
}

// TestTextsThatUpsetATerminal are refused: they are shown as they are written.
func TestTextsThatUpsetATerminal(t *testing.T) {
	for text, want := range map[string]string{
		`"\e[31mred"`:   "f:2:7: a text cannot have the character U+001B [bad-value]",
		`"a\u202Eb"`:    "f:2:7: a text cannot have the character U+202E [bad-value]",
		`"two\nlines"`:  "f:2:7: this text has one line, without tabs [bad-value]",
		`"trailing\n"`:  "<nil>",
		`"日本 👩‍💻 café"`: "<nil>",
	} {
		_, err := Load([]Source{{Name: "f", Data: []byte("version: 1\nname: " + text + "\nservices: {a: {work: 1ms}}\n")}}, Options{})
		if got := lines(err); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// TestSlotsTimesInstances do not overflow an int of 32 bits.
func TestSlotsTimesInstances(t *testing.T) {
	const source = "version: 1\nservices: {a: {work: 1s, concurrency: 65537, instances: 65537}}\ntraffic: {t: {to: a, rate: 200k/s, timeout: 2s}}\n"
	topology, err := Load([]Source{{Name: "f", Data: []byte(source)}}, Options{})
	if err != nil || len(topology.Warnings) > 0 {
		t.Error(err, topology.Warnings)
	}
}
