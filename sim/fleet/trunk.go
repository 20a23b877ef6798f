package fleet

import (
	"sync"
	"sync/atomic"

	"github.com/silverback-sim/silverback/sim"
)

// trunk is what jobs of one model and seed have in common.
type trunk struct {
	jobs  []int
	left  atomic.Int64 // jobs to branch off
	once  sync.Once
	world *sim.World
}

// task is a job, or the trunk itself if job is negative.
type task struct {
	trunk *trunk
	job   int
}

// tasksOf orders what is to be done: jobs by their trunks, and every trunk as many
// trunks ahead of its jobs as there are workers, so that they seldom wait for one
// and few are in memory.
func tasksOf(jobs []Job, workers int) []task {
	type luck struct {
		model *sim.Model
		seed  uint64
	}
	of := map[luck]*trunk{}
	var trunks []*trunk
	for k, j := range jobs {
		l := luck{j.Model, j.Seed}
		t := of[l]
		if t == nil {
			t = new(trunk)
			of[l] = t
			trunks = append(trunks, t)
		}
		t.jobs = append(t.jobs, k)
		t.left.Add(1)
	}
	var tasks []task
	for i := -workers; i < len(trunks); i++ {
		if i >= 0 {
			for _, k := range trunks[i].jobs {
				tasks = append(tasks, task{trunks[i], k})
			}
		}
		if ahead := i + workers; ahead < len(trunks) && len(trunks[ahead].jobs) > 1 {
			tasks = append(tasks, task{trunks[ahead], -1})
		}
	}
	return tasks
}
