package topology

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the same time zones everywhere, also where the system has none

	"gopkg.in/yaml.v3"
)

// calendar reads the schedule of a monkey.
func (f *file) calendar(o fields) *Calendar {
	c := &Calendar{Mean: 1, MinGap: 1, From: 9, To: 15, Location: time.UTC}
	if n := o.get("mean"); n != nil {
		c.Mean = f.workdays(n, 1, 1)
	}
	c.MinGap = f.workdays(o.get("min_gap"), 1, 0)
	if n := o.get("hours"); n != nil {
		f.hours(n, c)
	}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Days[d] = true
	}
	if n := o.get("days"); n != nil {
		c.Days = f.days(n)
	}
	if n := o.get("timezone"); n != nil {
		c.Location = f.location(n)
	}
	return c
}

// workdays reads a whole number of days.
func (f *file) workdays(n *yaml.Node, byDefault, least int) int {
	if n == nil {
		return byDefault
	}
	d, ok := quantity(f, n, "a number of workdays (for example `2d`)", ParseDuration)
	if !ok {
		return byDefault
	}
	if d%day != 0 || int(d/day) < least {
		f.fail(n, "out-of-range", "workdays are whole, "+formatInt(least)+"d at least, not "+FormatDuration(d))
		return byDefault
	}
	return int(d / day)
}

func (f *file) hours(n *yaml.Node, c *Calendar) {
	written, ok := f.scalar(n, "a range of hours such as `9-15`")
	if !ok {
		return
	}
	first, last, dashed := strings.Cut(written, "-")
	from, ok1 := hour(first)
	to, ok2 := hour(last)
	switch {
	case !dashed || !ok1 || !ok2:
		f.fail(n, "bad-value", "`"+clip(written)+"` are not working hours; write two full hours from 0 to 24, for example `9-15`")
	case from >= to:
		f.fail(n, "out-of-range", "working hours end after they begin, on the same day")
	default:
		c.From, c.To = from, to
	}
}

func hour(text string) (int, bool) {
	if digits(text) != len(text) || len(text) < 1 || len(text) > 2 {
		return 0, false
	}
	h, err := strconv.Atoi(text)
	return h, err == nil && h <= 24
}

// days reads a range, which may go over the weekend, a day or a list of days.
func (f *file) days(n *yaml.Node) [7]bool {
	var chosen [7]bool
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			item = deref(item)
			d := slices.Index(dayNames(), f.word(item, words(dayNames()...), ""))
			if d >= 0 && chosen[d] {
				f.fail(item, "duplicate-name", "`"+item.Value+"` is given twice")
			}
			if d >= 0 {
				chosen[d] = true
			}
		}
		if len(n.Content) == 0 {
			f.fail(n, "missing-key", "`days` needs a day at least")
		}
		return chosen
	}
	written, ok := f.scalar(n, "a range of days such as `mon-fri`, or a list such as [mon, wed],")
	if !ok {
		return chosen
	}
	first, last, dashed := strings.Cut(written, "-")
	if !dashed {
		last = first
	}
	from, to := slices.Index(dayNames(), first), slices.Index(dayNames(), last)
	if from < 0 || to < 0 {
		f.fail(n, "bad-value", "`"+clip(written)+"` are not days; write `mon-fri`, `sat` or a list of "+enumerate(dayNames()))
		return chosen
	}
	for d := from; ; d = (d + 1) % 7 {
		chosen[d] = true
		if d == to {
			return chosen
		}
	}
}

// location reads the name of a time zone. Local is refused: a result would hang
// on where it was made.
func (f *file) location(n *yaml.Node) *time.Location {
	written, ok := f.scalar(n, "a time zone such as `Europe/Berlin`")
	if !ok {
		return time.UTC
	}
	if well, _ := regexp.MatchString(zoneinfoPattern, written); well {
		if location, err := time.LoadLocation(written); err == nil && written != "Local" {
			return location
		}
		f.fail(n, "unknown-name", "there is no time zone `"+clip(written)+"`; write a name of the IANA database such as `UTC`, `Europe/Berlin` or `America/Los_Angeles`")
		return time.UTC
	}
	f.fail(n, "bad-value", "`"+clip(written)+"` is not a time zone; write a name of the IANA database such as `UTC`, `Europe/Berlin` or `America/Los_Angeles`")
	return time.UTC
}

// Works tells whether a moment of a run lies in the working hours.
func (c *Calendar) Works(at time.Duration) bool {
	now := CalendarStart().Add(at).In(c.Location)
	return c.Days[now.Weekday()] && now.Hour() >= c.From && now.Hour() < c.To
}

// checkCalendar warns of a calendar without a working hour in the fault's time.
func (l *loader) checkCalendar(f *file, o fields, c *Calendar, fault *Fault) {
	end := l.topology.Simulation.Duration
	if fault.For > 0 {
		end = min(end, fault.At+fault.For)
	}
	// The offsets of time zones are multiples of a quarter of an hour.
	const step = 15 * time.Minute
	for at := fault.At; at < end && at < fault.At+8*day; at += step - at%step {
		if c.Works(at) {
			return
		}
	}
	if fault.At < end {
		f.warn(o.keys["mean"], "no-effect", "no working hour lies between "+FormatDuration(fault.At)+" and "+FormatDuration(end)+
			" of the run, whose first moment is a Monday's, 0:00 in UTC")
	}
}
