package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/silverback-sim/silverback/report/stat"
)

// Sweep is how a system does as one or two of its parameters change.
type Sweep struct {
	Version      int              `json:"version"`
	Topology     string           `json:"topology"`
	Seed         uint64           `json:"seed"`
	Replications int              `json:"replications"`
	Confidence   float64          `json:"confidence"`
	Parameters   []SweepParameter `json:"parameters"`
	Points       []*SweepPoint    `json:"points"`  // the first parameter varies slowest
	Missing      int              `json:"missing"` // points that were not played: it was interrupted
}

// SweepParameter is what changes, and through which values.
type SweepParameter struct {
	Path   string       `json:"path"`
	Unit   string       `json:"unit"` // s, 1/s, share, 1, or empty for what is no quantity
	Values []SweepValue `json:"values"`
}

// SweepValue is as written, and as a number in the parameter's unit.
type SweepValue struct {
	Text   string `json:"text"`
	Number Number `json:"number"`
}

// SweepPoint is what one choice of the parameters gave.
type SweepPoint struct {
	Values   []string        `json:"values"`
	Problem  string          `json:"problem,omitempty"` // why it cannot be played
	Variants []*SweepVariant `json:"variants,omitempty"`
}

// SweepVariant is one scenario variant of one point. What says "judged" is of the
// fault or, in a run without one, of the whole run.
type SweepVariant struct {
	Scenario          string     `json:"scenario"`
	Availability      Estimate   `json:"availability"`       // of the whole run, 0..1
	AvailabilityFault Estimate   `json:"availability_fault"` // 0..1; unknown without a fault
	LatencyMean       Estimate   `json:"latency_mean"`       // s; judged
	LatencyP99        Estimate   `json:"latency_p99"`        // s; judged
	Failed            Estimate   `json:"failed"`             // requests
	Spare             Estimate   `json:"spare_capacity"`     // capacity / demand − 1; judged
	Instances         Estimate   `json:"instances"`          // in service, mean
	Bottleneck        Bottleneck `json:"bottleneck"`         // judged
	Collapse          *Collapse  `json:"collapse,omitempty"` // where the runs can tell
}

// Bottleneck is the component that was loaded most in most of the replications.
type Bottleneck struct {
	Component   string   `json:"component"`
	Utilization Estimate `json:"utilization"` // 0..1
}

// Estimate is the mean of a figure over replications with its interval.
type Estimate struct {
	Mean Number `json:"mean"`
	Low  Number `json:"low"`
	High Number `json:"high"`
	N    int    `json:"n"` // replications that could say it
}

// HalfWidth of the interval; unknown without one.
func (e Estimate) HalfWidth() Number { return (e.High - e.Low) / 2 }

// estimate a figure of gists; it lies between low and high by its nature.
func estimate(gists []Gist, confidence, low, high float64, of func(*Gist) Number) Estimate {
	var sum stat.Running
	for i := range gists {
		if x := of(&gists[i]); x.Known() {
			sum.Add(float64(x))
		}
	}
	s := sum.Summary()
	e := Estimate{Number(s.Mean), unknown(), unknown(), s.N}
	if s.N > 1 {
		i := s.Interval(confidence)
		e.Low, e.High = Number(max(i.Low, low)), Number(min(i.High, high))
	}
	return e
}

// NewSweepVariant sums up the replications of a variant.
func NewSweepVariant(scenario string, gists []Gist, confidence float64) *SweepVariant {
	share := func(of func(*Gist) Number) Estimate { return estimate(gists, confidence, 0, 1, of) }
	atLeast := func(low float64, of func(*Gist) Number) Estimate {
		return estimate(gists, confidence, low, math.Inf(1), of)
	}
	most := mostNamed(gists)
	v := &SweepVariant{
		Scenario:          scenario,
		Availability:      share(func(g *Gist) Number { return g.Availability }),
		AvailabilityFault: share(func(g *Gist) Number { return g.During }),
		LatencyMean:       atLeast(0, func(g *Gist) Number { return g.Mean }),
		LatencyP99:        atLeast(0, func(g *Gist) Number { return g.P99 }),
		Failed:            atLeast(0, func(g *Gist) Number { return g.Failed }),
		Spare:             atLeast(-1, func(g *Gist) Number { return g.Spare }),
		Instances:         atLeast(0, func(g *Gist) Number { return g.Instances }),
		Bottleneck:        Bottleneck{most, share(func(g *Gist) Number { return utilizationOf(g, most) })},
	}
	v.Collapse = collapseOf(gists, confidence)
	return v
}

// Judged is the availability by which a variant is judged.
func (v *SweepVariant) Judged() Estimate {
	if v.AvailabilityFault.N > 0 {
		return v.AvailabilityFault
	}
	return v.Availability
}

// Find a variant by name; nil if the point has none.
func (p *SweepPoint) Find(scenario string) *SweepVariant {
	for _, v := range p.Variants {
		if v.Scenario == scenario {
			return v
		}
	}
	return nil
}

// Scenarios are the variants of all points, in the order of the first.
func (s *Sweep) Scenarios() []string {
	var names []string
	seen := map[string]bool{}
	for _, p := range s.Points {
		for _, v := range p.Variants {
			if !seen[v.Scenario] {
				names = append(names, v.Scenario)
			}
			seen[v.Scenario] = true
		}
	}
	return names
}

// WriteSweepJSON writes s on one line.
func WriteSweepJSON(w io.Writer, s *Sweep) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return fmt.Errorf("writing the sweep: %w", err)
	}
	return nil
}
