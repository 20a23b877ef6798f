package report

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Named is a JSON object whose members keep their order: that of the topology,
// not of the alphabet.
type Named[T any] []Entry[T]

// Entry is one member of a Named.
type Entry[T any] struct {
	Name  string
	Value T
}

// Get finds a member by name.
func (n Named[T]) Get(name string) (value T, ok bool) {
	for _, e := range n {
		if e.Name == name {
			return e.Value, true
		}
	}
	return value, false
}

// MarshalJSON writes an object, also for a nil Named.
func (n Named[T]) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, e := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := enc.Encode(e.Name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := enc.Encode(e.Value); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name, err)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads an object in the order of its members.
func (n *Named[T]) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	open, err := dec.Token()
	if err != nil {
		return err
	}
	if open != json.Delim('{') {
		return fmt.Errorf("an object is expected, not %v", open)
	}
	*n = nil
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		name, ok := key.(string)
		if !ok {
			return fmt.Errorf("a name is expected, not %v", key)
		}
		var value T
		if err := dec.Decode(&value); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		*n = append(*n, Entry[T]{Name: name, Value: value})
	}
	_, err = dec.Token()
	return err
}
