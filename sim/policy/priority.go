package policy

// Admits is the part of a limit (requests in flight, ns of queue delay) that
// requests of a lower priority may use: each step below the highest priority in use
// leaves another tenth of the limit to those above. So with high, normal and low in
// use, low is shed from 80% of the limit on, normal from 90% and high at 100%; where
// nobody has a priority, all have the whole. It is rounded up: a limit of one
// admits everybody.
//
// Shedding by priority at rising thresholds is what Netflix ("Keeping Netflix
// Reliable Using Prioritized Load Shedding", 2020) and Google ("Site Reliability
// Engineering" 2016, ch. 21, criticality) describe; the tenths are ours.
func Admits(limit int64, stepsBelow int) int64 {
	return limit - limit/10*int64(stepsBelow) - limit%10*int64(stepsBelow)/10
}
