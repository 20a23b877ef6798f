package report

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/silverback-sim/silverback/report/stat"
)

// Contrast is what two designs, A and B, have to say to the same luck.
type Contrast struct {
	Version      int                `json:"version"`
	A            Design             `json:"a"`
	B            Design             `json:"b"`
	Seed         uint64             `json:"seed"`
	Replications int                `json:"replications"`
	Confidence   float64            `json:"confidence"`
	Variants     []*VariantContrast `json:"variants"`
	OnlyA        []string           `json:"only_a"` // variants that B has not
	OnlyB        []string           `json:"only_b"`
}

// Design is one side of a comparison.
type Design struct {
	File     string `json:"file"`
	Topology string `json:"topology"`
}

// VariantContrast is one scenario variant, played against both designs.
type VariantContrast struct {
	Scenario    string              `json:"scenario"`
	Description string              `json:"description"`
	Headline    string              `json:"headline"`
	Figures     []Difference        `json:"figures"`
	Bottleneck  BottleneckContrast  `json:"bottleneck"`
	Collapse    *CollapseContrast   `json:"collapse,omitempty"` // where both can tell
	Gained      []UtilizationOfSide `json:"only_in_b"`          // components
	Lost        []UtilizationOfSide `json:"only_in_a"`

	First [2]*Result  `json:"-"` // the first replication of A and B
	Over  [2]Timeline `json:"-"`
}

// BottleneckContrast tells the component that was loaded most in most of the
// replications.
type BottleneckContrast struct {
	A     UtilizationOfSide `json:"a"`
	B     UtilizationOfSide `json:"b"`
	Moved bool              `json:"moved"`
}

// UtilizationOfSide is the mean utilization of a component of one design.
type UtilizationOfSide struct {
	Component   string `json:"component"`
	Utilization Number `json:"utilization"` // 0..1
}

// Pairs gathers the replications of two designs.
type Pairs struct {
	names []string
	sides [2][]side
}

// side is one variant of one design.
type side struct {
	first *Result
	gists []Gist
	over  overTime
}

// NewPairs of the variants of these names.
func NewPairs(variants []string) *Pairs {
	p := &Pairs{names: variants}
	for i := range p.sides {
		p.sides[i] = make([]side, len(variants))
	}
	return p
}

// Take the next replication of a variant of design 0 (A) or 1 (B).
func (p *Pairs) Take(design, variant int, r *Result) {
	s := &p.sides[design][variant]
	if s.first == nil {
		s.first = r
	}
	s.gists = append(s.gists, r.Gist())
	s.over.add(r)
}

// Contrast of what was taken, with intervals of the given confidence (0..1). The
// caller fills in what the designs and the seed were.
func (p *Pairs) Contrast(confidence float64) *Contrast {
	c := &Contrast{Version: FormatVersion, Confidence: confidence, Variants: []*VariantContrast{}, OnlyA: []string{}, OnlyB: []string{}}
	for i := range p.names {
		a, b := &p.sides[0][i], &p.sides[1][i]
		if a.first == nil || b.first == nil {
			continue
		}
		c.Replications = min(len(a.gists), len(b.gists))
		c.Variants = append(c.Variants, contrast(a, b, confidence))
	}
	for _, v := range c.Variants {
		v.Headline = c.headline(v)
	}
	return c
}

func contrast(a, b *side, confidence float64) *VariantContrast {
	v := &VariantContrast{
		Scenario: a.first.Scenario, Description: a.first.Description,
		First: [2]*Result{a.first, b.first},
		Over:  [2]Timeline{a.over.timeline(confidence), b.over.timeline(confidence)},
	}
	for _, c := range comparedFigures() {
		if c.name == figureDuring && !hasFault(a.first.Spans) && !hasFault(b.first.Spans) {
			continue
		}
		v.Figures = append(v.Figures, difference(c, a.gists, b.gists, confidence))
	}
	v.Figures = append(v.Figures, utilizations(a.gists, b.gists, confidence)...)
	v.Bottleneck.A, v.Bottleneck.B = a.bottleneck(), b.bottleneck()
	v.Bottleneck.Moved = v.Bottleneck.A.Component != v.Bottleneck.B.Component
	v.Lost, v.Gained = a.without(b), b.without(a)
	v.Collapse = contrastCollapse(collapseOf(a.gists, confidence), collapseOf(b.gists, confidence))
	return v
}

func (s *side) bottleneck() UtilizationOfSide { return s.utilization(mostNamed(s.gists)) }

// utilization of a component, the mean of the replications.
func (s *side) utilization(component string) UtilizationOfSide {
	var sum stat.Running
	for i := range s.gists {
		sum.Add(float64(utilizationOf(&s.gists[i], component)))
	}
	return UtilizationOfSide{component, Number(sum.Summary().Mean)}
}

// without lists the components that the other design has not.
func (s *side) without(other *side) []UtilizationOfSide {
	list := []UtilizationOfSide{}
	for _, e := range s.first.Components {
		if _, ok := other.first.Components.Get(e.Name); !ok {
			list = append(list, s.utilization(e.Name))
		}
	}
	return list
}

// Find the difference of a figure that is not of a component; nil if there is
// none.
func (v *VariantContrast) Find(figure string) *Difference {
	for i := range v.Figures {
		if d := &v.Figures[i]; d.Figure == figure && d.Component == "" {
			return d
		}
	}
	return nil
}

// Judged is the difference of the availability by which runs are judged.
func (v *VariantContrast) Judged() *Difference {
	if d := v.Find(figureDuring); d != nil && d.Pairs > 0 {
		return d
	}
	return v.Find(figureAvailability)
}

// WriteContrastJSON writes c on one line.
func WriteContrastJSON(w io.Writer, c *Contrast) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		return fmt.Errorf("writing the comparison: %w", err)
	}
	return nil
}
