package sim

import (
	"errors"

	"github.com/silverback-sim/silverback/topology"
)

// unplayed refuses what the language has and the engine does not play yet:
// nothing is read and then ignored. Each func below knows one key; when the
// key is played, the func goes, and the line that calls it.
func unplayed(t *topology.Topology) error {
	u := &refusals{told: map[string]bool{}}
	u.data(t)
	for _, s := range t.Scenarios {
		u.scenario("scenarios."+s.Name+".faults", s)
	}
	for _, s := range t.Library {
		u.scenario("library."+s.Name+".faults", s)
	}
	return errors.Join(u.errs...)
}

type refusals struct {
	told map[string]bool
	errs []error
}

// when the condition holds, the key at a path is refused, once.
func (u *refusals) when(used bool, path, key string) {
	text := path + ": " + key + " is not played yet"
	if used && !u.told[text] {
		u.told[text] = true
		u.errs = append(u.errs, errors.New(text))
	}
}

func (u *refusals) scenario(path string, s *topology.Scenario) {
	for _, f := range s.Faults {
		u.dataFault(path, f)
	}
}
