package trace

import (
	"encoding/json"
	"fmt"
)

type zoneRecord struct {
	record
	Name      string `json:"name"`
	InService column `json:"in_service"`
	Capacity  column `json:"capacity_per_s"`
	Demand    column `json:"demand_per_s"`
}

func (run *Run) readZone(raw json.RawMessage) error {
	var z zoneRecord
	err := json.Unmarshal(raw, &z)
	run.Zones = append(run.Zones, Zone{z.Name, z.InService, z.Capacity, z.Demand})
	return err
}

type componentRecord struct {
	record
	Name         string           `json:"name"`
	Phases       []outcomesRecord `json:"phases"`
	Wait         Histogram        `json:"wait"`
	QueueMax     int              `json:"queue_max"`
	InServiceMin int              `json:"in_service_min"`
	InServiceMax int              `json:"in_service_max"`
	Slots        int              `json:"slots"`
	HoldTime     number           `json:"hold_time_s"`
	Windows      componentWindows `json:"windows"`
	Batches      []outcomesRecord `json:"batches,omitempty"`
}

type componentWindows struct {
	Requests    []uint32 `json:"requests"`
	OK          []uint32 `json:"ok"`
	Degraded    []uint32 `json:"degraded"`
	Failed      []uint32 `json:"failed"`
	Utilization column   `json:"utilization"`
	Queue       column   `json:"queue"`
	InSystem    column   `json:"in_system"`
	InService   column   `json:"in_service"`
	Capacity    column   `json:"capacity_per_s"`
	P99         column   `json:"p99_s"`
	Hits        []uint32 `json:"hits,omitzero"`
	Misses      []uint32 `json:"misses,omitzero"`
}

func newComponentRecord(c *Component) componentRecord {
	w := &c.Windows
	r := componentRecord{
		record: record{"component"}, Name: c.Name, Wait: c.Wait, QueueMax: c.QueueMax,
		InServiceMin: c.InServiceMin, InServiceMax: c.InServiceMax, Slots: c.Slots, HoldTime: number(c.HoldTime),
		Windows: componentWindows{w.Requests, w.OK, w.Degraded, w.Failed, w.Utilization, w.Queue, w.InSystem, w.InService, w.Capacity, w.P99, w.Hits, w.Misses},
	}
	for p := range Phases {
		o, u := newOutcomesRecord(p.String(), &c.Phases[p]), c.Use[p]
		o.Use = newUseRecord(&u)
		if l := c.Lookups[p]; l != (Lookups{}) {
			o.Lookups = (*lookupsRecord)(&l)
		}
		r.Phases = append(r.Phases, o)
	}
	for i := range c.Batches {
		b := &c.Batches[i]
		o := newOutcomesRecord("", &b.Outcomes)
		o.Use = newUseRecord(&b.Use)
		r.Batches = append(r.Batches, o)
	}
	return r
}

func (run *Run) readComponent(raw json.RawMessage) error {
	var r componentRecord
	if err := json.Unmarshal(raw, &r); err != nil {
		return err
	}
	w := &r.Windows
	c := &Component{
		Name: r.Name, Wait: r.Wait, QueueMax: r.QueueMax, InServiceMin: r.InServiceMin, InServiceMax: r.InServiceMax,
		Slots: r.Slots, HoldTime: float64(r.HoldTime),
		Windows: ComponentWindows{
			Requests: w.Requests, OK: w.OK, Degraded: w.Degraded, Failed: w.Failed, Utilization: w.Utilization,
			Queue: w.Queue, InSystem: w.InSystem, InService: w.InService, Capacity: w.Capacity, P99: w.P99, Hits: w.Hits, Misses: w.Misses,
		},
	}
	for i := range r.Phases {
		o := &r.Phases[i]
		p, err := phaseNamed(o.Phase)
		if err != nil {
			return fmt.Errorf("component %s: %w", r.Name, err)
		}
		if u := o.Use; u != nil {
			c.Use[p] = u.use()
		}
		if l := o.Lookups; l != nil {
			c.Lookups[p] = Lookups(*l)
		}
		if err := o.read(&c.Phases[p]); err != nil {
			return fmt.Errorf("component %s: %w", r.Name, err)
		}
	}
	for i := range r.Batches {
		o, b := &r.Batches[i], ComponentBatch{}
		if o.Use != nil {
			b.Use = o.Use.use()
		}
		if err := o.read(&b.Outcomes); err != nil {
			return fmt.Errorf("component %s: batch %d: %w", r.Name, i+1, err)
		}
		c.Batches = append(c.Batches, b)
	}
	run.Components = append(run.Components, c)
	return nil
}
