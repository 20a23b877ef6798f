package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/silverback-sim/silverback/report/stat"
)

// figures is a JSON object whose numbers are gathered over replications: the
// shape of a result, with a stat.Running in the place of every number. Members
// keep their order. A member that a replication lacks (a reason for which
// nothing failed) is 0 there.
type figures struct {
	names   []string
	members map[string]*figure
}

// figure is a member: one of a number, a column of numbers, or an object.
type figure struct {
	number *stat.Running
	column []*stat.Running
	object *figures
}

func newFigures() *figures { return &figures{members: map[string]*figure{}} }

// gather adds the numbers of a value that marshals to a JSON object; before is
// how many replications were gathered already.
func (f *figures) gather(value any, before int) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err := dec.Token(); err != nil {
		return err
	}
	return f.read(dec, before)
}

// read an object whose opening brace has been read.
func (f *figures) read(dec *json.Decoder, before int) error {
	seen := map[string]bool{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		name := key.(string) //nolint:forcetypeassert // a decoder's keys are strings
		seen[name] = true
		m := f.members[name]
		if m == nil {
			m = &figure{}
			f.names = append(f.names, name)
			f.members[name] = m
		}
		if err := m.read(dec, before); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, name := range f.names {
		if m := f.members[name]; !seen[name] && m.number != nil {
			m.number.Add(0)
		}
	}
	_, err := dec.Token()
	return err
}

func (m *figure) read(dec *json.Decoder, before int) error {
	token, err := dec.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		if m.object == nil {
			m.object = newFigures()
		}
		return m.object.read(dec, before)
	case json.Delim('['):
		return m.readColumn(dec, before)
	}
	x := math.NaN()
	if n, ok := token.(float64); ok {
		x = n
	}
	if m.number == nil {
		m.number = &stat.Running{}
		for range before { // it did not occur in the replications before
			m.number.Add(0)
		}
	}
	m.number.Add(x)
	return nil
}

func (m *figure) readColumn(dec *json.Decoder, before int) error {
	for k := 0; dec.More(); k++ {
		if k == len(m.column) {
			m.column = append(m.column, &stat.Running{})
		}
		token, err := dec.Token()
		if err != nil {
			return err
		}
		x := math.NaN()
		if n, ok := token.(float64); ok {
			x = n
		}
		m.column[k].Add(x)
	}
	if m.column == nil && before == 0 {
		m.column = []*stat.Running{}
	}
	_, err := dec.Token()
	return err
}

// find a number by the names on the way to it; nil if there is none.
func (f *figures) find(path ...string) *stat.Running {
	for k, name := range path {
		m := f.members[name]
		if m == nil {
			return nil
		}
		if k == len(path)-1 {
			return m.number
		}
		if m.object == nil {
			return nil
		}
		f = m.object
	}
	return nil
}

// beside says which intervals stand beside the numbers: none; of replications,
// one beside each; of one run, those that it has, by their paths.
type beside struct {
	confidence float64
	within     map[string]stat.Interval
	path       []string
}

// of a number: its interval as JSON, ok if any stands beside it.
func (s beside) of(name string, r *stat.Running) (json []byte, ok bool) {
	switch {
	case s.within != nil:
		i, ok := s.within[pathKey(append(s.path[:len(s.path):len(s.path)], name)...)]
		return pair(i), ok
	case s.confidence > 0 && !given(name):
		return interval(r, s.confidence), true
	}
	return nil, false
}

func (s beside) under(name string) beside {
	s.path = append(s.path[:len(s.path):len(s.path)], name)
	return s
}

// replicated tells whether every number has an interval.
func (s beside) replicated() bool { return s.confidence > 0 && s.within == nil }

// pathKey is one word for the names on the way to a figure.
func pathKey(path ...string) string { return strings.Join(path, "\x00") }

// means writes the object with the mean in the place of every number, with
// intervals beside: for a number x its x_ci and, of replications, for a column
// x_low and x_high, for a map of counts one map beside the map.
func (f *figures) means(b *bytes.Buffer, ci beside) {
	b.WriteByte('{')
	for k, name := range f.names {
		if k > 0 {
			b.WriteByte(',')
		}
		m := f.members[name]
		switch {
		case m.number != nil:
			f.member(b, name, "", appendNumber(nil, m.number.Summary().Mean))
			if i, ok := ci.of(name, m.number); ok {
				b.WriteByte(',')
				f.member(b, name, "_ci", i)
			}
		case m.object != nil && name == "failed":
			m.object.counts(b, name, ci)
		case m.object != nil:
			f.member(b, name, "", nil)
			m.object.means(b, ci.under(name))
		default:
			m.columns(b, name, ci)
		}
	}
	b.WriteByte('}')
}

// given figures are what was asked for, not measured: they have no interval.
func given(name string) bool { return name == "t" || name == "window" || name == "duration" }

func (f *figures) member(b *bytes.Buffer, name, suffix string, value []byte) {
	key, err := json.Marshal(name + suffix)
	if err != nil {
		panic("report: a name that cannot be written: " + err.Error())
	}
	b.Write(key)
	b.WriteByte(':')
	b.Write(value)
}

// counts writes a map of counts and, beside it, a map of their intervals.
func (f *figures) counts(b *bytes.Buffer, name string, ci beside) {
	f.member(b, name, "", nil)
	f.means(b, beside{})
	if !ci.replicated() {
		return
	}
	b.WriteByte(',')
	f.member(b, name, "_ci", nil)
	b.WriteByte('{')
	for k, reason := range f.names {
		if k > 0 {
			b.WriteByte(',')
		}
		f.member(b, reason, "", interval(f.members[reason].number, ci.confidence))
	}
	b.WriteByte('}')
}

func (m *figure) columns(b *bytes.Buffer, name string, ci beside) {
	write := func(suffix string, of func(*stat.Running) float64) {
		(&figures{}).member(b, name, suffix, nil)
		b.WriteByte('[')
		for k, r := range m.column {
			if k > 0 {
				b.WriteByte(',')
			}
			b.Write(appendNumber(nil, of(r)))
		}
		b.WriteByte(']')
	}
	write("", func(r *stat.Running) float64 { return r.Summary().Mean })
	if !ci.replicated() || given(name) {
		return
	}
	b.WriteByte(',')
	write("_low", func(r *stat.Running) float64 { return r.Summary().Interval(ci.confidence).Low })
	b.WriteByte(',')
	write("_high", func(r *stat.Running) float64 { return r.Summary().Interval(ci.confidence).High })
}

// interval as a JSON pair; null where one replication or none could say.
func interval(r *stat.Running, confidence float64) []byte {
	if r.N() < 2 {
		return []byte("null")
	}
	return pair(r.Summary().Interval(confidence))
}

func pair(i stat.Interval) []byte {
	b := append([]byte{'['}, appendNumber(nil, i.Low)...)
	b = append(b, ',')
	b = append(b, appendNumber(nil, i.High)...)
	return append(b, ']')
}
