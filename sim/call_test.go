package sim

import (
	"testing"

	"github.com/silverback-sim/silverback/sim/policy"
)

// used lists the records that are not free.
func (p *calls) used() []uint64 {
	free := map[int32]bool{}
	for k := p.free; k != nobody; k = p.all[k].next {
		free[k] = true
	}
	var used []uint64
	for k := range p.all {
		if !free[int32(k)] {
			used = append(used, uint64(k))
		}
	}
	return used
}

// checkCalls holds at the end of every run: the attempts that are out are awaited
// and lead to their call; a call without any is about to make one; no gate has let
// pass more than its bulkhead holds or counts others than those that are out.
func checkCalls(t *testing.T, w *World) {
	t.Helper()
	coming := map[uint64]int{} // attempts that are backing off
	free := map[int32]bool{}
	for i := w.frames.free; i != nobody; i = w.frames.at(i).next {
		free[i] = true
	}
	frozenIn := map[int32]state{}
	for _, ice := range w.ice {
		frozenIn[ice.frame] = ice.then
	}
	for i := range int32(len(w.frames.chunks)) << chunkBits {
		f := w.frames.at(i)
		then, onIce := frozenIn[i]
		if !free[i] && (f.state == paused || onIce && then == paused) && w.edges[f.edge].guard != nil && f.attempt > 0 {
			coming[f.ref]++
		}
		if !free[i] && f.attached() && w.edges[f.edge].asks() { // and then the attempt
			coming[f.ref]++
		}
	}
	out := make([]int32, len(w.gates))
	for _, k := range w.calls.used() {
		c := &w.calls.all[k]
		if n := coming[k]; c.n == 0 && n != 1 || c.n > 0 && n != 0 {
			t.Errorf("call %d: %d attempts out, %d to come", k, c.n, n)
		}
		if w.gates[c.gate].epoch == c.epoch {
			out[c.gate] += int32(c.n)
		}
		for _, a := range c.out[:c.n] {
			if f := w.frames.at(a.frame); !f.attached() || f.ref != k || w.edges[f.edge].guard == nil {
				t.Errorf("call %d: attempt in frame %d is not out", k, a.frame)
			}
		}
	}
	open := make([]int, w.m.guards)
	check := func(first int32, edges []uint16) {
		for slot, edge := range edges {
			g, m := &w.gates[first+int32(slot)], w.edges[edge].guard
			if g.inFlight != out[first+int32(slot)] || g.inFlight > m.bulkhead {
				t.Errorf("%s: a gate counts %d attempts, %d are out, at most %d may be", m.name, g.inFlight, out[first+int32(slot)], m.bulkhead)
			}
			if g.breaker.State() != policy.Closed {
				open[m.index]++
			}
		}
	}
	for k := range w.traffic {
		check(w.traffic[k].gates, w.traffic[k].m.guarded)
	}
	for i := range w.insts {
		check(w.insts[i].gates, w.services[w.insts[i].service].m.guarded)
	}
	for k := range w.breakers {
		if w.breakers[k].open != open[k] {
			t.Errorf("%d breakers are said to be open, %d are", w.breakers[k].open, open[k])
		}
	}
}
