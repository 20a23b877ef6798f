package fleet

import (
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/sim/des"
)

// Replications plays every variant again and again with independent luck. Within
// one replication all variants meet the same luck, so they can be compared in
// pairs.
type Replications struct {
	Variants []scenarios.Variant
	Seed     uint64
	Most     int            // replications; at least 1
	Requests trace.Sampling // of the first replication
	Workers  int            // runs at once; 0 = as many as the machine has cores
	// Take gets every run, in the order of replications and, within one, of
	// variants, whatever the number of workers.
	Take func(replication, variant int, run *trace.Run)
	// Enough, if set, is asked after every replication how it stands; true ends
	// the study there.
	Enough func(done int) bool
	// Progress and Stop as in Options; the share is of Most.
	Progress func(share float64)
	Stop     func() bool
}

// SeedOf is the seed of a replication: the first has the study's own, so that it
// is the run that a single run of that seed plays.
func SeedOf(seed uint64, replication int) uint64 {
	if replication == 0 {
		return seed
	}
	return des.Mix(des.Stream(seed, "replication"), uint64(replication))
}

// Play plays the replications and returns how many were taken whole. What Stop
// cut short is not taken, except in the very first replication, so that there is
// something to show.
//
// Runs are played in batches of a few per worker and taken in order, so memory
// does not grow with the number of replications; what a batch played beyond
// Enough is thrown away.
func (p *Replications) Play(m *sim.Model) (done int) {
	per := len(p.Variants)
	if per == 0 {
		return 0
	}
	batch := Batch(p.Workers, per)
	for done < p.Most {
		n := min(batch, p.Most-done)
		runs := Play(p.jobs(m, done, n), Options{
			Workers: p.Workers, Stop: p.Stop, Progress: p.share(done, n),
		})
		for k, run := range runs {
			if run.Interrupted && done > 0 {
				return done
			}
			p.Take(done, k%per, run)
			if k%per < per-1 {
				continue
			}
			if interrupted(runs[k-per+1 : k+1]) {
				return done
			}
			done++
			if p.Enough != nil && p.Enough(done) {
				return done
			}
		}
	}
	return done
}

// jobs of n replications from one on.
func (p *Replications) jobs(m *sim.Model, from, n int) []Job {
	var jobs []Job
	for r := from; r < from+n; r++ {
		for _, v := range p.Variants {
			j := Job{Model: m, Variant: v, Seed: SeedOf(p.Seed, r)}
			if r == 0 {
				j.Requests = p.Requests
			}
			jobs = append(jobs, j)
		}
	}
	return jobs
}

// share turns the progress of n replications after `done` into that of all.
func (p *Replications) share(done, n int) func(float64) {
	if p.Progress == nil {
		return nil
	}
	return func(share float64) { p.Progress((float64(done) + share*float64(n)) / float64(p.Most)) }
}

func interrupted(runs []*trace.Run) bool {
	for _, r := range runs {
		if r.Interrupted {
			return true
		}
	}
	return false
}
