package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim/des"
	"github.com/silverback-sim/silverback/topology"
)

// What disturbs messages on the network: losses and partitions. They are
// consulted only while w.disturbed.

// passage is what becomes of a message.
type passage uint8

const (
	passes passage = iota
	isLost
	isRefused // the sender is told
)

// place is an end of a message: a zone, and a service if it is not a client.
type place struct{ zone, service int }

func (p place) isOn(s, other *scenarios.Side) bool {
	if s.Rest {
		return !p.isOn(other, s)
	}
	return (s.Zones == nil || slices.Contains(s.Zones, p.zone)) && (s.Services == nil || slices.Contains(s.Services, p.service))
}

// crosses tells whether an effect meets messages from one place to another.
func crosses(e *scenarios.Effect, from, to place) bool {
	f, t := &e.From, &e.To
	return from.isOn(f, t) && to.isOn(t, f) || !e.OneWay && from.isOn(t, f) && to.isOn(f, t)
}

// disturb decides what becomes of a message of an attempt.
func (w *World) disturb(f *frame, from, to place, purpose uint64) passage {
	lost, cut := w.m.loss, passes
	for _, e := range w.disturbances {
		switch {
		case e.Kind == scenarios.Delay || !crosses(e.Effect, from, to):
		case e.Kind == scenarios.Loss:
			lost += float64((1 - lost) * e.Rate)
		case e.Mode == topology.Refuse: // the latest partition says how
			cut = isRefused
		default:
			cut = isLost
		}
	}
	if cut != passes {
		return cut
	}
	if r := des.From(f.key, purpose); r.Float64() < lost {
		return isLost
	}
	return passes
}

// goesOut tells whether a request gets to its instance's address. If it is
// refused on the way, its caller learns that a round trip later.
func (w *World) goesOut(i int32, f *frame, in *instance) bool {
	if w.spans != nil {
		w.spans.goesOut(w, f)
	}
	caller, server := w.ends(f, in)
	switch w.disturb(f, caller, server, forLoss) {
	case isLost:
		w.befell(f, requestLost)
		f.state = gone
		return false
	case isRefused:
		w.refuse(i, f, in)
		return false
	case passes:
	}
	return true
}

// refuse a request on the way: its caller learns it after a round trip.
func (w *World) refuse(i int32, f *frame, in *instance) {
	f.fail(uint16(in.service), trace.Refused)
	forth, back := des.From(f.key, forHop), des.From(f.key, forReply)
	trip := w.hop(int(f.zone), int(in.zone)).delay.Sample(&forth) + w.hop(int(in.zone), int(f.zone)).delay.Sample(&back)
	if trip == 0 {
		w.replied(i, f)
		return
	}
	f.state = replying
	w.set.Push(des.NewEvent(w.now+trip, w.nextSeq(), uint32(i)))
}

// comesBack tells whether a reply goes its usual way back. It may get lost (whoever
// sends it does not mind a refusal), or be late.
func (w *World) comesBack(i int32, f *frame, in *instance) bool {
	if w.spans != nil {
		w.spans.replied(w, f)
	}
	caller, server := w.ends(f, in)
	if w.disturb(f, server, caller, forReplyLoss) != passes {
		w.befell(f, replyLost)
		f.state = gone
		return false
	}
	late := w.lateness(f)
	if late == 0 {
		return true
	}
	r := des.From(f.key, forReply)
	f.state = replying
	w.set.Push(des.NewEvent(w.now+late+w.hop(server.zone, caller.zone).delay.Sample(&r), w.nextSeq(), uint32(i)))
	return false
}

func (w *World) ends(f *frame, in *instance) (caller, server place) {
	return place{int(f.zone), int(w.m.callers[f.edge])}, place{int(in.zone), int(in.service)}
}

// lateness of a reply by the delays in force at its instance. Each has its own
// luck.
func (w *World) lateness(f *frame) (late des.Time) {
	for _, e := range w.disturbances {
		if e.Kind == scenarios.Delay && w.meets(&e.Where, f.inst, w.edges[f.edge].op) {
			r := des.From(f.key, forLate+uint64(e.id)*perAttempt)
			late += e.delay.Sample(&r)
		}
	}
	return late
}
