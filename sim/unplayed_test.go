package sim

import (
	"strings"
	"testing"

	"github.com/silverback-sim/silverback/topology"
)

// TestUnplayedIsRefused: what the language has and the engine does not play is
// refused by name. Whoever plays a key takes its line away.
func TestUnplayedIsRefused(t *testing.T) {
	for _, c := range []struct{ service, call, client, fault, want string }{
		{service: "drain: 1m", want: "services.a: drain is not played yet"},
	} {
		text := "version: 1\nservices:\n" +
			"  a: {work: 1ms, " + c.service + ", calls: [{to: b, timeout: 1s, " + c.call + "}]}\n" +
			"  b: {work: 1ms}\n" +
			"traffic: {t: {to: a, rate: 1/s, timeout: 1s, " + c.client + "}}\n" +
			"scenarios: {s: {faults: [{" + c.fault + "}]}}\n"
		if c.fault == "" {
			text = text[:strings.Index(text, "scenarios")]
		}
		text = strings.NewReplacer(", ,", ",", ", }", "}").Replace(text)
		top, err := topology.Load([]topology.Source{{Name: "t.yaml", Data: []byte(text)}}, topology.Options{})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if _, err := Compile(top); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v", c.want, err)
		}
	}
}
