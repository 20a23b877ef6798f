package cache

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// waiting is a twin's waiter.
type waiting struct {
	who    int32
	ticket Ticket
}

type dumbFlight struct {
	leader  int32
	spoiled bool
	waiting []waiting
}

// flightsTwin plays random operations on Flights and on a map of lists. Ended flights
// are told while others come and go.
func flightsTwin(t *rapid.T) {
	var f Flights
	out := map[uint32]*dumbFlight{}
	type telling struct {
		w    Waiters
		left []waiting
	}
	var told []*telling
	next := int32(0)
	for range 200 {
		key := rapid.Uint32Range(0, 12).Draw(t, "key")
		d := out[key]
		switch what := rapid.IntRange(0, 9).Draw(t, "what"); {
		case what < 5:
			next++
			lead, ticket := f.Join(key, next)
			if lead != (d == nil) || lead != (ticket == 0) {
				t.Fatalf("%d leads: %v", next, lead)
			}
			if lead {
				out[key] = &dumbFlight{leader: next}
			} else {
				d.waiting = append(d.waiting, waiting{next, ticket})
			}
		case what == 5: // one of those who wait or are being told leaves
			lists := []*[]waiting{}
			for k := range uint32(13) {
				if out[k] != nil && len(out[k].waiting) > 0 {
					lists = append(lists, &out[k].waiting)
				}
			}
			for _, l := range told {
				if len(l.left) > 0 {
					lists = append(lists, &l.left)
				}
			}
			if len(lists) > 0 {
				l := rapid.SampledFrom(lists).Draw(t, "list")
				i := rapid.IntRange(0, len(*l)-1).Draw(t, "leaves")
				f.Leave((*l)[i].ticket)
				*l = slices.Delete(*l, i, i+1)
			}
		case what == 6:
			f.Spoil(key)
			if d != nil {
				d.spoiled = true
			}
		case what == 7 && d != nil:
			told = append(told, &telling{f.End(key), d.waiting})
			if w := told[len(told)-1].w; w.Spoiled != d.spoiled {
				t.Fatalf("spoiled: %v", w.Spoiled)
			}
			delete(out, key)
		case what == 8 && d != nil:
			who, ok := f.Hand(key)
			if ok != (len(d.waiting) > 0) || ok && who != d.waiting[0].who {
				t.Fatalf("handed to %d, %v; %v wait", who, ok, d.waiting)
			}
			if ok {
				*d = dumbFlight{leader: who, waiting: d.waiting[1:]}
			} else {
				delete(out, key)
			}
		case len(told) > 0:
			i := rapid.IntRange(0, len(told)-1).Draw(t, "tell")
			l := told[i]
			who, ok := l.w.Next(&f)
			if ok != (len(l.left) > 0) || ok && who != l.left[0].who {
				t.Fatalf("told %d, %v; %v are left", who, ok, l.left)
			}
			if ok {
				l.left = l.left[1:]
			} else {
				told = slices.Delete(told, i, i+1)
			}
		}
		for k := range uint32(13) {
			who, ok := f.Leader(k)
			if d := out[k]; ok != (d != nil) || ok && who != d.leader {
				t.Fatalf("key %d is led by %d, %v; want %+v", k, who, ok, d)
			}
		}
		if f.Len() != len(out) {
			t.Fatalf("%d flights, want %d", f.Len(), len(out))
		}
	}
	// Nothing leaks: when all is over, every place can be used again.
	for key := range out {
		for w := f.End(key); ; {
			if _, ok := w.Next(&f); !ok {
				break
			}
		}
	}
	for _, l := range told {
		for ok := true; ok; {
			_, ok = l.w.Next(&f)
		}
	}
	free := 0
	for t := f.freeWaiter; t != 0; t = f.waiters[t].next {
		free++
	}
	if free != max(0, len(f.waiters)-1) {
		t.Fatalf("%d of %d places of waiters are free", free, len(f.waiters)-1)
	}
}

func TestFlightsTwin(t *testing.T) { rapid.Check(t, flightsTwin) }

func FuzzFlights(f *testing.F) { f.Fuzz(rapid.MakeFuzz(flightsTwin)) }

func TestFlightsAllocateNothing(t *testing.T) {
	var f Flights
	herd := func() {
		for key := range uint32(50) {
			for who := range int32(20) {
				f.Join(key*977, who)
			}
		}
		for key := range uint32(50) {
			f.Hand(key * 977)
			for w := f.End(key * 977); ; {
				if _, ok := w.Next(&f); !ok {
					break
				}
			}
		}
	}
	herd()
	if n := testing.AllocsPerRun(100, herd); n != 0 {
		t.Errorf("%v allocations in the steady state", n)
	}
}

// BenchmarkFlights is a lone fetch, which nobody waits for, among 1000 others.
func BenchmarkFlights(b *testing.B) {
	var f Flights
	for key := range uint32(1000) {
		f.Join(key, 0)
	}
	b.ReportAllocs()
	key := uint32(1000)
	for b.Loop() {
		f.Join(key, 1)
		f.End(key)
		key += 7
	}
}
