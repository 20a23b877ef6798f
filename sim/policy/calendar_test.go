package policy

import (
	"math"
	"math/bits"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"pgregory.net/rapid"
)

func zoneOf(t interface{ Fatal(...any) }, name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

var weekdays = [7]bool{time.Monday: true, time.Tuesday: true, time.Wednesday: true, time.Thursday: true, time.Friday: true}

const day = 24 * 3600 * second

// TestCalendarTwin checks the gap as Chaos Monkey does: it goes back day by day from
// the termination, over so many workdays, to the end of the working hours there, and
// nothing may have been terminated since.
func TestCalendarTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Calendar{
			Mean: rapid.SampledFrom([]float64{1, 1.5, 2, 5}).Draw(t, "mean"), MinGap: rapid.IntRange(0, 6).Draw(t, "gap"),
			From: rapid.IntRange(0, 12).Draw(t, "from"), To: rapid.IntRange(13, 24).Draw(t, "to"),
			Location: zoneOf(t, rapid.SampledFrom([]string{"UTC", "America/Los_Angeles", "Europe/Berlin", "Asia/Kathmandu", "America/Sao_Paulo"}).Draw(t, "zone")),
		}
		for i := range c.Workdays {
			c.Workdays[i] = rapid.IntRange(0, 9).Draw(t, "workday") < 7
		}
		group := rapid.Uint64().Draw(t, "group")
		start := time.Unix(rapid.Int64Range(0, 2e9).Draw(t, "start"), 0)
		lasts := rapid.Int64Range(0, 100).Draw(t, "days") * day

		var want []int64
		var last time.Time
		for d := start.In(c.Location).AddDate(0, 0, -1); ; d = d.AddDate(0, 0, 1) {
			y, m, dd := d.Date()
			noon := time.Date(y, m, dd, 12, 0, 0, 0, c.Location)
			if noon.After(start.Add(time.Duration(lasts)).AddDate(0, 0, 2)) {
				break
			}
			utc := time.Date(y, m, dd, 0, 0, 0, 0, time.UTC)
			coin := scatter(group ^ scatter(uint64(utc.Unix())))
			if !c.Workdays[noon.Weekday()] || float64(coin>>11)/(1<<53) >= 1/c.Mean {
				continue
			}
			minute, _ := bits.Mul64(scatter(coin), uint64(60*(c.To-c.From)))
			at := time.Date(y, m, dd, c.From, int(minute), 0, 0, c.Location)
			back := noon
			for n := 0; ; back = back.AddDate(0, 0, -1) {
				if !c.Workdays[back.Weekday()] {
					continue
				}
				if n == c.MinGap {
					break
				}
				n++
			}
			y, m, dd = back.Date()
			allowed := time.Date(y, m, dd, c.To, 0, 0, 0, c.Location)
			if !last.IsZero() && !last.Before(allowed) {
				continue
			}
			since := at.Sub(start)
			if since < 0 || int64(since) >= lasts {
				continue
			}
			want, last = append(want, int64(since)), at
		}
		if got := c.Terminations(start, lasts, group); !slices.Equal(got, want) {
			t.Fatalf("terminations at %v, want %v", got, want)
		}
	})
}

// TestCalendarMean: the workdays between terminations have the mean
// Mean + MinGap − 1, none is below MinGap, and minutes are uniform.
func TestCalendarMean(t *testing.T) {
	for _, x := range []struct {
		mean float64
		gap  int
		want float64
	}{{2, 0, 2}, {2, 1, 2}, {5, 1, 5}, {5, 3, 7}, {1, 4, 4}, {1, 1, 1}} {
		c := Calendar{Mean: x.mean, MinGap: x.gap, From: 9, To: 15, Workdays: weekdays, Location: time.UTC}
		start := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC) // a Monday
		const weeks = 4000
		all := c.Terminations(start, weeks*7*day, 42)
		workday := func(at int64) int64 { return at/(7*day)*5 + at%(7*day)/day }
		var hours [6]float64
		for i, at := range all {
			if at%(7*day) >= 5*day {
				t.Fatalf("a termination on a weekend, %d days in", at/day)
			}
			hour := at % day / (3600 * second)
			if hour < 9 || hour >= 15 {
				t.Fatalf("a termination at %d o'clock", hour)
			}
			hours[hour-9]++
			if gap := workday(at); i > 0 && gap-workday(all[i-1]) < int64(max(1, x.gap)) {
				t.Fatalf("%d workdays apart, least %d", gap-workday(all[i-1]), x.gap)
			}
		}
		n := float64(len(all) - 1)
		got := float64(workday(all[len(all)-1])-workday(all[0])) / n
		if sd := math.Sqrt(x.mean*(x.mean-1)) / math.Sqrt(n); math.Abs(got-x.want) > 4*sd {
			t.Errorf("mean %v, gap %d: %v workdays apart, want %v ± %v", x.mean, x.gap, got, x.want, sd)
		}
		chi := 0.0
		for _, h := range hours {
			want := (n + 1) / 6
			chi += (h - want) * (h - want) / want
		}
		if chi > 20.5 { // 0.1% of chi-square with 5 degrees of freedom
			t.Errorf("hours %v: chi-square %.1f", hours, chi)
		}
	}
}

// TestCalendarClocksChange: nine o'clock stays nine o'clock when the clocks change.
func TestCalendarClocksChange(t *testing.T) {
	newYork := zoneOf(t, "America/New_York")
	every := [7]bool{true, true, true, true, true, true, true}
	c := Calendar{Mean: 1, From: 9, To: 10, Workdays: every, Location: newYork}
	start := time.Date(2026, 3, 7, 0, 0, 0, 0, newYork) // the clocks change on the 8th
	all := c.Terminations(start, 4*day, 1)
	if len(all) != 4 {
		t.Fatalf("%d terminations in 4 days", len(all))
	}
	for i, at := range all {
		if wall := start.Add(time.Duration(at)); wall.Hour() != 9 || wall.Day() != 7+i {
			t.Errorf("termination at %v", wall)
		}
	}
	if at := all[1] - day; at >= 9*3600*second {
		t.Errorf("on the short day it came %d s after midnight", at/second)
	}
	// A Sunday without a midnight is a Sunday.
	saoPaulo := zoneOf(t, "America/Sao_Paulo")
	c = Calendar{Mean: 1, From: 0, To: 1, Workdays: [7]bool{time.Sunday: true}, Location: saoPaulo}
	if all := c.Terminations(time.Date(2018, 11, 2, 0, 0, 0, 0, saoPaulo), 4*day, 1); len(all) != 1 {
		t.Errorf("%d terminations on one Sunday", len(all))
	}
}

// TestCalendarLuck: a longer run, or one that begins later, has the same
// terminations where they overlap, and groups have their own.
func TestCalendarLuck(t *testing.T) {
	c := Calendar{Mean: 3, MinGap: 1, From: 9, To: 15, Workdays: weekdays, Location: time.UTC}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	long := c.Terminations(start, 100*day, 7)
	var overlap []int64
	for _, at := range long {
		if at >= 30*day && at < 60*day {
			overlap = append(overlap, at-30*day)
		}
	}
	if got := c.Terminations(start.AddDate(0, 0, 30), 30*day, 7); !slices.Equal(got, overlap) || len(got) == 0 {
		t.Errorf("in the overlap %v and %v", got, overlap)
	}
	if slices.Equal(long, c.Terminations(start, 100*day, 8)) {
		t.Error("two groups have the same luck")
	}
}
