// Package fleet plays many runs at once, one engine each. Nothing is shared but
// the read-only model, and results come back in the order of the jobs, so that
// any number of workers gives the same answer.
package fleet

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
)

// Job is one run: a variant and the seed of its luck.
type Job struct {
	Model   *sim.Model
	Variant scenarios.Variant
	Seed    uint64
	// Requests are kept as a sample; the same of all jobs of one model and seed.
	Requests trace.Sampling
}

// Options of Play.
type Options struct {
	Workers int // at once; 0 = as many as the machine has cores
	// Progress, if set, is told how much of all the work is done, 0..1. Calls do
	// not overlap.
	Progress func(share float64)
	// Stop, if set, is asked now and then, from several goroutines; true ends all
	// runs where they are.
	Stop func() bool
}

// Broken is what Play panics with if one of its runs did: a broken invariant and
// where the run stood, which Play's own stack does not tell.
type Broken struct {
	Value any
	Stack []byte
}

func (b *Broken) Error() string { return fmt.Sprint(b.Value) }

// Play plays the jobs and returns their runs in the same order. What jobs of one
// model and seed have in common, up to the first fault of any, is played once.
func Play(jobs []Job, o Options) []*trace.Run {
	f := fleet{
		jobs: jobs, o: o, tasks: tasksOf(jobs, atOnce(o.Workers)), runs: make([]*trace.Run, len(jobs)),
		progress: progress{shares: make([]float64, len(jobs)), tell: o.Progress},
	}
	var wg sync.WaitGroup
	for range min(atOnce(o.Workers), len(jobs)) {
		wg.Go(f.work)
	}
	wg.Wait()
	if b := f.broken.Load(); b != nil {
		panic(b)
	}
	return f.runs
}

// fleet is one call of Play.
type fleet struct {
	jobs  []Job
	o     Options
	tasks []task
	runs  []*trace.Run
	progress
	begun  atomic.Int64 // tasks
	broken atomic.Pointer[Broken]
}

func (f *fleet) work() {
	// A broken invariant is told where Play was called, not by the end of the
	// process.
	defer func() {
		if value := recover(); value != nil {
			f.broken.CompareAndSwap(nil, &Broken{value, debug.Stack()})
		}
	}()
	for f.broken.Load() == nil {
		n := int(f.begun.Add(1)) - 1
		if n >= len(f.tasks) {
			return
		}
		switch t := f.tasks[n]; {
		case t.job < 0:
			f.grow(t.trunk)
		case len(t.trunk.jobs) > 1:
			f.branch(t.trunk, t.job)
		default:
			job := f.jobs[t.job]
			f.runs[t.job] = sim.Play(job.Model, job.Variant, f.options(t.job))
		}
	}
}

// options of what is played for some jobs of one seed.
func (f *fleet) options(jobs ...int) sim.Options {
	return sim.Options{
		Seed: f.jobs[jobs[0]].Seed, Requests: f.jobs[jobs[0]].Requests, Stop: f.o.Stop,
		Progress: func(share float64) { f.set(share, jobs...) },
	}
}

// grow plays a trunk, or waits for who does.
func (f *fleet) grow(t *trunk) {
	t.once.Do(func() {
		var variants []scenarios.Variant
		for _, k := range t.jobs {
			variants = append(variants, f.jobs[k].Variant)
		}
		t.world = sim.Common(f.jobs[t.jobs[0]].Model, variants, f.options(t.jobs...))
	})
}

func (f *fleet) branch(t *trunk, k int) {
	f.grow(t)
	if t.world == nil {
		return // it is broken
	}
	f.runs[k] = t.world.Branch(f.jobs[k].Variant, f.options(k))
	if t.left.Add(-1) == 0 {
		t.world = nil
	}
}

// Batch is how many replications of so many variants are well played at once: enough
// that no worker idles for long at the end, and no more, as their runs are held in
// memory.
func Batch(workers, variants int) int {
	const runsPerWorker = 4
	return max(1, (runsPerWorker*atOnce(workers)+variants-1)/variants)
}

// atOnce is how many runs are played at once if so many are asked for.
func atOnce(workers int) int {
	if workers <= 0 {
		return runtime.GOMAXPROCS(0)
	}
	return workers
}

// progress adds up what the runs report.
type progress struct {
	mu     sync.Mutex
	shares []float64
	tell   func(float64)
}

func (p *progress) set(share float64, jobs ...int) {
	if p.tell == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range jobs {
		p.shares[k] = share
	}
	var sum float64
	for _, s := range p.shares {
		sum += s
	}
	p.tell(sum / float64(len(p.shares)))
}
