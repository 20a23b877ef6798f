package fleet

import (
	"time"

	"github.com/silverback-sim/silverback/report/stat"
	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// A pilot is as long as the run is asked to be, within these bounds.
const (
	pilotAtLeast = time.Minute
	pilotAtMost  = 5 * time.Minute
	pilotWindows = 300
)

// PilotTime is how long the pilot run of Warmup is.
func PilotTime(t *topology.Topology) time.Duration {
	return min(max(t.Simulation.Duration, pilotAtLeast), pilotAtMost)
}

// Warmup finds out how long a system that starts empty takes to settle, from a
// pilot run in which nothing fails: MSER-5 (see stat.MSER5) decides it for the
// number of requests at each component, and the slowest component counts. It is a
// function of the topology and the seed.
//
// The answer is in whole windows of the run, one at least, and at most half of
// the pilot. Where a component has not settled by then, decided is false and the
// warm-up is the one that the topology has.
func Warmup(t *topology.Topology, seed uint64) (warmup time.Duration, decided bool, err error) {
	length := PilotTime(t)
	pilot := *t
	sm := &pilot.Simulation
	sm.Duration, sm.Warmup, sm.Window = length, 0, length/pilotWindows
	m, err := sim.Compile(&pilot)
	if err != nil {
		return 0, false, err
	}
	run := sim.Play(m, scenarios.Healthy(), sim.Options{Seed: des.Stream(seed, "pilot")})
	unsettled, ok := startUp(run)
	if !ok {
		return t.Simulation.Warmup, false, nil
	}
	warmup = time.Duration(max(1, unsettled)) * sm.Window
	window := t.Simulation.Window
	warmup = (warmup + window - 1) / window * window
	return min(warmup, length/2), true, nil
}

// startUp is how many windows the slowest component takes to settle.
func startUp(run *trace.Run) (windows int, ok bool) {
	for _, c := range run.Components {
		n, ok := stat.MSER5(c.Windows.InSystem)
		if !ok {
			return 0, false
		}
		windows = max(windows, n)
	}
	return windows, true
}
