package stat

import "slices"

// Holm adjusts the p-values of several tests, so that comparing each with a level
// keeps the probability of even one false alarm among all of them below it,
// however the tests depend on each other (S. Holm, "A simple sequentially
// rejective multiple test procedure", Scandinavian Journal of Statistics 6,
// 1979). The result is in the order of p.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case p[i] < p[j]:
			return -1
		case p[i] > p[j]:
			return 1
		}
		return 0
	})
	adjusted := make([]float64, len(p))
	least := 0.0
	for rank, i := range order {
		least = max(least, min(float64(len(p)-rank)*p[i], 1))
		adjusted[i] = least
	}
	return adjusted
}
