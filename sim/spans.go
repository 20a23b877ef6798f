package sim

import (
	"slices"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/sim/des"
)

// Requests are kept whole while they are in progress, if a run is asked for a
// sample: only their end tells whether they belong in it. What is looked for is
// rare as a rule, so all are watched and nearly all dropped at their end. Without
// a sample nothing here is ever called.
//
// Who is kept hangs on the requests' keys, which are as good as random, and not on
// the order in which they come (bottom-k sampling: Cohen and Kaplan, "Summarizing
// data using bottom-k sketches", PODC 2007). When too much is in progress to be
// held, requests with large keys are not watched any more, which leaves the rest
// as fair a sample as before.

// spans watches requests for a sample.
type spans struct {
	of    trace.Sampling
	at    map[uint64]spot // of attempts, by the keys of their frames
	going []*tree         // requests in progress
	alike []alike
	best  []*tree // the first of all, in the order of their rank
	limit uint64  // keys above it are not watched
	held  int     // attempts
}

// Bounds on what is held: in all requests in progress, and of one request.
const (
	mostHeld    = 1 << 20
	mostPerTree = 1000
)

// tree is one request.
type tree struct {
	key      uint64
	place    int // in going; or over
	holders  int // alike and best that keep it
	client   int16
	first    des.Time
	end      des.Time
	outcome  outcome
	fault    int // index of meter.names
	attempts []attempted
	left     int
}

const over = -1

// spot is where an attempt is.
type spot struct {
	*tree
	index int32
}

// attempted is what is known of an attempt.
type attempted struct {
	key    uint64
	parent int32
	inst   int32
	edge   uint16
	kind   trace.AttemptKind
	number uint8
	from   uint8
	inside bool // it came in
	fate   fate

	sent, arrived, started, replied, ended des.Time

	settled bool // it has an outcome
	result  trace.Reason
	fault   int
}

// fate is what befell an attempt on its way.
type fate uint8

const (
	usual fate = iota
	requestLost
	replyLost
	unanswered
	died
	shutOut
	overtaken
)

func (f fate) String() string {
	return [...]string{"", "request lost", "reply lost", "no answer", "died", "no way in", "overtaken"}[f]
}

// alike are requests with one result, root and fault.
type alike struct {
	kind, root trace.Reason
	service    uint16
	fault      int
	n          uint64
	best       *tree
}

func newSpans(of trace.Sampling) *spans {
	if of.Most <= 0 {
		return nil
	}
	return &spans{of: of, at: map[uint64]spot{}, limit: ^uint64(0)}
}

// askingKey is the key of the question to the look-aside cache of a call.
func askingKey(key uint64) uint64 { return key + forAside&^keyBits }

// clone is a copy that shares nothing; nil of nil.
func (s *spans) clone() *spans {
	if s == nil {
		return nil
	}
	c := *s
	copies := map[*tree]*tree{}
	of := func(t *tree) *tree {
		if t == nil || copies[t] != nil {
			return copies[t]
		}
		n := *t
		n.attempts = slices.Clone(t.attempts)
		copies[t] = &n
		return &n
	}
	ofAll := func(list []*tree) (all []*tree) {
		for _, t := range list {
			all = append(all, of(t))
		}
		return all
	}
	c.going, c.best, c.alike = ofAll(s.going), ofAll(s.best), slices.Clone(s.alike)
	for k := range c.alike {
		c.alike[k].best = of(s.alike[k].best)
	}
	c.at = make(map[uint64]spot, len(s.at))
	for t, copied := range copies {
		for k := range t.attempts {
			c.at[t.attempts[k].key] = spot{copied, int32(k)}
		}
	}
	return &c
}

// substituteKey is the key of what is made in place of an answer.
func substituteKey(key uint64) uint64 { return ^key }

// find the attempt of a frame, if it is watched.
func (s *spans) find(f *frame) *attempted {
	if p, ok := s.at[f.key]; ok {
		return &p.attempts[p.index]
	}
	return nil
}

// take up an attempt, if its request is watched.
func (s *spans) take(w *World, f *frame) *attempted {
	if a := s.find(f); a != nil {
		return a
	}
	p, kind := s.place(w, f)
	if p.tree == nil {
		return nil
	}
	a := s.add(p, f.key)
	if a != nil {
		a.edge, a.kind, a.number, a.from, a.sent, a.inst, a.inside = f.edge, kind, f.attempt, f.zone, f.sent, f.inst, true
	}
	return a
}

