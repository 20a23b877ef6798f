//go:build deep

package sim

// twinChecks is how many random systems are played.
const twinChecks = 8000
