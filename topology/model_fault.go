package topology

import "time"

// Scenario is a named list of faults.
type Scenario struct {
	Name        string
	Description string
	Pos         Pos
	Faults      []*Fault
}

// Fault is one thing that goes wrong. Exactly one of the pointers is set; it
// tells the kind.
type Fault struct {
	Pos Pos
	At  time.Duration
	For time.Duration // 0 = to the end of the run

	Monkey    *Monkey
	Gorilla   *Gorilla
	Kong      *Kong
	Kill      *Kill
	Pause     *Pause
	Latency   *Latency
	Errors    *ErrorFault
	BadData   *BadData
	Partition *Partition
	Loss      *Loss
	Surge     *Surge
	Failures  *Failures
	Flush     *CacheFlush
	Resize    *CacheResize
}

// Over is when nothing more is done to the system: at the fault's end or, of a kill
// or a flush without one, at its strike. ok is false of what lasts to the end of
// the run.
func (f *Fault) Over() (at time.Duration, ok bool) {
	return f.At + f.For, f.For > 0 || f.Kill != nil || f.Flush != nil
}

// Kind is the fault's name in the language.
func (f *Fault) Kind() string {
	switch {
	case f.Monkey != nil:
		return "monkey"
	case f.Gorilla != nil:
		return "gorilla"
	case f.Kong != nil:
		return "kong"
	case f.Pause != nil:
		return "pause"
	case f.Latency != nil:
		return "latency"
	case f.Errors != nil:
		return "errors"
	case f.BadData != nil:
		return "bad_data"
	case f.Partition != nil:
		return "partition"
	case f.Loss != nil:
		return "loss"
	case f.Surge != nil:
		return "surge"
	case f.Failures != nil:
		return "failures"
	case f.Flush != nil:
		return "cache_flush"
	case f.Resize != nil:
		return "cache_resize"
	default:
		return "kill"
	}
}

// Choices lists the choices of zones and regions that the fault leaves open to
// `each`, `random` and `same`, in a fixed order: the variants of a scenario are the
// product over its faults' choices with Each. They point into the fault.
func (f *Fault) Choices() []*Choice {
	var all []*Choice
	for _, s := range f.Selections() {
		all = append(all, &s.Zones, &s.Regions)
	}
	switch {
	case f.Gorilla != nil:
		all = append(all, &f.Gorilla.Zone)
	case f.Kong != nil:
		all = append(all, &f.Kong.Region)
	}
	n := 0
	for _, c := range all {
		if c.Each || c.Random || c.Same {
			all[n] = c
			n++
		}
	}
	return all[:n]
}

// OneZone is the zone that the fault is about, if it names, or has chosen, just
// one; ok is false otherwise.
func (f *Fault) OneZone() (zone int, ok bool) {
	choices := []*Choice{}
	for _, s := range f.Selections() {
		choices = append(choices, &s.Zones)
	}
	if f.Gorilla != nil {
		choices = append(choices, &f.Gorilla.Zone)
	}
	for _, c := range choices {
		if len(c.Of) == 1 {
			return c.Of[0], true
		}
	}
	return 0, false
}

// Selections lists whom the fault strikes; a partition and a loss have two
// sides, a gorilla, a kong, a surge and a resize none.
func (f *Fault) Selections() []*Selection {
	switch {
	case f.Monkey != nil:
		return []*Selection{&f.Monkey.Selection}
	case f.Kill != nil:
		return []*Selection{&f.Kill.Selection}
	case f.Pause != nil:
		return []*Selection{&f.Pause.Selection}
	case f.Latency != nil:
		return []*Selection{&f.Latency.Selection}
	case f.Errors != nil:
		return []*Selection{&f.Errors.Selection}
	case f.BadData != nil:
		return []*Selection{&f.BadData.Selection}
	case f.Partition != nil:
		return []*Selection{&f.Partition.From, &f.Partition.To}
	case f.Loss != nil:
		return []*Selection{&f.Loss.From, &f.Loss.To}
	case f.Failures != nil:
		return []*Selection{&f.Failures.Selection}
	case f.Flush != nil:
		return []*Selection{&f.Flush.Selection}
	}
	return nil
}

// Choice says which zones, or which regions, are meant.
type Choice struct {
	Each   bool  // one variant for each of them
	Random bool  // one of them, by the run's luck
	Same   bool  // the one zone that the fault before it has
	Region bool  // it is of Topology.Regions, not of ZoneNames
	Of     []int // those named, if neither; nil = all
}

// Selection says whom a fault strikes: the instances of Services in Zones (and
// Regions), of them Count or Share at random; and where requests are struck,
// those of Operations.
type Selection struct {
	Services   []int // indices of components, of any kind that the fault strikes; nil = all of them
	Zones      Choice
	Regions    Choice   // of the sides of a partition or a loss
	Operations []Target // nil = all
	Count      int      // so many instances; 0 = Share of them
	Share      float64  // 0..1; 1 = all
}

