package scenarios

import (
	"fmt"

	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// DelayOf is a distribution of the language, ready to be sampled.
func DelayOf(d topology.Distribution) des.Delay {
	switch d.Kind {
	case topology.Constant:
		return des.Constant(int64(d.Mean))
	case topology.Exponential:
		return des.Exponential(int64(d.Mean))
	case topology.Lognormal:
		if d.Median > 0 {
			return des.LognormalQuantile(int64(d.Median), int64(d.P99))
		}
		return des.LognormalMean(int64(d.Mean), d.CV)
	case topology.Gamma:
		return des.Gamma(int64(d.Mean), d.CV)
	case topology.Erlang:
		return des.Erlang(d.K, int64(d.Mean))
	case topology.Hyperexponential:
		return des.Hyperexponential(int64(d.Mean), d.CV)
	case topology.Uniform:
		return des.Uniform(int64(d.Min), int64(d.Max))
	case topology.Normal:
		return des.Normal(int64(d.Mean), int64(d.StdDev))
	case topology.Weibull:
		return des.Weibull(int64(d.Mean), d.Shape)
	case topology.Pareto:
		return des.Pareto(int64(d.Min), d.Alpha)
	case topology.Quantiles:
		var points []des.KneePoint
		for _, p := range d.Points {
			points = append(points, des.KneePoint{Share: p.Share, Value: int64(p.Value)})
		}
		return des.Quantiles(points)
	}
	panic(fmt.Sprintf("scenarios: distribution kind %d", d.Kind))
}
