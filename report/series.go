package report

import (
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

// Series are columns with an entry per window.
type Series struct {
	Window     Number                  `json:"window"` // s
	T          Column                  `json:"t"`      // s, a window's start
	Clients    Named[*ClientSeries]    `json:"clients"`
	Components Named[*ComponentSeries] `json:"components"`
	Zones      Named[*ZoneSeries]      `json:"zones"`
}

// ClientSeries count requests by the window of their first attempt; the
// percentiles belong to the window of the answer.
type ClientSeries struct {
	Requests     Column `json:"requests"`
	Attempts     Column `json:"attempts"`
	OK           Column `json:"ok"`
	Degraded     Column `json:"degraded"`
	Failed       Column `json:"failed"`
	Availability Column `json:"availability"` // 0..1
	P50          Column `json:"p50"`          // s
	P99          Column `json:"p99"`          // s

	Answered Column `json:"-"` // ok and degraded answers, by their own moment
}

// ComponentSeries are one component's columns.
type ComponentSeries struct {
	Requests    Column `json:"requests"`
	Failed      Column `json:"failed"`
	Utilization Column `json:"utilization"` // 0..1
	Queue       Column `json:"queue"`       // waiting requests, all instances
	InService   Column `json:"in_service"`  // instances
	Capacity    Column `json:"capacity"`    // requests/s
	P99         Column `json:"p99"`         // s
	HitRatio    Column `json:"hit_ratio"`   // 0..1
}

// ZoneSeries are one zone's columns.
type ZoneSeries struct {
	InService Column `json:"in_service"` // instances of all components
	Capacity  Column `json:"capacity"`   // client requests/s
	Demand    Column `json:"demand"`     // client requests/s
}

func summarizeSeries(run *trace.Run) Series {
	n := run.Windows()
	s := Series{Window: Number(run.Window.Seconds()), T: make(Column, n)}
	for i := range s.T {
		s.T[i] = (run.Window * time.Duration(i)).Seconds()
	}
	for _, c := range run.Clients {
		s.Clients = append(s.Clients, Entry[*ClientSeries]{c.Name, clientSeries(&c.Windows)})
	}
	for _, c := range run.Components {
		w := &c.Windows
		s.Components = append(s.Components, Entry[*ComponentSeries]{c.Name, &ComponentSeries{
			Requests:    counts(w.Requests),
			Failed:      counts(w.Failed),
			Utilization: w.Utilization,
			Queue:       w.Queue,
			InService:   w.InService,
			Capacity:    w.Capacity,
			P99:         w.P99,
			HitRatio:    hitRatios(w, n),
		}})
	}
	for _, z := range run.Zones {
		s.Zones = append(s.Zones, Entry[*ZoneSeries]{z.Name, &ZoneSeries{z.InService, z.Capacity, z.Demand}})
	}
	return s
}

func clientSeries(w *trace.ClientWindows) *ClientSeries {
	availability := make(Column, len(w.Requests))
	for i := range availability {
		good := float64(w.OK[i]) + float64(w.Degraded[i])
		availability[i] = float64(quotient(good, good+float64(w.Failed[i])))
	}
	return &ClientSeries{
		Requests:     counts(w.Requests),
		Attempts:     counts(w.Attempts),
		OK:           counts(w.OK),
		Degraded:     counts(w.Degraded),
		Failed:       counts(w.Failed),
		Availability: availability,
		P50:          w.P50,
		P99:          w.P99,
		Answered:     counts(w.Answered),
	}
}

// hitRatios of a cache, by the moment of the lookup.
func hitRatios(w *trace.ComponentWindows, n int) Column {
	if w.Hits == nil {
		return unknowns(n)
	}
	c := make(Column, n)
	for i := range c {
		hits := float64(w.Hits[i])
		c[i] = float64(quotient(hits, hits+float64(w.Misses[i])))
	}
	return c
}

// unknowns is a column of which nothing can be said.
func unknowns(n int) Column {
	c := make(Column, n)
	for i := range c {
		c[i] = float64(unknown())
	}
	return c
}