// place of a new attempt: its request, and there its caller.
func (s *spans) place(w *World, f *frame) (p spot, kind trace.AttemptKind) {
	e := &w.edges[f.edge]
	ref, before, first := f.ref, f.key-w.m.perTry, f.attempt == 0
	if !first {
		kind = trace.Retry
	}
	if e.guard != nil {
		c := &w.calls.all[f.ref]
		ref = c.ref
		switch {
		case e.asks():
		case f.key != c.key:
			kind, before = trace.Hedge, c.key
		case e.guard.aside != nil && f.attempt == 0:
			first, before = false, askingKey(f.key&^keyBits|uint64(c.data))
		}
	}
	switch {
	case e.client < 0:
		caller := w.frames.at(int32(uint32(ref)))
		if caller.gen == uint32(ref>>32) {
			p = s.at[caller.key]
		}
	case first && kind == trace.FirstAttempt:
		p = spot{s.begin(e, f), nobody}
	default:
		p = spot{s.at[before].tree, nobody}
	}
	return p, kind
}

// begin to watch a request.
func (s *spans) begin(e *edgeModel, f *frame) *tree {
	if f.key > s.limit || f.sent < 0 {
		return nil
	}
	t := &tree{key: f.key, place: len(s.going), client: e.client, first: f.sent}
	s.going = append(s.going, t)
	return t
}

func (s *spans) add(p spot, key uint64) *attempted {
	if len(p.attempts) == mostPerTree {
		p.left++
		return nil
	}
	if s.held++; s.held > mostHeld && p.place != over {
		s.thin()
		if p.key > s.limit {
			return nil
		}
	}
	n := int32(len(p.attempts))
	p.attempts = append(p.attempts, attempted{
		key: key, parent: p.index, inst: nobody,
		sent: des.Never, arrived: des.Never, started: des.Never, replied: des.Never, ended: des.Never,
	})
	s.at[key] = spot{p.tree, n}
	return &p.attempts[n]
}

// thin watches half as many requests from now on.
func (s *spans) thin() {
	s.limit /= 2
	for _, t := range slices.Clone(s.going) {
		if t.key > s.limit {
			s.finish(t)
			s.drop(t)
		}
	}
}

// finish takes a request out of those in progress.
func (s *spans) finish(t *tree) {
	last := s.going[len(s.going)-1]
	s.going[t.place], last.place = last, t.place
	s.going = s.going[:len(s.going)-1]
	t.place = over
}

// drop what nobody keeps.
func (s *spans) drop(t *tree) {
	if t.holders > 0 {
		return
	}
	for k := range t.attempts {
		delete(s.at, t.attempts[k].key)
	}
	s.held -= len(t.attempts)
}

// goesOut: an attempt is sent to its instance.
func (s *spans) goesOut(w *World, f *frame) { s.take(w, f) }

// staysOut: a client's attempt does not get in.
func (s *spans) staysOut(w *World, f *frame) {
	if a := s.take(w, f); a != nil {
		a.fate, a.inside = shutOut, false
	}
}

// started: the own work of an attempt begins.
func (s *spans) started(w *World, f *frame) {
	if a := s.find(f); a != nil {
		a.arrived, a.started = f.arrived, w.now
	}
}

// replied: an instance has done with an attempt.
func (s *spans) replied(w *World, f *frame) {
	a := s.find(f)
	if a == nil {
		return
	}
	a.replied = w.now
	if a.arrived == des.Never {
		a.arrived = w.now
		if f.arrived >= f.sent {
			a.arrived = f.arrived // it was turned away from the queue
		}
	}
}

// befell tells the sample, if there is one, of what became of an attempt.
func (w *World) befell(f *frame, what fate) {
	if w.spans != nil {
		w.spans.befell(f, what)
	}
}

// befell notes what became of an attempt on its way.
func (s *spans) befell(f *frame, what fate) {
	if a := s.find(f); a != nil && a.fate == usual {
		a.fate = what
	}
}

// settled: the caller has an outcome of an attempt.
func (s *spans) settled(w *World, f *frame, e *edgeModel, o outcome) {
	a := s.take(w, f)
	if a == nil {
		return
	}
	a.ended, a.result, a.settled = w.now, o.kind, true
	if f.inst >= 0 && f.state == queued && f.arrived >= f.sent { // else both are of the frame's last use
		a.arrived = f.arrived
	}
	a.fault = w.touching(f, e, o.kind)
	if e.client >= 0 && !o.failed() && !e.asks() {
		s.over(w, f.key, o)
	}
}

