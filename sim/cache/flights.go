package cache

// Flights are the fetches in flight of one cache node or caller, at most one for each
// key: whoever comes first leads and fetches, who comes while it is out waits (single
// flight; the leases of Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013,
// 3.2.1). Who they are is the user's: a number of 31 bits. The zero value has none.
//
//	lead, _ := f.Join(key, who)       // lead: fetch; else wait
//	for w := f.End(key); ; {          // the fetch is back, or failed for all
//		who, ok := w.Next(f) …        // answer the waiters in the order they came
//	}
//	who, ok := f.Hand(key)            // or: it failed, the next one tries
type Flights struct {
	table
	flights []flight // by id; the first is nobody
	waiters []waiter // by ticket; the first is nobody

	freeFlight uint32
	freeWaiter Ticket
}

type flight struct {
	leader      int32
	spoiled     bool
	first, last Ticket // waiting, from the first to come; first also links free ones
}

type waiter struct {
	who        int32
	flight     uint32 // 0: it has ended, the waiter is about to be told
	prev, next Ticket
}

// Ticket of one who waits, until told or left.
type Ticket uint32

const gone = -1

// Join a key's flight. If none is out, who leads a new one and has no ticket.
func (f *Flights) Join(key uint32, who int32) (lead bool, ticket Ticket) {
	id := f.find(key)
	if id == 0 {
		id = f.takeFlight()
		f.insert(key, id)
		f.flights[id] = flight{leader: who}
		return true, 0
	}
	ticket = f.takeWaiter()
	l := &f.flights[id]
	f.waiters[ticket] = waiter{who: who, flight: id, prev: l.last}
	if l.last != 0 {
		f.waiters[l.last].next = ticket
	} else {
		l.first = ticket
	}
	l.last = ticket
	return false, ticket
}

// Leave stops waiting, for one who gave up before being told.
func (f *Flights) Leave(ticket Ticket) {
	w := &f.waiters[ticket]
	if w.flight == 0 {
		w.who = gone // Next passes by
		return
	}
	f.unlink(ticket)
	f.release(ticket)
}

func (f *Flights) unlink(ticket Ticket) {
	w := f.waiters[ticket]
	l := &f.flights[w.flight]
	if w.prev != 0 {
		f.waiters[w.prev].next = w.next
	} else {
		l.first = w.next
	}
	if w.next != 0 {
		f.waiters[w.next].prev = w.prev
	} else {
		l.last = w.prev
	}
}

// Leader of a key's flight, if one is out.
func (f *Flights) Leader(key uint32) (who int32, out bool) {
	id := f.find(key)
	if id == 0 {
		return 0, false
	}
	return f.flights[id].leader, true
}

// Spoil a key's flight, if one is out: the key was invalidated since it began, so what
// it brings may be old and should not be stored.
func (f *Flights) Spoil(key uint32) {
	if id := f.find(key); id != 0 {
		f.flights[id].spoiled = true
	}
}

// End a key's flight, which must be out: those who waited are told one by one with
// Next, whether what came may be stored is in Spoiled. Who joins from now on leads a
// new flight.
func (f *Flights) End(key uint32) Waiters {
	id := f.find(key)
	l := f.flights[id]
	for t := l.first; t != 0; t = f.waiters[t].next {
		f.waiters[t].flight = 0
	}
	f.land(id)
	return Waiters{next: l.first, Spoiled: l.spoiled}
}

func (f *Flights) land(id uint32) {
	f.remove(id)
	f.flights[id] = flight{first: Ticket(f.freeFlight)}
	f.freeFlight = id
}

// Hand a key's flight, which must be out, to the first who waits, who leads a new fetch
// and whose ticket ends; what spoiled the old one is no matter. Without anybody
// waiting, the flight ends.
func (f *Flights) Hand(key uint32) (who int32, ok bool) {
	id := f.find(key)
	l := &f.flights[id]
	first := l.first
	if first == 0 {
		f.land(id)
		return 0, false
	}
	who = f.waiters[first].who
	f.unlink(first)
	f.release(first)
	l.leader, l.spoiled = who, false
	return who, true
}

// Len is the number of flights.
func (f *Flights) Len() int { return f.n }

// Waiters of a flight that ended. All must be taken by Next.
type Waiters struct {
	next Ticket
	// Spoiled is whether the key was invalidated during the flight.
	Spoiled bool
}

// Next is the next one to be told, in the order they came. Between two calls, others
// may join, leave and end flights.
func (w *Waiters) Next(f *Flights) (who int32, ok bool) {
	for w.next != 0 {
		ticket := w.next
		who, w.next = f.waiters[ticket].who, f.waiters[ticket].next
		f.release(ticket)
		if who != gone {
			return who, true
		}
	}
	return 0, false
}

func (f *Flights) takeFlight() uint32 {
	if id := f.freeFlight; id != 0 {
		f.freeFlight = uint32(f.flights[id].first)
		return id
	}
	if len(f.flights) == 0 {
		f.flights = append(f.flights, flight{})
	}
	f.flights = append(f.flights, flight{})
	return uint32(len(f.flights) - 1)
}

func (f *Flights) takeWaiter() Ticket {
	if t := f.freeWaiter; t != 0 {
		f.freeWaiter = f.waiters[t].next
		return t
	}
	if len(f.waiters) == 0 {
		f.waiters = append(f.waiters, waiter{})
	}
	f.waiters = append(f.waiters, waiter{})
	return Ticket(len(f.waiters) - 1)
}

func (f *Flights) release(t Ticket) {
	f.waiters[t] = waiter{next: f.freeWaiter}
	f.freeWaiter = t
}
