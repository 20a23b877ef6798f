package topology

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// maxExpanded bounds the nodes that a file has once its aliases are written
// out, beyond those that it holds itself.
const maxExpanded = 1_000_000

// checkTree looks at what is wrong with a document whatever it means: aliases
// that explode, tags, keys that are no text and keys given twice. It returns
// false if the tree cannot be walked.
func (f *file) checkTree(doc *yaml.Node) bool {
	sizes := expansion{size: map[*yaml.Node]int{}}
	total := sizes.of(doc)
	if n := sizes.circular; n != nil {
		f.fail(n, "alias", "the anchor `"+clip(n.Value)+"` contains itself")
		return false
	}
	if total-sizes.nodes > maxExpanded {
		f.fail(sizes.largest, "alias", fmt.Sprintf("the aliases of this file stand for more than %d values", maxExpanded))
		return false
	}
	f.checkNode(doc)
	return true
}

// expansion counts the nodes under a node with every alias written out.
type expansion struct {
	size     map[*yaml.Node]int // of nodes with an anchor
	nodes    int                // without writing out
	circular *yaml.Node
	largest  *yaml.Node // the alias that stands for the most
	most     int
}

func (e *expansion) of(n *yaml.Node) int {
	const underWay = -1
	// Only what has an anchor can be met twice.
	if n.Anchor != "" {
		switch size := e.size[n]; {
		case size == underWay:
			return 0
		case size > 0:
			return size
		}
		e.size[n] = underWay
	}
	e.nodes++
	total := 1
	if n.Kind == yaml.AliasNode {
		if e.size[n.Alias] == underWay {
			e.circular = n
		}
		total = e.of(n.Alias)
		if total > e.most {
			e.most, e.largest = total, n
		}
	}
	for _, child := range n.Content {
		// Saturated, so that it cannot overflow.
		total = min(total+e.of(child), 1<<30)
	}
	if n.Anchor != "" {
		e.size[n] = total
	}
	return total
}

// checkNode reports tags, keys that are no text and duplicate keys.
func (f *file) checkNode(n *yaml.Node) {
	if n.Style&yaml.TaggedStyle != 0 {
		f.fail(n, "tag", "tags such as `"+clip(n.Tag)+"` have no meaning here; remove it")
	}
	if n.Kind == yaml.MappingNode {
		f.checkKeys(n)
	}
	for _, child := range n.Content {
		f.checkNode(child)
	}
}

func (f *file) checkKeys(mapping *yaml.Node) {
	first := map[string]*yaml.Node{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		k := mapping.Content[i]
		if k.Kind != yaml.ScalarNode {
			f.fail(k, "wrong-kind", "a key is a plain word, not "+kindOf(k))
			continue
		}
		if before, ok := first[k.Value]; ok {
			f.fail(k, "duplicate-key", fmt.Sprintf("`%s` is given twice; first at %d:%d", clip(k.Value), before.Line, before.Column))
			continue
		}
		first[k.Value] = k
	}
}

// deref follows an alias.
func deref(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// pair is one entry of a mapping.
type pair struct {
	key, value *yaml.Node
}

// pairs lists the entries of a mapping in their order: what `<<` merges comes
// where it stands, except what the mapping writes itself. Keys that begin with
// x- are left out.
func (f *file) pairs(mapping *yaml.Node) []pair {
	at := map[string]int{}
	var entries []pair
	f.collect(mapping, &entries, at)
	return entries
}

// collect appends what is new, the mapping's own entries before merged ones.
func (f *file) collect(mapping *yaml.Node, entries *[]pair, at map[string]int) {
	var merged []*yaml.Node
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		k, v := mapping.Content[i], deref(mapping.Content[i+1])
		switch {
		case k.Kind != yaml.ScalarNode || isNote(k.Value):
		case isMerge(k):
			merged = append(merged, v)
		default:
			if _, ok := at[k.Value]; !ok {
				at[k.Value] = len(*entries)
				*entries = append(*entries, pair{k, v})
			}
		}
	}
	for _, m := range merged {
		sources := []*yaml.Node{m}
		if m.Kind == yaml.SequenceNode {
			sources = m.Content
		}
		for _, source := range sources {
			if source = deref(source); source.Kind != yaml.MappingNode {
				f.fail(source, "wrong-kind", "`<<` merges a mapping or a list of mappings, not "+kindOf(source))
				continue
			}
			f.collect(source, entries, at)
		}
	}
}

func isMerge(k *yaml.Node) bool {
	return k.Value == "<<" && k.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0
}

// isNote tells the keys that users and anchors have to themselves.
func isNote(key string) bool {
	return len(key) >= 2 && key[:2] == "x-"
}

// kindOf names what a node is, for messages.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	default:
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!bool":
		return "`" + clip(n.Value) + "`"
	case "!!int", "!!float":
		return "the number `" + clip(n.Value) + "`"
	default:
		return "the text `" + clip(n.Value) + "`"
	}
}
