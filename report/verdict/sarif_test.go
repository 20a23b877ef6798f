package verdict

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/silverback-sim/silverback/topology"
)

// TestSARIFHoldsTheStandard checks what SARIF 2.1.0 demands of the properties
// that are written, each with its section.
func TestSARIFHoldsTheStandard(t *testing.T) {
	var b strings.Builder
	if err := WriteSARIF(&b, sheet(), "1.2.3 go1.99 os/arch"); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Schema  string           `json:"$schema"`
		Version string           `json:"version"`
		Runs    []map[string]any `json:"runs"`
	}
	if err := json.Unmarshal([]byte(b.String()), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || !strings.HasSuffix(log.Schema, "/sarif-schema-2.1.0.json") || len(log.Runs) != 1 {
		t.Fatalf("3.13: version %q, schema %q, %d runs", log.Version, log.Schema, len(log.Runs))
	}
	run := log.Runs[0]
	driver := dig[map[string]any](t, run, "tool", "driver")
	if driver["name"] != "silverback" || driver["version"] != "1.2.3" {
		t.Errorf("3.19: the driver is %v %v", driver["name"], driver["version"])
	}
	if got := dig[string](t, run, "columnKind"); got != "unicodeCodePoints" {
		t.Errorf("3.14.17: columns are %q", got)
	}
	if ok := dig[bool](t, dig[[]any](t, run, "invocations")[0], "executionSuccessful"); !ok {
		t.Error("3.20.14: the run was not successful")
	}
	rules := dig[[]any](t, driver, "rules")
	var ids []string
	for _, rule := range rules {
		ids = append(ids, dig[string](t, rule, "id"))
		if text := dig[string](t, rule, "shortDescription", "text"); !strings.HasSuffix(text, ".") {
			t.Errorf("3.49.9: the description %q is no sentence", text)
		}
	}
	if want := []string{"recovers_within", "availability", "regression"}; !slices.Equal(ids, want) {
		t.Errorf("3.19.23: the rules are %q, want %q", ids, want)
	}
	results := dig[[]any](t, run, "results")
	var levels []string
	prints := map[string]bool{}
	for _, result := range results {
		checkResult(t, result, ids)
		levels = append(levels, dig[string](t, result, "level"))
		prints[dig[string](t, result, "partialFingerprints", "silverback/v1")] = true
	}
	if want := []string{"error", "warning", "error", "error"}; !slices.Equal(levels, want) {
		t.Errorf("3.27.10: the levels are %q, want %q", levels, want)
	}
	if len(prints) != len(results) {
		t.Errorf("3.27.18: %d findings have %d fingerprints", len(results), len(prints))
	}
}

func checkResult(t *testing.T, result any, ids []string) {
	t.Helper()
	if id, index := dig[string](t, result, "ruleId"), dig[float64](t, result, "ruleIndex"); ids[int(index)] != id {
		t.Errorf("3.27.6: rule %q has the index %v of %q", id, index, ids[int(index)])
	}
	if dig[string](t, result, "message", "text") == "" {
		t.Error("3.11: a message without text")
	}
	for _, location := range dig[[]any](t, result, "locations") {
		uri := dig[string](t, location, "physicalLocation", "artifactLocation", "uri")
		if parsed, err := url.Parse(uri); err != nil || parsed.Path != "shop, 100%.yaml" || strings.Contains(uri, " ") {
			t.Errorf("3.4.3: %q is not a URI reference of the file: %v", uri, err)
		}
		line := dig[float64](t, location, "physicalLocation", "region", "startLine")
		column := dig[float64](t, location, "physicalLocation", "region", "startColumn")
		if line < 1 || column < 1 {
			t.Errorf("3.30: the region begins at %v:%v", line, column)
		}
	}
	if hash := dig[string](t, result, "partialFingerprints", "silverback/v1"); !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(hash) {
		t.Errorf("3.27.18: the fingerprint is %q", hash)
	}
}

// dig follows keys through objects.
func dig[T any](t *testing.T, from any, path ...string) T {
	t.Helper()
	for _, key := range path {
		object, ok := from.(map[string]any)
		if !ok || object[key] == nil {
			t.Fatalf("%s is missing", strings.Join(path, "."))
		}
		from = object[key]
	}
	value, ok := from.(T)
	if !ok {
		t.Fatalf("%s is a %T", strings.Join(path, "."), from)
	}
	return value
}

func TestSARIFPlaces(t *testing.T) {
	for file, want := range map[string]string{
		"system.yaml":       "system.yaml",
		"a b/c#1.yaml":      "a%20b/c%231.yaml",
		"../up.yaml":        "../up.yaml",
		"/etc/system.yaml":  "file:///etc/system.yaml",
		"odd:name.yaml":     "./odd:name.yaml",
		"<stdin>":           "%3Cstdin%3E",
		"größe/system.yaml": "gr%C3%B6%C3%9Fe/system.yaml",
	} {
		if got := sarifPlace(topology.Pos{File: file, Line: 1, Col: 1}).PhysicalLocation.ArtifactLocation.URI; got != want {
			t.Errorf("%s is at %s, want %s", file, got, want)
		}
	}
	if l := sarifPlace(topology.Pos{}); l.PhysicalLocation.Region != nil {
		t.Errorf("nowhere has the region %v", l.PhysicalLocation.Region)
	}
}

// An interrupted check says so, and strictness raises the level.
func TestSARIFOfAnInterruptedStrictCheck(t *testing.T) {
	s := sheet()
	s.Interrupted, s.Strict = true, true
	var b strings.Builder
	if err := WriteSARIF(&b, s, "1"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"executionSuccessful": false`) || strings.Contains(b.String(), `"level": "warning"`) {
		t.Errorf("got %s", b.String())
	}
}
