package policy

import "time"

// Calendar is Chaos Monkey's model of when one group of instances loses one
// (Netflix, Chaos Monkey 2, documentation: "Termination behavior"). On every workday
// a coin is tossed for the group, which comes up heads with probability 1/Mean; then
// an instance is terminated at a minute that is uniform in the working hours. A
// termination is not carried out if going back MinGap workdays does not lead to the
// last one or before it: two are at least MinGap workdays apart.
//
// That makes the true mean longer than Mean, which Chaos Monkey does not correct
// either. After a termination the coin means nothing for MinGap−1 workdays, then the
// wait is geometric, so the workdays between terminations have
//
//	P(X = n) = (1−p)^(n−MinGap) · p  for n ≥ MinGap ≥ 1, p = 1/Mean
//	E[X] = Mean + MinGap − 1
//
// Mean 5 and MinGap 3 give a termination every 7 workdays.
type Calendar struct {
	Mean     float64 // workdays, at least 1
	MinGap   int     // workdays; 0 and 1 allow one every workday
	From, To int     // working hours, 0 ≤ From < To ≤ 24, such as 9 and 15
	Workdays [7]bool // by time.Weekday
	Location *time.Location
}

// Terminations of a group in a time that begins at a date and lasts so long (ns): how
// long after its begin each is, in order; whole minutes of the wall clock. They depend
// on the group's own random word and on the date, not on when the run begins, except
// that nothing before it is remembered for the gap. It is taken for granted that
// the group has an instance to lose each time.
//
// Hours are those of the wall clock in Location. On a day whose clocks change within
// the working hours these are counted from the first one on, as Chaos Monkey does.
func (c *Calendar) Terminations(start time.Time, lasts int64, group uint64) []int64 {
	var all []int64
	year, month, day := start.In(c.Location).Date()
	end := start.Add(time.Duration(lasts))
	since := c.MinGap // workdays after the last termination
	for ; ; day++ {
		opens := time.Date(year, month, day, c.From, 0, 0, 0, c.Location)
		if !opens.Before(end) {
			return all
		}
		date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC) // as a name, whatever the zone
		if !c.Workdays[date.Weekday()] {
			continue
		}
		since++
		coin := scatter(group ^ scatter(uint64(date.Unix())))
		if since < c.MinGap || share(coin) >= 1/c.Mean {
			continue
		}
		minute := below(60*(c.To-c.From), scatter(coin))
		// By the clock on the wall, so that it is in the working hours also on the
		// day on which the clock is put forward.
		at := time.Date(year, month, day, c.From, minute, 0, 0, c.Location)
		if at.Before(start) || !at.Before(end) {
			continue
		}
		all = append(all, int64(at.Sub(start)))
		since = 0
	}
}
