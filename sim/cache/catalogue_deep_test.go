//go:build deep

package cache

// references is how many requests TestHitRatios plays.
const references = 10_000_000
