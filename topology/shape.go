package topology

import "slices"

// A shape says what may stand at one place of a file. The shapes are the one
// list of the language's words: the reader refuses keys that they lack, Format
// orders keys as they do, and Schema is made from them.
type shape struct {
	kind   shapeKind
	def    string     // name under $defs of the schema; "" = written in place
	doc    string     // for an editor's hover
	words  []string   // wordShape: what may be written
	later  []string   // wordShape: words that a later version brings
	keys   []key      // objectShape
	only   []string   // objectShape: exactly one of these keys is given
	groups [][]string // objectShape: exactly one of these groups is given
	strays []stray    // objectShape: keys that are often written here and belong elsewhere
	unit   unit       // boundShape
	items  *shape     // listShape and mapShape
	any    []*shape   // anyShape
	min    float64    // numberShape and countShape: lower bound
	least  int        // listShape: fewest items
	dotted bool       // mapShape: the names are targets
}

type shapeKind uint8

const (
	textShape       shapeKind = iota // any text
	nameShape                        // a component's, zone's or scenario's name
	targetShape                      // component or component.operation
	durationShape                    // 5ms
	rateShape                        // 40/s
	shareShape                       // 30% or 0.3
	weightShape                      // 3 or 30%
	countShape                       // 12, 10k
	numberShape                      // 1.5
	integerShape                     // 12, without k, M, G
	boolShape                        // true or false
	versionShape                     // 1
	percentileShape                  // p95
	hoursShape                       // 9-15
	daysShape                        // mon-fri
	zoneinfoShape                    // Europe/Berlin
	boundShape                       // >= 99.9%
	wordShape                        // one of words
	objectShape                      // a mapping with known keys
	mapShape                         // a mapping from names to items
	quantileShape                    // a mapping from percentages to durations
	matrixShape                      // a mapping from REGION>REGION to distributions
	listShape
	anyShape // one of several shapes
)

// key is one key of an object.
type key struct {
	name     string
	value    *shape
	doc      string
	required bool
}

// stray says where keys belong that do not stand here.
type stray struct {
	keys  []string
	where string // "belongs to a call, beside `to`"
}

// elsewhere tells where a key belongs that does not stand here, or "".
func (s *shape) elsewhere(name string) string {
	for _, one := range s.strays {
		if slices.Contains(one.keys, name) {
			return one.where
		}
	}
	return ""
}

// later marks a key that a later version of the program brings: it is refused
// by that name, never ignored and never called unknown.
func later(name string) key { return key{name: name} }

func (k key) isLater() bool { return k.value == nil }

// find returns the key of that name, or nil.
func (s *shape) find(name string) *key {
	for i := range s.keys {
		if s.keys[i].name == name {
			return &s.keys[i]
		}
	}
	return nil
}

// accepted lists the keys that may be written now.
func (s *shape) accepted() []string {
	var names []string
	for _, k := range s.keys {
		if !k.isLater() {
			names = append(names, k.name)
		}
	}
	return names
}

func text() *shape        { return &shape{kind: textShape} }
func name() *shape        { return &shape{kind: nameShape, def: "name"} }
func target() *shape      { return &shape{kind: targetShape, def: "target"} }
func duration() *shape    { return &shape{kind: durationShape, def: "duration"} }
func rate() *shape        { return &shape{kind: rateShape, def: "rate"} }
func share() *shape       { return &shape{kind: shareShape, def: "share"} }
func weight() *shape      { return &shape{kind: weightShape, def: "weight"} }
func boolean() *shape     { return &shape{kind: boolShape} }
func bound(u unit) *shape { return &shape{kind: boundShape, unit: u} }

func count(least float64) *shape  { return &shape{kind: countShape, min: least} }
func number(least float64) *shape { return &shape{kind: numberShape, min: least} }

func words(accepted ...string) *shape { return &shape{kind: wordShape, words: accepted} }

func object(keys ...key) *shape { return &shape{kind: objectShape, keys: keys} }

func list(items *shape) *shape { return &shape{kind: listShape, items: items} }

// someOf is a list with an item at least.
func someOf(items *shape) *shape { return &shape{kind: listShape, items: items, least: 1} }

func named(items *shape) *shape { return &shape{kind: mapShape, items: items} }

func either(shapes ...*shape) *shape { return &shape{kind: anyShape, any: shapes} }
