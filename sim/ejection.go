package sim

import (
	"fmt"
	"slices"
	"time"
)

// An ejection is a belief: the balancer leaves an instance out for a while because it
// failed too often in a row. The instance knows nothing of it, and neither do health
// checks nor, with per_caller, the other callers.

// ejectionsTold is how many ejections of one service at most are told of in a run.
const ejectionsTold = 20

// judgeInstance tells balancer k of an outcome.
func (w *World) judgeInstance(s *service, k, handle int32, failed bool) {
	if s.view.version != s.version {
		w.refresh(s, &s.view, nil)
	}
	if _, known := slices.BinarySearch(s.view.members, handle); !known {
		return // nobody would pick it
	}
	b := &w.balancers[k]
	until, ejected := b.outliers.Done(&s.m.outlier, w.now, handle, failed, s.view.members)
	if !ejected {
		return
	}
	b.ejected++
	b.changed = true
	s.ejected++
	w.control.add(w.now, until, ejectionEnds, k, b.epoch)
	w.outside()
	if s.told++; s.told > ejectionsTold {
		return
	}
	who := "the balancer leaves"
	if s.m.perCaller {
		who = "a caller leaves"
	}
	what := fmt.Sprintf("%s it out for %v", who, time.Duration(until-w.now))
	if s.told == ejectionsTold {
		what += "; further ejections are not told"
	}
	w.log("ejected", w.name(s.instanceOf(handle)), what)
}

// endEjection: the balancer uses one more of the instances again.
func (w *World) endEjection(k int32, epoch uint32) {
	b := &w.balancers[k]
	if b.epoch != epoch {
		return // its caller has died since
	}
	b.ejected--
	b.changed = true
	w.services[b.service].ejected--
}
