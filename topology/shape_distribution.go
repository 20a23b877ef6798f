package topology

// distribution is a duration, or a mapping with exactly one kind of distribution.
func distribution() *shape {
	s := either(duration(), distributionObject())
	s.def = "distribution"
	s.doc = "a distribution of a duration; a plain duration is constant"
	return s
}

func distributionObject() *shape {
	meanCV := func(doc string) *shape {
		return object(
			key{name: "mean", value: duration(), required: true, doc: "mean"},
			key{name: "cv", value: number(0), required: true, doc: doc},
		)
	}
	lognormal := object(
		key{name: "median", value: duration(), doc: "median; together with p99"},
		key{name: "p99", value: duration(), doc: "99th percentile; together with median"},
		key{name: "mean", value: duration(), doc: "mean; together with cv"},
		key{name: "cv", value: number(0), doc: "coefficient of variation (standard deviation / mean); together with mean"},
	)
	lognormal.groups = [][]string{{"median", "p99"}, {"mean", "cv"}}
	s := object(
		key{name: "exponential", value: duration(), doc: "exponential with this mean"},
		key{name: "lognormal", value: lognormal, doc: "lognormal by {median, p99} or {mean, cv}"},
		key{name: "gamma", value: meanCV("coefficient of variation"), doc: "gamma by mean and coefficient of variation"},
		key{name: "erlang", doc: "sum of k exponential phases", value: object(
			key{name: "k", value: count(1), required: true, doc: "number of phases"},
			key{name: "mean", value: duration(), required: true, doc: "mean of the sum"},
		)},
		key{name: "hyperexponential", value: meanCV("coefficient of variation, over 1"), doc: "two exponential phases with balanced means"},
		key{name: "uniform", doc: "uniform between min and max", value: object(
			key{name: "min", value: duration(), required: true, doc: "shortest"},
			key{name: "max", value: duration(), required: true, doc: "longest"},
		)},
		key{name: "normal", doc: "normal, truncated at 0", value: object(
			key{name: "mean", value: duration(), required: true, doc: "mean before the truncation"},
			key{name: "stddev", value: duration(), required: true, doc: "standard deviation before the truncation"},
		)},
		key{name: "weibull", doc: "Weibull by mean and shape", value: object(
			key{name: "mean", value: duration(), required: true, doc: "mean"},
			key{name: "shape", value: number(0), required: true, doc: "shape; below 1 a heavy tail, 1 is exponential"},
		)},
		key{name: "pareto", doc: "Pareto by minimum and tail index", value: object(
			key{name: "min", value: duration(), required: true, doc: "shortest"},
			key{name: "alpha", value: number(0), required: true, doc: "tail index; the mean is infinite up to 1"},
		)},
		key{
			name: "quantiles", value: &shape{kind: quantileShape},
			doc: "piecewise linear inverse distribution function: {0: D, 50: D, 99: D, 100: D}",
		},
	)
	s.only = s.accepted()
	return s
}
