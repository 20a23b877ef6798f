package sim_test

// source is where what a case expects comes from.
type source struct{ id, title, source string }

// sources lists the cases in the order of the page.
func sources() []source {
	return []source{
		{"Q-01", "One instance, one worker: M/M/1", "Kleinrock, Queueing Systems, vol. 1 (1975), section 3.2"},
		{"Q-03", "Five workers behind one queue: M/M/5", "Erlang C (Erlang 1917); Kleinrock, vol. 1, section 3.5"},
		{"Q-05", "Pooling", "Erlang C; Brooker, \"Surprising Economics of Load-Balanced Systems\" (2020): 13% and 3.6%"},
		{"Q-06", "No queue, rejected when busy", "Erlang B (Erlang 1917)"},
		{"Q-08", "Bounded queue: M/M/4/10 at 125% load", "birth-death process; Kleinrock, vol. 1, section 3.6"},
		{"Q-10", "Constant service times: M/D/1", "Pollaczek-Khinchine; the law of the waiting time by Erlang (1909)"},
		{"Q-12", "Bursty service times: M/H2/1", "Pollaczek-Khinchine transform, inverted exactly"},
		{"Q-14", "Lognormal service times: M/G/1", "Pollaczek-Khinchine"},
		{"Q-16", "Shared cores: M/G/1-PS", "insensitivity, E[T|x] = x/(1−ρ): Kleinrock, vol. 2 (1976)"},
		{"Q-18", "Impatient clients: M/M/10+M", "Palm (1946), Erlang A; Garnett, Mandelbaum & Reiman, M&SOM 4 (2002)"},
		{"Q-20", "Two services in a row", "Burke (1956), Reich (1957)"},
		{"Q-22", "A network with feedback", "Jackson, \"Networks of waiting lines\" (1957)"},
		{"Q-26", "A call to ten in parallel", "an independent simulation; bounds and approximation: Nelson & Tantawi, IEEE Trans. Comp. 37 (1988)"},
		{"Q-24", "A call to two in parallel", "fork-join, exact: Flatto & Hahn (1984); Nelson & Tantawi, IEEE Trans. Comp. 37 (1988)"},
		{"Q-28", "Power of two choices", "limit of many servers: Mitzenmacher (2001); 100 servers: an independent simulation"},
		{"Q-30", "Two servers, four ways to choose", "Markov chain, solved numerically; Erlang C"},
		{"Q-32", "Round robin over four instances", "G/M/1: Kleinrock, vol. 1, section 6.4"},
		{"Q-34", "Five requests at once", "M^X/M/1: Gross & Harris, Fundamentals of Queueing Theory, section 3.1"},
		{"Q-40", "Closed loop of 20 users", "exact mean value analysis: Reiser & Lavenberg, J. ACM 27 (1980)"},
		{"Q-44", "Rejected, and tried again after a while without end", "M/M/1/1 retrial queue: Falin & Templeton (1997)"},
		{"Q-46", "Two priorities, nobody interrupted", "Cobham, Operations Research 2 (1954)"},
		{"Q-48", "Gray failure: one slow instance of four", "four M/M/1"},
		{"Q-50", "Little's law on every topology", "Little, \"A proof for the queuing formula L = λW\" (1961)"},
		{"Q-51", "Clients that give up sooner than the tail", "M/M/1: P(T > t) = exp(−(μ−λ)t)"},
		{"A-01", "One instance that fails and is repaired", "two-state Markov availability"},
		{"A-03", "Two of three replicas", "binomial distribution"},
		{"A-05", "Load balancer, two of three web servers, one of two databases", "series and parallel systems"},
		{"A-07", "Three zones of three instances, six needed", "binomial, conditioned on the number of zones up"},
		{"A-12", "Static stability of N+1 zones", "exact arithmetic: utilization (n−1)/n before the loss, 1 after"},
		{"A-14", "30 dependencies at 99.99%", "Hystrix wiki, \"Home\": 99.99%^30 = 99.7%"},
		{"A-18", "A lost zone, seen by health checks", "exact: (n−1) intervals and a uniform one"},
		{"R-01", "Retries through layers", "exact: attempts^layers (Amazon Builders' Library, \"Timeouts, retries, and backoff with jitter\")"},
		{"R-03", "Retries of one layer", "geometric distribution, truncated"},
		{"R-04", "Backoff and jitter of clients that contend for one row", "Brooker, \"Exponential Backoff And Jitter\" (2015); aws-arch-backoff-simulator, run 400 times"},
		{"R-06", "Hundred callers, with retries and without", "Brooker, \"Fixing retries with token buckets and circuit breakers\" (2022); simulator_example, retry_sim, run with 8 seeds"},
		{"R-08", "Clients that throttle themselves", "Site Reliability Engineering (2016), chapter 21, equation 21-1"},
		{"R-10", "Retry budgets under total rejection", "Site Reliability Engineering (2016), chapter 21"},
		{"R-11", "Retries just above capacity", "Site Reliability Engineering (2016), chapter 22"},
		{"R-12", "Retries after an outage", "Bronson et al., \"Metastable Failures in Distributed Systems\", HotOS 2021, section 2.1; fluid limit; an independent simulation"},
		{"R-14", "The shortest outage that is never recovered from", "d = 1 + ρ(1−ρ)²/(3ρ²−3ρ+1) timeouts: fluid limit; an independent simulation"},
		{"R-17", "A spike on a server that slows down with its load", "Brooker, simulator_example, simple_collapse_sim, run with 40 seeds"},
		{"R-19", "The tail at scale", "Dean & Barroso, CACM 56(2), 2013: 63% of 100, 18% of 2,000"},
		{"R-21", "A breaker against a dead dependency", "exact timeline under Hystrix's defaults"},
		{"R-25", "A retry storm that outlives its trigger", "Huang et al., \"Metastable Failures in the Wild\", OSDI 2022: four outcomes"},
	}
}
