package sim

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/silverback-sim/silverback/scenarios"
)

// A copy of a world shares no memory with it that either might write: whoever
// gives the world or its parts a new slice, map or pointer must copy it in clone.
func TestCloneSharesNothing(t *testing.T) {
	for _, file := range []string{"streaming.yaml", "online-boutique.yaml", "social-network.yaml", "bench/three-zones.yaml"} {
		top := load(t, file)
		sm := &top.Simulation // so that windows and batches have ended, and others are begun
		sm.Warmup, sm.Window, sm.Duration = 500*time.Millisecond, 300*time.Millisecond, 18*time.Second
		m, err := Compile(top)
		if err != nil {
			t.Fatal(err)
		}
		variants := []scenarios.Variant{scenarios.Healthy()}
		for _, s := range top.Scenarios {
			variants = append(variants, scenarios.Variants(top, s)...)
		}
		for _, v := range variants {
			w := newWorld(m, v, Options{Seed: 1})
			for w.now < 2e9-1 {
				w.step()
			}
			c := w.clone()
			if shared := sharedMemory("World", reflect.ValueOf(w), reflect.ValueOf(c)); len(shared) > 0 {
				t.Fatalf("%s, %s: the copy shares %s", file, v.Name, shared)
			}
		}
	}
}

// readOnly types are the model's and the topology's.
func readOnly(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[Model](), reflect.TypeFor[serviceModel](), reflect.TypeFor[trafficModel](),
		reflect.TypeFor[edgeModel](), reflect.TypeFor[hop]():
		return true
	}
	return false
}

// writtenOnce are rows of windows that are over.
func writtenOnce(path string) bool {
	return strings.HasSuffix(path, ".upBy[]") || strings.HasSuffix(path, ".entered[]")
}

// sharedMemory walks two values of one type side by side.
func sharedMemory(path string, a, b reflect.Value) (shared []string) {
	kind := a.Kind()
	if kind == reflect.Pointer || kind == reflect.Slice || kind == reflect.Map {
		if a.IsNil() || b.IsNil() || kind == reflect.Slice && a.Cap() == 0 {
			return nil
		}
		if a.Pointer() == b.Pointer() {
			if kind != reflect.Map && readOnly(a.Type().Elem()) || writtenOnce(path) {
				return nil
			}
			return []string{path}
		}
		if kind == reflect.Pointer {
			return sharedMemory(path, a.Elem(), b.Elem())
		}
	}
	switch kind { //nolint:exhaustive // the others hold no memory
	case reflect.Struct:
		for i := range a.NumField() {
			shared = append(shared, sharedMemory(path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))...)
		}
	case reflect.Slice, reflect.Array:
		if simple(a.Type().Elem()) {
			return nil
		}
		for i := range min(a.Len(), b.Len()) {
			shared = append(shared, sharedMemory(path+"[]", a.Index(i), b.Index(i))...)
		}
	case reflect.Map, reflect.Interface:
		shared = append(shared, path+": "+kind.String()+"s are not looked into")
	}
	return shared
}

// simple values have no pointers, by their kind.
func simple(t reflect.Type) bool { return t.Kind() <= reflect.Complex128 || t.Kind() == reflect.String }
