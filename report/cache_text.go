package report

import (
	"fmt"
	"strings"
)

// caches writes of each cache how much it found, by phase where something
// failed, and what that cost the component behind it.
func (p *printer) caches(r *Result) {
	var lines []string
	for _, c := range r.Components {
		if c.Value.HitRatio.Known() {
			lines = append(lines, cacheText(r, c.Name, c.Value))
		}
	}
	p.first("caches", lines)
}

func cacheText(r *Result, name string, c *Component) string {
	ratio := func(f *ComponentFigures, path ...string) string {
		return r.within(f.HitRatio, FormatPercent, append(append([]string{"components", name}, path...), "hit_ratio")...)
	}
	text := name + ": " + ratio(&c.ComponentFigures) + " hits"
	var parts []string
	for _, phase := range []struct {
		key, words string
		figures    *ComponentFigures
	}{
		{"before", " before", &c.Phases.Before},
		{"fault", " during the fault", &c.Phases.Fault.ComponentFigures},
		{"recovery", " in recovery", &c.Phases.Recovery},
	} {
		if phase.figures.HitRatio.Known() {
			parts = append(parts, ratio(phase.figures, "phases", phase.key)+phase.words)
		}
	}
	if len(parts) > 1 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	text += fmt.Sprintf(", %s fetches from behind it", FormatCount(float64(c.Fetches)))
	if c.StaleServed > 0 {
		text += fmt.Sprintf(", %s answers with expired data", FormatCount(float64(c.StaleServed)))
	}
	return text
}