// SelectedServices are the indices of the components of a selection; where it
// names none, all that have instances in zones.
func (t *Topology) SelectedServices(s *Selection) []int {
	return listed(s.Services, t.Fleets())
}

// SelectedZones are the indices of the zones of a selection whose choices are
// decided: no Each, no Random.
func (t *Topology) SelectedZones(s *Selection) []int {
	if s.Regions.Of == nil {
		return listed(s.Zones.Of, len(t.ZoneNames()))
	}
	var zones []int
	for _, region := range s.Regions.Of {
		first := 0
		for _, r := range t.Regions[:region] {
			first += len(r.Zones)
		}
		for i := range t.Regions[region].Zones {
			zones = append(zones, first+i)
		}
	}
	return zones
}

// listed are the chosen of n, or all.
func listed(chosen []int, n int) []int {
	if chosen != nil {
		return chosen
	}
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// Monkey terminates random instances: per group and firing one (MaxPerRun),
// with a probability; or by a calendar.
type Monkey struct {
	Selection
	Every       time.Duration // 0 with a Calendar
	Probability float64
	Calendar    *Calendar
	MaxPerRun   int
	PerZone     bool // group_by: service_zone
	Mode        DeathMode
}

// Calendar is the schedule of Chaos Monkey 2: every group is hit on a workday
// with probability 1/Mean, at a uniform minute of the working hours, unless the
// hit before is less than MinGap workdays back. A run's t = 0 is CalendarStart.
type Calendar struct {
	Mean     int            // workdays, at least 1
	MinGap   int            // workdays; 0 and 1 allow a hit on every workday
	From, To int            // the working hours begin and end, 0..24
	Days     [7]bool        // by time.Weekday
	Location *time.Location // of hours and days
}

// Gorilla takes a whole zone away.
type Gorilla struct {
	Zone                    Choice        // one zone
	Surrender               time.Duration // so long no health check can see it
	RefuseCapacityElsewhere float64       // share of launches refused in the other zones, 0..1
	Shift                   bool          // an operator takes the zone out of rotation,
	ShiftAfter              time.Duration // so long after the fault began
	Restart                 bool          // instances restart at the end
	Mode                    DeathMode
}

// CalendarStart is the moment of every run's t = 0 in the world of calendars: a
// Monday's first, in UTC.
func CalendarStart() time.Time { return time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC) }

// Kong takes a whole region away; its clients go to the others after DNSTTL.
type Kong struct {
	Region                  Choice // one region
	DNSTTL                  time.Duration
	Surrender               time.Duration
	RefuseCapacityElsewhere float64
	Restart                 bool
	Mode                    DeathMode
}

// Kill terminates instances once; of a CDN, PoPs, until the fault ends.
type Kill struct {
	Selection      // with Primary or a Node, of stores only
	Primary   bool // the primary of each selected store, of its first shard
	Node      int  // the node of this number, from 1 and zone by zone, of the one store; 0 = by the selection
	Mode      DeathMode
}

// CacheFlush empties the selected cache nodes.
type CacheFlush struct {
	Selection
}

// CacheResize changes the number of nodes of a cache, until the fault ends; they
// are spread evenly over the zones.
type CacheResize struct {
	Cache int // index into Topology.Caches
	To    int // at least 1
}

// Pause freezes instances, which go on afterwards with what they hold.
type Pause struct {
	Selection
}

// Latency makes instances slow: Add to every reply, or Slowdown of the own work.
type Latency struct {
	Selection
	Add      *Distribution // nil with a Slowdown
	Slowdown float64       // over 0; 1 with an Add
}

// ErrorFault fails a share of the requests, after their work.
type ErrorFault struct {
	Selection
	Rate float64 // 0..1
}

// BadData makes a share of the replies malformed.
type BadData struct {
	Selection
	Rate    float64 // 0..1
	Salvage float64 // share of them that a tolerant reader recovers, 0..1
}

// Partition lets no message pass between two sides.
type Partition struct {
	From, To Selection // a To of all is everybody outside From
	OneWay   bool      // messages from From to To only
	Mode     DeathMode // DefaultMode is Blackhole
}

// Loss loses a share of the messages between two sides, which may overlap.
type Loss struct {
	From, To Selection
	OneWay   bool
	Rate     float64 // 0..1
}

// Surge multiplies the rate of traffics, or their users.
type Surge struct {
	Traffic []int // indices into Topology.Traffic; nil = all
	Factor  float64
}

// Failures go on in the background: every selected instance, or every selected
// zone as a whole, fails MTTF after it began to work and is back MTTR later.
type Failures struct {
	Selection
	OfZones bool // zones fail, not single instances
	MTTF    Distribution
	MTTR    Distribution
	Mode    DeathMode
	Pauses  bool // instances freeze instead of dying, and go on with what they hold
}