// dropped: the caller has a better answer than this attempt's.
func (s *spans) dropped(w *World, f *frame) {
	if a := s.find(f); a != nil {
		a.ended, a.fate = w.now, overtaken
	}
}

// substitute: an answer is being made in place of that of a failed attempt.
func (s *spans) substitute(w *World, key uint64) {
	p, ok := s.at[key]
	if !ok {
		return
	}
	failed := &p.attempts[p.index]
	from, edge := failed.from, failed.edge
	if a := s.add(spot{p.tree, failed.parent}, substituteKey(key)); a != nil {
		a.kind, a.edge, a.from, a.sent, a.inside = trace.Fallback, edge, from, w.now, true
	}
}

// substituted: that answer is there.
func (s *spans) substituted(w *World, key uint64) {
	if p, ok := s.at[substituteKey(key)]; ok {
		a := &p.attempts[p.index]
		a.ended, a.settled = w.now, true
	}
}

// over: a client's request, of which the key is an attempt's, has its outcome.
func (s *spans) over(w *World, key uint64, o outcome) {
	t := s.at[key].tree
	if t == nil {
		t = s.at[askingKey(key)].tree
	}
	if t == nil || t.place == over {
		return
	}
	s.finish(t)
	t.end, t.outcome = w.now, o
	if o.root != trace.None {
		t.fault = w.meter.faultOf(o, t.first, w.now)
	}
	if s.wants(o) {
		s.offer(w, t)
	}
	s.drop(t)
}

func (s *spans) wants(o outcome) bool {
	switch s.of.Of {
	case trace.Failed:
		return o.failed()
	case trace.Degraded:
		return o.kind == asDegraded
	case trace.Slow:
		return !o.failed()
	default:
		return true
	}
}

// offer a request to those that keep some.
func (s *spans) offer(w *World, t *tree) {
	a := s.likes(w, t)
	a.n++
	if s.of.Of != trace.Slow && (a.best == nil || s.before(t, a.best)) {
		was := a.best
		a.best = t
		t.holders++
		s.release(was)
	}
	at, _ := slices.BinarySearchFunc(s.best, t, func(x, y *tree) int {
		if s.before(x, y) {
			return -1
		}
		return 1
	})
	if at == s.of.Most {
		return
	}
	s.best = slices.Insert(s.best, at, t)
	t.holders++
	if len(s.best) > s.of.Most {
		last := s.best[s.of.Most]
		s.best = s.best[:s.of.Most]
		s.release(last)
	}
}

func (s *spans) release(t *tree) {
	if t != nil {
		t.holders--
		s.drop(t)
	}
}

// before tells who is kept rather.
func (s *spans) before(a, b *tree) bool {
	if s.of.Of == trace.Slow && a.end-a.first != b.end-b.first {
		return a.end-a.first > b.end-b.first
	}
	return a.key < b.key
}

// likes counts the requests like t.
func (s *spans) likes(w *World, t *tree) *alike {
	like := alike{kind: t.outcome.kind, root: t.outcome.root, fault: t.fault}
	if like.root != trace.None {
		like.service = w.meter.origins[t.outcome.cause].service
	}
	for k := range s.alike {
		if a := &s.alike[k]; a.kind == like.kind && a.root == like.root && a.service == like.service && a.fault == like.fault {
			return a
		}
	}
	s.alike = append(s.alike, like)
	return &s.alike[len(s.alike)-1]
}

// chosen are the requests of the sample, in the order of their starts.
func (s *spans) chosen() []*tree {
	slices.SortStableFunc(s.alike, func(a, b alike) int {
		switch {
		case a.n > b.n:
			return -1
		case a.n < b.n:
			return 1
		}
		return 0
	})
	var list []*tree
	keep := func(t *tree) {
		if t != nil && len(list) < s.of.Most && !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	for k := range s.alike {
		keep(s.alike[k].best)
	}
	for _, t := range s.best {
		keep(t)
	}
	slices.SortFunc(list, func(a, b *tree) int {
		if a.first != b.first {
			return int(min(max(a.first-b.first, -1), 1))
		}
		if a.key < b.key {
			return -1
		}
		return 1
	})
	return list
}
