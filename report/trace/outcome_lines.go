package trace

import (
	"encoding/json"
	"fmt"
)

// outcomesRecord is Outcomes with its phase; phases in which nothing happened
// are left out.
type outcomesRecord struct {
	Phase    string            `json:"phase,omitempty"` // not of a batch
	Requests uint64            `json:"requests"`
	Attempts uint64            `json:"attempts"`
	OK       uint64            `json:"ok"`
	Degraded uint64            `json:"degraded"`
	Failed   map[string]uint64 `json:"failed,omitempty"`
	Answered uint64            `json:"answered,omitempty"` // of clients
	Use      *useRecord        `json:"use,omitempty"`      // of components
	Lookups  *lookupsRecord    `json:"lookups,omitempty"`  // of caches
	Latency  Histogram         `json:"latency"`
}

// lookupsRecord is Lookups.
type lookupsRecord struct {
	Hits        uint64 `json:"hits"`
	Misses      uint64 `json:"misses"`
	Fetches     uint64 `json:"fetches"`
	StaleServed uint64 `json:"stale_served"`
	StaleReads  uint64 `json:"stale_reads"`
}

// useRecord is Use; its numbers are integrals over time in seconds.
type useRecord struct {
	Time      number `json:"time_s"`
	Busy      number `json:"busy"`
	Slots     number `json:"slots"`
	Queue     number `json:"queue"`
	InSystem  number `json:"in_system"`
	InService number `json:"in_service"`
}

func newUseRecord(u *Use) *useRecord {
	return &useRecord{number(u.Time), number(u.Busy), number(u.Slots), number(u.Queue), number(u.InSystem), number(u.InService)}
}

func (u *useRecord) use() Use {
	return Use{float64(u.Time), float64(u.Busy), float64(u.Slots), float64(u.Queue), float64(u.InSystem), float64(u.InService)}
}

func newOutcomesRecord(phase string, o *Outcomes) outcomesRecord {
	r := outcomesRecord{
		Phase: phase, Requests: o.Requests, Attempts: o.Attempts, OK: o.OK, Degraded: o.Degraded, Latency: o.Latency,
	}
	for reason, n := range o.Failed {
		if n > 0 {
			if r.Failed == nil {
				r.Failed = map[string]uint64{}
			}
			r.Failed[Reason(reason).String()] = n
		}
	}
	return r
}

func (r *outcomesRecord) read(o *Outcomes) error {
	o.Requests, o.Attempts, o.OK, o.Degraded, o.Latency = r.Requests, r.Attempts, r.OK, r.Degraded, r.Latency
	for name, n := range r.Failed {
		reason, err := reasonNamed(name)
		if err != nil {
			return err
		}
		o.Failed[reason] = n
	}
	return nil
}

type clientRecord struct {
	record
	Name    string           `json:"name"`
	Phases  []outcomesRecord `json:"phases"`
	Windows clientWindows    `json:"windows"`
	Batches []outcomesRecord `json:"batches,omitempty"`
}

type clientWindows struct {
	Requests []uint32 `json:"requests"`
	Attempts []uint32 `json:"attempts"`
	OK       []uint32 `json:"ok"`
	Degraded []uint32 `json:"degraded"`
	Failed   []uint32 `json:"failed"`
	Answered []uint32 `json:"answered"`
	P50      column   `json:"p50_s"`
	P99      column   `json:"p99_s"`
}

func newClientRecord(c *Client) clientRecord {
	w := &c.Windows
	r := clientRecord{
		record: record{"client"}, Name: c.Name, Phases: []outcomesRecord{},
		Windows: clientWindows{w.Requests, w.Attempts, w.OK, w.Degraded, w.Failed, w.Answered, w.P50, w.P99},
	}
	for p := range Phases {
		o := newOutcomesRecord(p.String(), &c.Phases[p])
		o.Answered = c.Answered[p]
		if o.Requests > 0 || o.Attempts > 0 || o.Answered > 0 || o.OK > 0 || o.Degraded > 0 || o.Failed != nil || o.Latency.Count > 0 {
			r.Phases = append(r.Phases, o)
		}
	}
	for i := range c.Batches {
		r.Batches = append(r.Batches, newOutcomesRecord("", &c.Batches[i]))
	}
	return r
}

func (run *Run) readClient(raw json.RawMessage) error {
	var r clientRecord
	if err := json.Unmarshal(raw, &r); err != nil {
		return err
	}
	w := &r.Windows
	c := &Client{Name: r.Name, Windows: ClientWindows{
		Requests: w.Requests, Attempts: w.Attempts, OK: w.OK, Degraded: w.Degraded, Failed: w.Failed,
		Answered: w.Answered, P50: w.P50, P99: w.P99,
	}}
	for i := range r.Phases {
		p, err := phaseNamed(r.Phases[i].Phase)
		if err != nil {
			return fmt.Errorf("client %s: %w", r.Name, err)
		}
		c.Answered[p] = r.Phases[i].Answered
		if err := r.Phases[i].read(&c.Phases[p]); err != nil {
			return fmt.Errorf("client %s: %w", r.Name, err)
		}
	}
	for i := range r.Batches {
		var o Outcomes
		if err := r.Batches[i].read(&o); err != nil {
			return fmt.Errorf("client %s: batch %d: %w", r.Name, i+1, err)
		}
		c.Batches = append(c.Batches, o)
	}
	run.Clients = append(run.Clients, c)
	return nil
}
