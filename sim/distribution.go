package sim

import (
	"fmt"

	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/sim/policy"
	"github.com/silverback-sim/silverback/topology"
)

// compileDelay turns a distribution of the language into what is sampled.
func compileDelay(d topology.Distribution) des.Delay { return scenarios.DelayOf(d) }

// jitter of the language as the policies know it.
func jitter(j topology.Jitter) policy.Jitter {
	switch j {
	case topology.FullJitter:
		return policy.FullJitter
	case topology.EqualJitter:
		return policy.EqualJitter
	case topology.DecorrelatedJitter:
		return policy.DecorrelatedJitter
	case topology.NoJitter:
		return policy.NoJitter
	}
	panic(fmt.Sprintf("sim: jitter %d", j))
}
