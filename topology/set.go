package topology

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// change puts a value in the place of what a file says.
type change struct {
	path  []string
	value string
}

// Set returns source with another value at a path, as Load will see it. A path
// is the keys on the way from the top of the file, joined by dots, with the
// number of an entry, from 0, where there is a list:
//
//	services.api.instances.per_zone
//	services.edge.calls.0.timeout
//
// The value is written as in a file: `12`, `40/s`, `{per_zone: 4}`. What the path
// leads to need not be written if the language has a key of that name there, so
// that defaults can be changed, too. The text of the source, and with it the
// places in messages, stay as they are: what is wrong with the value is reported
// at what it replaces, or else at the mapping that it is added to. What is
// reached by an alias or by `<<` changes there only.
func Set(source Source, path, value string) (Source, error) {
	_, changed, err := set(source, path, value)
	return changed, err
}

// SetIn is Set for the one of several files that holds the most of the path.
func SetIn(sources []Source, path, value string) ([]Source, error) {
	best, most := -1, -1
	var changed Source
	var failure error
	furthest := -1
	for i, source := range sources {
		depth, with, err := set(source, path, value)
		switch {
		case err != nil && depth > furthest:
			failure, furthest = err, depth
		case err == nil && depth > most:
			best, most, changed = i, depth, with
		}
	}
	if best < 0 {
		return nil, failure
	}
	all := slices.Clone(sources)
	all[best] = changed
	return all, nil
}

// set also returns how many keys of the path are written in the source.
func set(source Source, path, value string) (depth int, changed Source, err error) {
	keys, err := splitPath(path)
	if err != nil {
		return 0, source, err
	}
	f := &file{name: source.Name, lang: newLanguage(), out: &collector{}, warned: &collector{}}
	f.parse(source.Data)
	if f.root == nil || len(f.out.problems) > 0 {
		return 0, source, Errors(f.out.sorted(nil))
	}
	f.apply(source.changes)
	with := change{keys, value}
	depth, err = f.change(with)
	if err != nil {
		return depth, source, err
	}
	source.changes = append(slices.Clone(source.changes), with)
	return depth, source, nil
}

// maxPath bounds the text of a path.
const maxPath = 1000

func splitPath(path string) ([]string, error) {
	keys := strings.Split(path, ".")
	if len(path) > maxPath || slices.Contains(keys, "") {
		return nil, fmt.Errorf("`%s` is not a path; write the keys from the top of the file, joined by dots, such as `services.api.instances`", clip(path))
	}
	return keys, nil
}

// apply makes the changes of a source. They were possible when they were set.
func (f *file) apply(changes []change) {
	for _, c := range changes {
		if _, err := f.change(c); err != nil {
			panic("topology: a change that was possible is not: " + err.Error())
		}
	}
}

// change replaces f.root by a tree with the change; nodes are never written to,
// as aliases share them.
func (f *file) change(c change) (depth int, err error) {
	value, err := valueNode(c.value)
	if err != nil {
		return 0, err
	}
	s := &setter{file: f, path: c.path, value: value}
	root, err := s.replace(f.root, f.lang.file.alternatives(), 0)
	if err == nil {
		f.root = root
	}
	return s.depth, err
}

// valueNode reads a value: a scalar as it stands, or a collection or a quoted
// text in YAML's flow style.
func valueNode(text string) (*yaml.Node, error) {
	if text == "" {
		return nil, fmt.Errorf("the value is empty")
	}
	if !strings.ContainsRune(`{["'`, rune(text[0])) {
		return &yaml.Node{Kind: yaml.ScalarNode, Value: text}, nil
	}
	doc, next, err := decode([]byte(text))
	if err != nil || next != nil {
		return nil, fmt.Errorf("the value `%s` cannot be read: write it as in a file, such as `12`, `40/s` or `{per_zone: 4}`", clip(text))
	}
	check := &file{lines: splitLines(text), out: &collector{}, warned: &collector{}}
	if check.checkTree(doc); len(check.out.problems) > 0 {
		return nil, fmt.Errorf("the value `%s` cannot be read: %s", clip(text), check.out.problems[0].Message)
	}
	return doc.Content[0], nil
}
