package report

import (
	"math"
	"slices"
	"time"

	"github.com/silverback-sim/silverback/report/trace"
)

// Headroom is the capacity that was left at the tightest window of a stretch of
// time.
type Headroom struct {
	Left     Number // capacity / demand − 1; unknown where no window has both, negative where more was asked than could be carried
	Capacity Number // of all zones, in client requests/s
	Demand   Number // of all clients, in requests/s
}

// Headroom finds the tightest window of the phases.
func (r *Result) Headroom(phases ...trace.Phase) Headroom {
	tightest := Headroom{unknown(), unknown(), unknown()}
	for _, i := range r.windows(phases...) {
		var capacity float64
		for _, z := range r.Series.Zones {
			capacity += at(z.Value.Capacity, i)
		}
		demand := r.Demand(i)
		left := quotient(capacity, demand) - 1
		if left.Known() && (!tightest.Left.Known() || left < tightest.Left) {
			tightest = Headroom{left, Number(capacity), Number(demand)}
		}
	}
	return tightest
}

// Demand is what the clients asked for in window i, in requests per second,
// whether they got in or not.
func (r *Result) Demand(i int) float64 {
	var entered float64
	for _, z := range r.Series.Zones {
		entered += at(z.Value.Demand, i)
	}
	return entered
}

// Load is how hard one component had to work.
type Load struct {
	Component   string
	Utilization Number // busy share of its slots, 0..1; unknown if unlimited
	Demand      Number // requests sent to it / its capacity; unknown if that is
	Down        Number // s without an instance in service
}

// Ratio is what a component is ranked by: the greater of its utilization and of
// the share of its capacity that was asked for; infinite if it was down.
func (l Load) Ratio() float64 {
	switch {
	case l.Down > 0:
		return math.Inf(1)
	case !l.Demand.Known():
		return float64(l.Utilization)
	case !l.Utilization.Known():
		return float64(l.Demand)
	}
	return max(float64(l.Demand), float64(l.Utilization))
}

// Short is the ratio in words: 75%, or down.
func (l Load) Short() string {
	switch {
	case l.Down > 0:
		return "down"
	case l.agrees():
		return FormatPercent(float64(l.Utilization))
	}
	return FormatPercent(l.Ratio())
}

// agrees tells whether utilization and demand say the same: what was asked for
// was served.
func (l Load) agrees() bool { return math.Abs(float64(l.Demand-l.Utilization)) < 0.03 }

// Bottleneck is the component that was down for longest during the phases, or
// else the one that was loaded most, of those that requests need; ok is false
// where nothing is known of any.
func (r *Result) Bottleneck(phases ...trace.Phase) (most Load, ok bool) {
	return r.busiest(false, phases)
}

// Busier is the component that was loaded more than the bottleneck, of those
// that no request needs; ok is false where there is none.
func (r *Result) Busier(than Load, phases ...trace.Phase) (most Load, ok bool) {
	most, ok = r.busiest(true, phases)
	return most, ok && most.exceeds(than)
}

func (l Load) exceeds(other Load) bool {
	return l.Ratio() > other.Ratio() || l.Down > other.Down
}

// busiest ranks the components that requests need, or those that they do not.
func (r *Result) busiest(dispensable bool, phases []trace.Phase) (most Load, ok bool) {
	windows := r.windows(phases...)
	for _, c := range r.Series.Components {
		if slices.Contains(r.Dispensable, c.Name) != dispensable {
			continue
		}
		load := Load{Component: c.Name, Utilization: mean(c.Value.Utilization, windows)}
		var requests, capacity float64
		for _, i := range windows {
			if at(c.Value.InService, i) == 0 {
				load.Down += Number(r.windowLength(i))
			}
			requests += at(c.Value.Requests, i) / r.windowLength(i)
			capacity += at(c.Value.Capacity, i)
		}
		load.Demand = quotient(requests, capacity)
		if !math.IsNaN(load.Ratio()) && (!ok || load.exceeds(most)) {
			most, ok = load, true
		}
	}
	return most, ok
}

// windows lists the windows that lie wholly in the phases, or else those that
// begin in them; without phases, or without knowing them, all windows.
func (r *Result) windows(phases ...trace.Phase) []int {
	var inside, begun, all []int
	spans := r.Spans
	for i, t := range r.Series.T {
		all = append(all, i)
		start := seconds(Number(t))
		end := start + seconds(Number(r.windowLength(i)))
		for len(spans) > 1 && spans[1].Start <= start {
			spans = spans[1:]
		}
		if len(spans) == 0 || !slices.Contains(phases, spans[0].Phase) {
			continue
		}
		begun = append(begun, i)
		whole := true
		for _, s := range spans[1:] {
			if s.Start >= end {
				break
			}
			whole = whole && slices.Contains(phases, s.Phase)
		}
		if whole {
			inside = append(inside, i)
		}
	}
	switch {
	case len(phases) == 0 || len(r.Spans) == 0:
		return all
	case len(inside) > 0:
		return inside
	}
	return begun
}

// windowLength in seconds: the last window may be cut short.
func (r *Result) windowLength(i int) float64 {
	return min(float64(r.Series.Window), float64(r.Duration)-r.Series.T[i])
}

func seconds(n Number) time.Duration { return time.Duration(math.Round(float64(n) * 1e9)) }

// at is the entry of window i, NaN beyond the column's end.
func at(c Column, i int) float64 {
	if i >= len(c) {
		return math.NaN()
	}
	return c[i]
}

// mean of the known entries of the windows.
func mean(c Column, windows []int) Number {
	var sum, n float64
	for _, i := range windows {
		if x := at(c, i); !math.IsNaN(x) {
			sum += x
			n++
		}
	}
	return quotient(sum, n)
}
