package report

import "github.com/silverback-sim/silverback/report/stat"

// Timeline is how a variant went over time: means of replications, by window.
type Timeline struct {
	T            Column // s, a window's start
	Availability Column // of all clients, 0..1
	Low, High    Column // of its interval
	P99          Column // s, of the slowest client
}

// overTime gathers a Timeline.
type overTime struct {
	t                 Column
	availability, p99 []stat.Running
}

func (o *overTime) add(r *Result) {
	if o.t == nil {
		o.t = r.Series.T
		o.availability = make([]stat.Running, len(o.t))
		o.p99 = make([]stat.Running, len(o.t))
	}
	for i := range min(len(o.t), len(r.Series.T)) {
		var good, all float64
		slowest := unknown()
		for _, c := range r.Series.Clients {
			answered := at(c.Value.OK, i) + at(c.Value.Degraded, i)
			good += answered
			all += answered + at(c.Value.Failed, i)
			slowest = greater(slowest, Number(at(c.Value.P99, i)))
		}
		o.availability[i].Add(float64(quotient(good, all)))
		o.p99[i].Add(float64(slowest))
	}
}

func (o *overTime) timeline(confidence float64) Timeline {
	line := Timeline{T: o.t}
	for i := range o.t {
		a := o.availability[i].Summary()
		interval := stat.Interval{Low: a.Mean, High: a.Mean}
		if a.N > 1 {
			interval = a.Interval(confidence)
		}
		line.Availability = append(line.Availability, a.Mean)
		line.Low = append(line.Low, max(interval.Low, 0))
		line.High = append(line.High, min(interval.High, 1))
		line.P99 = append(line.P99, o.p99[i].Summary().Mean)
	}
	return line
}
