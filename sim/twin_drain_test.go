package sim

import (
	"fmt"
	"math"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
)

// unbalanced tells where a run says of attempts or requests that they are in
// flight and they are not there.
func unbalanced(w *World, r *trace.Run) (problems []string) {
	flying := make([][trace.Phases]uint64, len(w.services))
	for i := range int32(len(w.frames.chunks)) << chunkBits {
		if f := w.frames.at(i); f.attached() && f.inst >= 0 && f.sent >= 0 {
			phase, _ := w.meter.at(f.sent)
			flying[w.m.edges[f.edge].service][phase-1]++
		}
	}
	for k, c := range r.Components {
		for p := range c.Phases {
			if n := c.Phases[p].InFlight(); n != flying[k][p] {
				problems = append(problems, fmt.Sprintf("%s, phase %d: %d attempts in flight by their count, %d by their frames", c.Name, p, int64(n), flying[k][p]))
			}
		}
	}
	for _, c := range r.Clients {
		for p := range c.Phases {
			if o := &c.Phases[p]; o.InFlight() > o.Requests {
				problems = append(problems, fmt.Sprintf("%s, phase %d: %d outcomes more than requests", c.Name, p, -int64(o.InFlight())))
			}
		}
	}
	return problems
}

// leftOver ends the faults and the load, plays on until nothing is left to happen,
// and tells what is left behind besides the frames that the world opened with, or
// is not as wanted again. The model is of no use afterwards.
func leftOver(w *World, opened int) (problems []string) {
	w.meter.win, w.meter.window = 0, math.MaxInt64 // counted, and never read
	w.player = scenarios.NewPlayer(w.m.topology, scenarios.Healthy(), 0)
	for len(w.inForce) > 0 {
		w.End(w.inForce[0].id)
	}
	for k := range w.traffic {
		w.traffic[k].next.At = des.Never
		w.traffic[k].surge.users = 0 // those who are thinking ask once more
	}
	w.earliest()
	w.outside()
	for w.set.Min().At != des.Never || w.outAt != des.Never {
		w.step()
	}
	if n := w.frames.used(); n != opened {
		problems = append(problems, fmt.Sprintf("%d frames are in use when all is over, not %d", n, opened))
	}
	if n := len(w.calls.used()); n != 0 {
		problems = append(problems, fmt.Sprintf("%d calls are open when all is over", n))
	}
	for k := range w.nodes {
		if n := w.nodes[k].flights.Len(); n != 0 {
			problems = append(problems, fmt.Sprintf("%d fetches of cache node %d never ended", n, k))
		}
	}
	for k := range w.gates {
		if n := w.gates[k].inFlight; n != 0 {
			problems = append(problems, fmt.Sprintf("%d attempts have passed gate %d and never ended", n, k))
		}
	}
	problems = append(problems, notWanted(w)...)
	for i := range w.insts {
		in := &w.insts[i]
		if in.busy != 0 || in.queued != 0 || w.inFlight[i] != 0 {
			problems = append(problems, fmt.Sprintf("%s: busy %d, queued %d, in flight %d when all is over", w.name(int32(i)), in.busy, in.queued, w.inFlight[i]))
		}
	}
	for k := range w.services {
		s := &w.services[k]
		if s.held.n != 0 || s.queue.n != 0 || s.away.n != 0 || s.busyCores.n != 0 {
			problems = append(problems, fmt.Sprintf("%s: held %d, queued %d, at calls %d, busy cores %d when all is over",
				s.m.name, s.held.n, s.queue.n, s.away.n, s.busyCores.n))
		}
	}
	return problems
}

// notWanted tells where the fleet is not what it is to be, now that no fault is in
// force and nothing is under way.
func notWanted(w *World) (problems []string) {
	if w.frozen != 0 || len(w.ice) != 0 || w.late.ends.tnext != w.late.index {
		problems = append(problems, fmt.Sprintf("%d instances are frozen, %d things on ice, overdue timeouts: %v",
			w.frozen, len(w.ice), w.late.ends.tnext != w.late.index))
	}
	for _, l := range w.timers {
		if l.ends.tnext != l.index {
			problems = append(problems, "a timeout is pending when all is over")
		}
	}
	for k := range w.services {
		s := &w.services[k]
		alive := s.alive
		if s.m.replace {
			alive = s.wanted
		}
		if s.alive != alive || int(s.upNow()) != alive || s.rotating != alive || s.wrong != 0 || s.unseen != 0 {
			problems = append(problems, fmt.Sprintf("%s: %d alive, %d up, %d in rotation, %d wrong, %d unseen, %d wanted when all is over",
				s.m.name, s.alive, s.upNow(), s.rotating, s.wrong, s.unseen, s.wanted))
		}
	}
	return problems
}
