//go:build !deep

package sim

// twinChecks is how many random systems are played.
const twinChecks = 300

// pairsAtEdges: one in so many of the pairs is played at the edges, too.
const pairsAtEdges = 6
