package topology

import "time"

// DistributionKind tells which fields of a Distribution count.
type DistributionKind uint8

// The distributions of the language.
const (
	Constant         DistributionKind = iota // Mean
	Exponential                              // Mean
	Lognormal                                // Median and P99, or Mean and CV
	Gamma                                    // Mean, CV
	Erlang                                   // K, Mean
	Hyperexponential                         // Mean, CV > 1; two phases with balanced means
	Uniform                                  // Min, Max
	Normal                                   // Mean, StdDev; truncated at 0 (redrawn while negative)
	Weibull                                  // Mean, Shape
	Pareto                                   // Min, Alpha
	Quantiles                                // Points; piecewise linear inverse CDF
)

// Distribution of a duration.
type Distribution struct {
	Kind   DistributionKind
	Mean   time.Duration
	Min    time.Duration
	Max    time.Duration
	Median time.Duration // lognormal: 0 = Mean and CV are given instead
	P99    time.Duration
	StdDev time.Duration
	CV     float64
	Shape  float64
	Alpha  float64
	K      int
	Points []QuantilePoint // sorted by Share, first 0, last 1
}

// QuantilePoint is one point of an inverse CDF.
type QuantilePoint struct {
	Share float64 // 0..1
	Value time.Duration
}
