package trace

import "slices"

// Clones share nothing with what they were made of: a run that is still being
// counted can be continued in several ways.

// Clone is a deep copy.
func (c *Client) Clone() *Client {
	d := *c
	cloneOutcomes(d.Phases[:])
	d.Batches = slices.Clone(c.Batches)
	cloneOutcomes(d.Batches)
	w := &d.Windows
	for _, column := range []*[]uint32{&w.Requests, &w.Attempts, &w.OK, &w.Degraded, &w.Failed, &w.Answered} {
		*column = slices.Clone(*column)
	}
	for _, column := range []*[]float64{&w.P50, &w.P99} {
		*column = slices.Clone(*column)
	}
	return &d
}

// Clone is a deep copy.
func (c *Component) Clone() *Component {
	d := *c
	cloneOutcomes(d.Phases[:])
	d.Batches = slices.Clone(c.Batches)
	for k := range d.Batches {
		d.Batches[k].Outcomes = d.Batches[k].Clone()
	}
	d.Wait = c.Wait.Clone()
	w := &d.Windows
	for _, column := range []*[]uint32{&w.Requests, &w.OK, &w.Degraded, &w.Failed, &w.Hits, &w.Misses} {
		*column = slices.Clone(*column)
	}
	for _, column := range []*[]float64{&w.Utilization, &w.Queue, &w.InSystem, &w.InService, &w.Capacity, &w.P99} {
		*column = slices.Clone(*column)
	}
	return &d
}

// Clone is a deep copy.
func (o *Outcomes) Clone() Outcomes {
	c := *o
	c.Latency = o.Latency.Clone()
	return c
}

func cloneOutcomes(list []Outcomes) {
	for k := range list {
		list[k] = list[k].Clone()
	}
}
