package report

import "fmt"

// CollapseContrast tells in how many replications each design collapsed. Where
// some do and some do not, the means of other figures are of two worlds.
type CollapseContrast struct {
	A       *Collapse `json:"a"`
	B       *Collapse `json:"b"`
	Verdict string    `json:"verdict"` // better or worse if the intervals do not meet
}

// collapseOf counts the replications that collapsed; nil if none can tell.
func collapseOf(gists []Gist, confidence float64) *Collapse {
	down, told := 0, 0
	for _, g := range gists {
		if g.Told {
			told++
		}
		if g.Told && g.Down {
			down++
		}
	}
	return newCollapse(down, told, confidence)
}

func contrastCollapse(a, b *Collapse) *CollapseContrast {
	if a == nil || b == nil {
		return nil
	}
	c := &CollapseContrast{a, b, Unclear}
	switch {
	case a.Replications == b.Replications && a.Of == b.Of:
		c.Verdict = Same
	case b.ProbabilityCI[0] > a.ProbabilityCI[1]:
		c.Verdict = Worse
	case b.ProbabilityCI[1] < a.ProbabilityCI[0]:
		c.Verdict = Better
	}
	return c
}

// happened tells whether any replication collapsed.
func (c *CollapseContrast) happened() bool {
	return c != nil && c.A.Replications+c.B.Replications > 0
}

// clause of a headline.
func (c *CollapseContrast) clause() string {
	return fmt.Sprintf("A collapses in %s replications, B in %s", c.A.share(), c.B.share())
}

func (c *Collapse) share() string { return fmt.Sprintf("%d of %d", c.Replications, c.Of) }
