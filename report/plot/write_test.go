package plot

import (
	"bytes"
	"image/png"
	"io"
	"testing"
)

func TestPicturesAreTheSameEveryTime(t *testing.T) {
	for _, p := range pages(streaming(), small()) {
		var first, again bytes.Buffer
		for _, b := range []*bytes.Buffer{&first, &again} {
			if err := p.WritePNG(b); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(first.Bytes(), again.Bytes()) {
			t.Errorf("%s written twice differs", p.Name)
		}
		picture, err := png.Decode(&first)
		if err != nil {
			t.Fatal(err)
		}
		if size := picture.Bounds().Size(); size.X != 1600 || size.Y != 900 {
			t.Errorf("%s is %v", p.Name, size)
		}
	}
}

func TestRunPages(t *testing.T) {
	checkNames(t, pages(streaming(), small()), "overview", "none", "gorilla[us-east-1b]")
}

func BenchmarkPages(b *testing.B) {
	runs := variants()
	for b.Loop() {
		for _, p := range pages(streaming(), runs) {
			if p.WriteSVG(io.Discard) != nil || p.WritePNG(io.Discard) != nil {
				b.Fatal("a page cannot be written")
			}
		}
	}
	b.ReportMetric(float64(len(runs)), "variants")
}
