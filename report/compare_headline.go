package report

import (
	"fmt"
	"strings"
)

// headline is what a reviewer has to know of a variant, in a line:
//
//	losing us-east-1a: availability −0.31 points ±0.06; the bottleneck moved from
//	catalog to profile-db
func (c *Contrast) headline(v *VariantContrast) string {
	parts := []string{change("availability", v.Judged())}
	if v.Collapse.happened() {
		parts = append(parts, v.Collapse.clause())
	}
	if d := v.Find(figureP99); d.Clear() {
		parts = append(parts, change("p99", d))
	}
	if b := v.Bottleneck; b.Moved {
		switch {
		case b.A.Component == "":
			parts = append(parts, "the bottleneck is now "+b.B.Component)
		case b.B.Component == "":
			parts = append(parts, b.A.Component+" is no longer the bottleneck")
		default:
			parts = append(parts, fmt.Sprintf("the bottleneck moved from %s to %s", b.A.Component, b.B.Component))
		}
	}
	return c.subject(v) + ": " + strings.Join(parts, "; ")
}

// change of a figure in words.
func change(name string, d *Difference) string {
	switch d.Verdict {
	case Untold:
		return name + " cannot be said"
	case Same:
		return name + " unchanged"
	}
	text := formatPlusMinus(d.Unit, float64(d.Difference), float64(d.HalfWidth()))
	if !d.Clear() {
		return fmt.Sprintf("no clear difference in %s (%s)", name, text)
	}
	return name + " " + text
}

// subject names a variant by what was lost, if that tells it from the others.
func (c *Contrast) subject(v *VariantContrast) string {
	name := losing(v)
	if name == "" {
		return v.Scenario
	}
	for _, other := range c.Variants {
		if other != v && losing(other) == name {
			return v.Scenario
		}
	}
	return name
}

// losing is "losing us-east-1a", or empty if no zone was lost.
func losing(v *VariantContrast) string {
	if v.Scenario == "none" {
		return "without faults"
	}
	var zones []string
	for _, loss := range v.First[0].Losses() {
		if loss.Zone == "" || loss.Kind == "failures" {
			return ""
		}
		zones = append(zones, loss.Zone)
	}
	if len(zones) == 0 {
		return ""
	}
	return "losing " + strings.Join(zones, " and ")
}
