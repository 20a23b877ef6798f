package topology

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// The work spent on looking for a near name is bounded.
const (
	maxCandidates  = 5000
	maxSuggestible = 80 // bytes of a name
)

// nearest returns the candidate that a writer of the name may have meant, or "".
func nearest(name string, candidates []string) string {
	if name == "" || len(name) > maxSuggestible {
		return ""
	}
	// A slip in three letters; two letters that changed places count twice.
	best, distance := "", min(max((len(name)+2)/3, 1)+1, len(name))
	for i, candidate := range candidates {
		if i == maxCandidates {
			break
		}
		if d := len(candidate) - len(name); d >= distance || -d >= distance {
			continue
		}
		if d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(candidate)); d < distance {
			best, distance = candidate, d
		}
	}
	return best
}

// hint suggests the nearest candidate, and lists all of them if they are few.
func (f *file) hint(name string, candidates []string) string {
	if f.out.full() {
		return "" // not shown
	}
	if near := nearest(name, candidates); near != "" {
		return "did you mean `" + near + "`?"
	}
	if len(candidates) == 0 {
		return "there are none"
	}
	return "use " + oneOf(candidates)
}

// The longest list of candidates in a message.
const maxListed = 30

func oneOf(candidates []string) string {
	if len(candidates) == 1 {
		return "`" + candidates[0] + "`"
	}
	return "one of " + enumerate(candidates)
}

func enumerate(candidates []string) string {
	shown := candidates[:min(len(candidates), maxListed)]
	text := "`" + strings.Join(shown, "`, `") + "`"
	if len(shown) < len(candidates) {
		text += ", …"
	}
	return text
}
