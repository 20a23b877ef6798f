package main

import (
	"slices"
	"testing"
	"testing/fstest"
)

// TestLayersFail sees to it that each kind of breach is found.
func TestLayersFail(t *testing.T) {
	file := func(imports string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("package p\n\nimport (\n" + imports + "\n)\n")}
	}
	for name, test := range map[string]struct {
		layers string
		files  fstest.MapFS
		want   []string
	}{
		"all well": {
			"a:\nb: a example.com/x\ntests: example.com/y",
			fstest.MapFS{
				"a/a.go":               file(`"fmt"`),
				"a/a_test.go":          file(`"` + module + `/b"; "example.com/y/z"`),
				"b/b.go":               file(`"` + module + `/a"; "example.com/x/v2"`),
				"b/testdata/ignore.go": file(`"example.com/z"`),
			},
			nil,
		},
		"unlisted package": {
			"a:",
			fstest.MapFS{"a/a.go": file(""), "b/b.go": file("")},
			[]string{"b/b.go: package b has no line in layers.txt"},
		},
		"missing package": {
			"a:\nb:",
			fstest.MapFS{"a/a.go": file("")},
			[]string{"layers.txt: there is no package b"},
		},
		"upwards": {
			"a: b\nb:",
			fstest.MapFS{"a/a.go": file(""), "b/b.go": file("")},
			[]string{"layers.txt: a stands above b and may not import it"},
		},
		"own package not allowed": {
			"a:\nb:",
			fstest.MapFS{"a/a.go": file(""), "b/b.go": file(`"` + module + `/a"`)},
			[]string{"b/b.go: layers.txt does not let b import " + module + "/a"},
		},
		"module not allowed": {
			"a: example.com/x",
			fstest.MapFS{"a/a.go": file(`"example.com/xy"`)},
			[]string{"a/a.go: layers.txt does not let a import example.com/xy"},
		},
		"test module outside a test": {
			"a:\ntests: example.com/x",
			fstest.MapFS{"a/a.go": file(`"example.com/x"`)},
			[]string{"a/a.go: layers.txt does not let a import example.com/x"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := checkLayers(t, parseLayers(test.layers), test.files); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
