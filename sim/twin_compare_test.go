package sim

import (
	"fmt"
	"math"
	"reflect"

	"github.com/silverback-sim/silverback/report/trace"
)

// differences lists where two values are not the same: numbers of any kind by
// value, floats to 1e-9, NaN equal to NaN, histograms by count, sum, maximum and quantiles.
func differences(path string, engine, twin reflect.Value) []string {
	unequal := func() []string {
		return []string{fmt.Sprintf("%s: the engine says %v, the twin %v", path, engine, twin)}
	}
	if h, ok := engine.Interface().(trace.Histogram); ok {
		g := twin.Interface().(trace.Histogram)
		if sameHistogram(&h, &g) {
			return nil
		}
		return []string{fmt.Sprintf("%s: the engine says n %d, sum %v, max %d, the twin n %d, sum %v, max %d",
			path, h.Count, h.Sum, h.Max, g.Count, g.Sum, g.Max)}
	}
	var all []string
	switch engine.Kind() {
	case reflect.Float64:
		a, b := engine.Float(), twin.Float()
		if math.IsNaN(a) != math.IsNaN(b) || math.Abs(a-b) > 1e-12+1e-9*math.Abs(b) {
			return unequal()
		}
	case reflect.Pointer:
		return differences(path, engine.Elem(), twin.Elem())
	case reflect.Struct:
		for k := range engine.NumField() {
			f := engine.Type().Field(k)
			switch engine.Type().Name() + "." + f.Name {
			case "Run.Played", "Run.Warnings", "Zone.Capacity": // the twin does not know
				continue
			}
			all = append(all, differences(path+"."+f.Name, engine.Field(k), twin.Field(k))...)
		}
	case reflect.Slice, reflect.Array:
		if engine.Len() != twin.Len() {
			return unequal()
		}
		for k := range engine.Len() {
			all = append(all, differences(fmt.Sprintf("%s[%d]", path, k), engine.Index(k), twin.Index(k))...)
		}
	default:
		if !engine.Equal(twin) {
			return unequal()
		}
	}
	return all
}

// sameHistogram holds the exact figures and the buckets, through quantiles,
// against each other.
func sameHistogram(a, b *trace.Histogram) bool {
	same := a.Count == b.Count && a.Sum == b.Sum && a.Max == b.Max
	for k := range 51 {
		q := float64(k) / 50
		same = same && (a.Count == 0 || a.Quantile(q) == b.Quantile(q))
	}
	return same
}
