package main

import (
	"fmt"

	"github.com/agnivade/levenshtein"
)

// didYouMean is a clause that offers the one of names that is nearest to name,
// or nothing if none is near.
func didYouMean(name string, names []string) string {
	if name == "" {
		return ""
	}
	best, distance := "", max(2, len(name)/3)+1
	for _, n := range names {
		if d := levenshtein.ComputeDistance(name, n); d < distance {
			best, distance = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %s?", best)
}
