package report

// Text is the difference with the half-width of its interval, in words:
// −0.31 points ±0.06. It is empty where nothing can be said.
func (d *Difference) Text() string {
	switch d.Verdict {
	case Untold:
		return ""
	case Same:
		return "unchanged"
	}
	return formatPlusMinus(d.Unit, float64(d.Difference), float64(d.HalfWidth()))
}
