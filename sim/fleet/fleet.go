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

// Play plays the jobs and returns their runs in the same order.
func Play(jobs []Job, o Options) []*trace.Run {
	workers := atOnce(o.Workers)
	runs := make([]*trace.Run, len(jobs))
	p := progress{shares: make([]float64, len(jobs)), tell: o.Progress}
	var next atomic.Int64
	var wg sync.WaitGroup
	var broken atomic.Pointer[Broken]
	for range min(workers, len(jobs)) {
		wg.Go(func() {
			// A broken invariant is told where Play was called, not by the end of the
			// process.
			defer func() {
				if value := recover(); value != nil {
					broken.CompareAndSwap(nil, &Broken{value, debug.Stack()})
				}
			}()
			for broken.Load() == nil {
				k := int(next.Add(1)) - 1
				if k >= len(jobs) {
					return
				}
				runs[k] = sim.Play(jobs[k].Model, jobs[k].Variant, sim.Options{
					Seed: jobs[k].Seed, Stop: o.Stop,
					Progress: func(share float64) { p.set(k, share) },
				})
			}
		})
	}
	wg.Wait()
	if b := broken.Load(); b != nil {
		panic(b)
	}
	return runs
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

func (p *progress) set(k int, share float64) {
	if p.tell == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shares[k] = share
	var sum float64
	for _, s := range p.shares {
		sum += s
	}
	p.tell(sum / float64(len(p.shares)))
}
