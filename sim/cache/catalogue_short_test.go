//go:build !deep

package cache

// references is how many requests TestHitRatios plays; the catalogue asks for 10 M.
const references = 2_500_000
