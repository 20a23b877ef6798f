package verdict

import (
	"encoding/xml"
	"strings"
	"testing"
)

// What servers read: the counts of every suite are those of its tests, and names
// survive.
func TestJUnitAddsUp(t *testing.T) {
	for _, strict := range []bool{false, true} {
		s := sheet()
		s.Strict = strict
		var b strings.Builder
		if err := WriteJUnit(&b, s); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(b.String(), xml.Header) {
			t.Errorf("does not begin with the declaration: %s", b.String())
		}
		var all junitSuites
		if err := xml.Unmarshal([]byte(b.String()), &all); err != nil {
			t.Fatal(err)
		}
		tests, failures, skipped := 0, 0, 0
		for _, suite := range all.Suites {
			failed, left := 0, 0
			for _, c := range suite.Cases {
				if c.Failure != nil {
					failed++
				}
				if c.Skipped != nil {
					left++
				}
			}
			if suite.Tests != len(suite.Cases) || suite.Failures != failed || suite.Skipped != left {
				t.Errorf("%s says %d, %d, %d and has %d, %d, %d", suite.Name, suite.Tests, suite.Failures, suite.Skipped, len(suite.Cases), failed, left)
			}
			tests, failures, skipped = tests+suite.Tests, failures+failed, skipped+left
		}
		wantFailures := map[bool]int{false: 3, true: 4}[strict]
		if all.Tests != 5 || tests != 5 || all.Failures != failures || failures != wantFailures || all.Skipped != skipped || skipped != 4-wantFailures {
			t.Errorf("strict %v: in all %d (%d), %d (%d), %d (%d)", strict, all.Tests, tests, all.Failures, failures, all.Skipped, skipped)
		}
		if got := all.Suites[0].Cases[0].Class; got != "fire|<b>[a]" {
			t.Errorf("the class is %q", got)
		}
		if got := all.Suites[1].Cases[0].Failure.Message; got != "98.0% (97.9% to 98.1%, n=10), wanted availability >= 99.9%" {
			t.Errorf("the message is %q", got)
		}
	}
}
