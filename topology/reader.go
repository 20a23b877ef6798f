package topology

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"gopkg.in/yaml.v3"
)

// fields are the values of one mapping by their keys. Values of keys that are
// not of the language are left out, so that what remains can be read blindly.
type fields struct {
	node   *yaml.Node
	keys   map[string]*yaml.Node
	values map[string]*yaml.Node
}

// get returns the value of a key, or nil.
func (o fields) get(key string) *yaml.Node { return o.values[key] }

// has tells whether a key is written, well or not.
func (o fields) has(key string) bool { return o.keys[key] != nil }

// open checks the keys of a mapping against a shape. It returns false if n is
// no mapping.
func (f *file) open(n *yaml.Node, s *shape, what string) (fields, bool) {
	o := fields{node: n, keys: map[string]*yaml.Node{}, values: map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		f.fail(n, "wrong-kind", what+" is a mapping with "+keysOf(s)+", not "+kindOf(n))
		return o, false
	}
	unread := false // what is written but not read may stand for what is missing
	for _, entry := range f.pairs(n) {
		name := entry.key.Value
		o.keys[name] = entry.key
		switch k := s.find(name); {
		case k == nil:
			unread = true
			advice := s.elsewhere(name)
			if advice == "" {
				advice = f.hint(name, s.accepted())
			}
			f.fail(entry.key, "unknown-key", fmt.Sprintf("unknown key `%s` of %s; %s", clip(name), what, advice))
		case k.isLater():
			unread = true
			f.notYet(entry.key, name)
		default:
			o.values[name] = entry.value
		}
	}
	for _, k := range s.keys {
		if k.required && !o.has(k.name) && !unread {
			f.fail(n, "missing-key", what+" needs `"+k.name+"`")
		}
	}
	return o, true
}

func keysOf(s *shape) string {
	keys := s.accepted()
	if len(keys) == 1 {
		return "the key `" + keys[0] + "`"
	}
	return "the keys " + enumerate(keys)
}

func (f *file) notYet(n *yaml.Node, what string) {
	f.fail(n, "not-supported-yet", "`"+what+"` is not supported yet")
}

// entries lists a mapping from names of the user's choice.
func (f *file) entries(n *yaml.Node, what string) []pair {
	if n.Kind != yaml.MappingNode {
		f.fail(n, "wrong-kind", what+" is a mapping from names, not "+kindOf(n))
		return nil
	}
	return f.pairs(n)
}

// items lists a sequence with its aliases followed.
func (f *file) items(n *yaml.Node, what string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		f.fail(n, "wrong-kind", what+" is a list, not "+kindOf(n))
		return nil
	}
	list := make([]*yaml.Node, len(n.Content))
	for i, item := range n.Content {
		list[i] = deref(item)
	}
	return list
}

// newName checks a name that is being given.
func (f *file) newName(n *yaml.Node, what string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" || n.ShortTag() == "!!bool" {
		f.fail(n, "wrong-kind", "the name of "+what+" is a text, not "+kindOf(n))
		return "", false
	}
	if n.ShortTag() != "!!str" {
		f.fail(n, "wrong-kind", fmt.Sprintf("the name of %s is a text: write it in quotes, %q", what, clip(n.Value)))
		return "", false
	}
	if !isName(n.Value) {
		f.fail(n, "bad-name", fmt.Sprintf("`%s` cannot be the name of %s: up to 63 small letters, digits and hyphens, not beginning with a hyphen or `x-`", clip(n.Value), what))
		return n.Value, false
	}
	return n.Value, true
}

