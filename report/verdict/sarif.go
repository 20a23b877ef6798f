package verdict

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/silverback-sim/silverback/topology"
)

const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	// regressionRule is the rule of figures that are worse than the baseline's.
	regressionRule = "regression"
)

// The parts of SARIF 2.1.0 that are written, after its section 3.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string    `json:"id"`
	ShortDescription sarifText `json:"shortDescription"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifInvocation struct {
	ExecutionSuccessful bool `json:"executionSuccessful"`
}

type sarifResult struct {
	RuleID              string            `json:"ruleId"`
	RuleIndex           int               `json:"ruleIndex"`
	Level               string            `json:"level"`
	Message             sarifText         `json:"message"`
	Locations           []sarifLocation   `json:"locations"`
	PartialFingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	PhysicalLocation struct {
		ArtifactLocation struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	} `json:"physicalLocation"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
}

// WriteSARIF writes a finding for every objective and variant that fails or is
// inconclusive, at the objective's place, and for every figure that is worse than
// the baseline's. The version is that of the program, up to its first blank.
func WriteSARIF(w io.Writer, s *Sheet, version string) error {
	version, _, _ = strings.Cut(version, " ")
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "silverback", Version: version, Rules: s.sarifRules()}},
		Invocations: []sarifInvocation{{ExecutionSuccessful: !s.Interrupted}},
		ColumnKind:  "unicodeCodePoints",
		Results:     []sarifResult{},
	}
	add := func(rule, level, identity, text string, pos topology.Pos) {
		index := slices.IndexFunc(run.Tool.Driver.Rules, func(r sarifRule) bool { return r.ID == rule })
		run.Results = append(run.Results, sarifResult{
			rule, index, level,
			sarifText{text},
			[]sarifLocation{sarifPlace(pos)},
			map[string]string{"silverback/v1": fingerprint(identity)},
		})
	}
	for _, g := range s.groups() {
		for _, r := range g.rows {
			if level := s.level(r.Verdict.Verdict); level != "" {
				text := fmt.Sprintf("%s: %s", r.result.Scenario, r.message())
				add(r.Objective.Metric, level, r.result.Scenario+"\n"+r.Objective.Text, text, r.Objective.Pos)
			}
		}
	}
	for _, r := range s.Regressions() {
		identity := r.Scenario + "\n" + r.Figure
		add(regressionRule, "error", identity, fmt.Sprintf("%s: %s: %s", r.Scenario, r.Figure, r.Text), r.Pos)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(sarifLog{sarifSchema, sarifVersion, []sarifRun{run}}); err != nil {
		return fmt.Errorf("writing the verdicts: %w", err)
	}
	return nil
}

// sarifRules has one rule for every metric that objectives bound.
func (s *Sheet) sarifRules() []sarifRule {
	rules := []sarifRule{}
	for _, o := range s.Objectives {
		if !slices.ContainsFunc(rules, func(r sarifRule) bool { return r.ID == o.Metric }) {
			text := fmt.Sprintf("An objective bounds the %s of a simulated system.", strings.ReplaceAll(o.Metric, "_", " "))
			if o.Metric == "recovers_within" {
				text = "An objective bounds the time in which a simulated system recovers."
			}
			rules = append(rules, sarifRule{o.Metric, sarifText{text}})
		}
	}
	if s.Comparison != nil {
		rules = append(rules, sarifRule{regressionRule, sarifText{"A figure of a simulated system is worse than that of its baseline."}})
	}
	return rules
}

// sarifPlace writes paths as URI references, relative ones to the directory in
// which the program ran.
func sarifPlace(pos topology.Pos) sarifLocation {
	var l sarifLocation
	uri := url.URL{Path: filepath.ToSlash(pos.File)}
	if filepath.IsAbs(pos.File) {
		uri.Scheme = "file"
		if !strings.HasPrefix(uri.Path, "/") {
			uri.Path = "/" + uri.Path // C:/
		}
	}
	l.PhysicalLocation.ArtifactLocation.URI = uri.String()
	if pos.Line > 0 {
		l.PhysicalLocation.Region = &sarifRegion{pos.Line, max(pos.Col, 1)}
	}
	return l
}

// fingerprint keeps a finding recognisable when lines move.
func fingerprint(identity string) string {
	sum := sha256.Sum256([]byte(identity))
	return hex.EncodeToString(sum[:16])
}