// isName follows [a-z0-9][a-z0-9-]{0,62}, without the prefix of notes.
func isName(text string) bool {
	if text == "" || len(text) > 63 || text[0] == '-' || isNote(text) {
		return false
	}
	for i := range len(text) {
		if c := text[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// scalar returns the text of a scalar that is not empty.
func (f *file) scalar(n *yaml.Node, wanted string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		f.fail(n, "wrong-kind", wanted+" is wanted here, not "+kindOf(n))
		return "", false
	}
	return n.Value, true
}

// quantity reads a scalar with one of the parsers of quantities.
func quantity[T any](f *file, n *yaml.Node, wanted string, parse func(string) (T, error)) (T, bool) {
	var zero T
	written, ok := f.scalar(n, wanted)
	if !ok {
		return zero, false
	}
	value, err := parse(written)
	if err != nil {
		f.failQuantity(n, err)
		return zero, false
	}
	return value, true
}

// failQuantity reports what a parser of quantities said.
func (f *file) failQuantity(n *yaml.Node, err error) {
	rule := "bad-value"
	var q *QuantityError
	if errors.As(err, &q) {
		rule = q.Rule
	}
	f.fail(n, rule, err.Error())
}

// duration reads a duration of at least one bound; n nil gives the default.
func (f *file) duration(n *yaml.Node, byDefault, least time.Duration) time.Duration {
	if n == nil {
		return byDefault
	}
	d, ok := quantity(f, n, "a duration (for example `5ms`)", ParseDuration)
	if ok && d < least {
		f.fail(n, "out-of-range", "this duration must be longer than 0")
		return byDefault
	}
	if !ok {
		return byDefault
	}
	return d
}

func (f *file) share(n *yaml.Node, byDefault float64) float64 {
	if n == nil {
		return byDefault
	}
	v, ok := quantity(f, n, "a share (for example `30%` or `0.3`)", ParseShare)
	if !ok {
		return byDefault
	}
	return v
}

// count reads a whole number between two bounds.
func (f *file) count(n *yaml.Node, byDefault, least, most int64) int {
	if n == nil {
		return int(byDefault)
	}
	v, ok := quantity(f, n, "a count (for example `12` or `10k`)", ParseCount)
	if !ok {
		return int(byDefault)
	}
	if v < least || v > most {
		f.fail(n, "out-of-range", fmt.Sprintf("this count lies between %d and %d", least, most))
		return int(byDefault)
	}
	return int(v)
}

// countOrUnlimited reads a count or the word unlimited.
func (f *file) countOrUnlimited(n *yaml.Node, byDefault, least int64) int {
	if n != nil && n.Kind == yaml.ScalarNode && n.Value == "unlimited" {
		return Unlimited
	}
	if n != nil && n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" && letters(n.Value) == len(n.Value) {
		f.fail(n, "bad-value", "`"+clip(n.Value)+"` is neither a count nor `unlimited`")
		return int(byDefault)
	}
	return f.count(n, byDefault, least, maxConcurrency)
}

// number reads a plain number over a bound, which itself is excluded.
func (f *file) number(n *yaml.Node, what string, over float64) (float64, bool) {
	if n.Kind == yaml.ScalarNode && n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		f.fail(n, "wrong-kind", "a number (for example `1.5`) is written without quotes")
		return 0, false
	}
	v, ok := quantity(f, n, "a number (for example `1.5`)", ParseNumber)
	if !ok {
		return 0, false
	}
	if v <= over {
		f.fail(n, "out-of-range", fmt.Sprintf("%s must be over %s", what, formatNumber(over)))
		return 0, false
	}
	if v > maxNumber {
		f.fail(n, "out-of-range", fmt.Sprintf("%s can be %s at most", what, formatNumber(maxNumber)))
		return 0, false
	}
	return v, true
}

// maxNumber bounds shapes, factors and coefficients of variation.
const maxNumber = 1e6

func (f *file) boolean(n *yaml.Node, byDefault bool) bool {
	if n == nil {
		return byDefault
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!bool" {
		switch strings.ToLower(n.Value) {
		case "true":
			return true
		case "false":
			return false
		}
	}
	f.fail(n, "wrong-kind", "`true` or `false` is wanted here, not "+kindOf(n))
	return byDefault
}

// word reads one of the words of a shape.
func (f *file) word(n *yaml.Node, s *shape, byDefault string) string {
	if n == nil {
		return byDefault
	}
	if n.Kind == yaml.MappingNode && len(s.later) > 0 {
		for _, entry := range f.pairs(n) {
			for _, l := range s.later {
				if entry.key.Value == l {
					f.notYet(entry.key, l)
					return byDefault
				}
			}
		}
	}
	written, ok := f.scalar(n, oneOf(s.words))
	if !ok {
		return byDefault
	}
	for _, w := range s.words {
		if written == w {
			return w
		}
	}
	for _, l := range s.later {
		if written == l {
			f.notYet(n, l)
			return byDefault
		}
	}
	f.fail(n, "bad-value", fmt.Sprintf("`%s` is not one of the values here; %s", clip(written), f.hint(written, s.words)))
	return byDefault
}

// note reads free text, of whatever can be shown on a terminal.
func (f *file) note(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	written, _ := f.scalar(n, "a text")
	for _, char := range written {
		if unicode.IsControl(char) && char != '\n' && char != '\t' || unicode.Is(unicode.Bidi_Control, char) {
			f.fail(n, "bad-value", fmt.Sprintf("a text cannot have the character %U", char))
			return ""
		}
	}
	return written
}

// title reads a text of one line.
func (f *file) title(n *yaml.Node) string {
	written := strings.TrimSpace(f.note(n))
	if strings.ContainsAny(written, "\n\t") {
		f.fail(n, "bad-value", "this text has one line, without tabs")
	}
	return written
}
