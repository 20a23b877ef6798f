package plot

import (
	"bytes"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestWritePages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	names, err := WritePages(dir, streaming(), small())
	if err != nil {
		t.Fatal(err)
	}
	var bases []string
	for _, name := range names {
		bases = append(bases, strings.TrimPrefix(name, dir+string(filepath.Separator)))
	}
	want := []string{"overview.svg", "overview.png", "none.svg", "none.png", "gorilla-us-east-1b.svg", "gorilla-us-east-1b.png"}
	if !slices.Equal(bases, want) {
		t.Errorf("files %v, want %v", bases, want)
	}
	if files, _ := os.ReadDir(dir); len(files) != len(want) {
		t.Errorf("%d files are there, want %d", len(files), len(want))
	}
	first := readAll(t, names)
	if names, err = WritePages(dir, streaming(), small()); err != nil {
		t.Fatal(err)
	}
	for i, again := range readAll(t, names) {
		if !bytes.Equal(first[i], again) {
			t.Errorf("%s written twice differs", names[i])
		}
	}
	picture, err := png.Decode(bytes.NewReader(first[1]))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size.X != 1600 || size.Y != 900 {
		t.Errorf("the picture is %v", size)
	}
}

func readAll(t *testing.T, names []string) [][]byte {
	t.Helper()
	var all [][]byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

func TestOneRunHasNoOverview(t *testing.T) {
	names, err := WritePages(t.TempDir(), streaming(), small()[:1])
	if err != nil || len(names) != 2 {
		t.Errorf("%v, %v", names, err)
	}
}

func TestAFileIsReplacedWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "page.svg")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := replaceFile(name, func(w io.Writer) error {
		_, _ = w.Write([]byte("half"))
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if data, _ := os.ReadFile(name); string(data) != "old" {
		t.Errorf("the file holds %q", data)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%d files are left", len(files))
	}
	if _, err := WritePages(filepath.Join(name, "below"), streaming(), nil); err == nil {
		t.Error("a directory below a file was made")
	}
}

func TestFileNames(t *testing.T) {
	taken := map[string]bool{"overview": true}
	for _, test := range [][2]string{
		{"gorilla[us-east-1a]", "gorilla-us-east-1a"},
		{"gorilla[us-east-1a]", "gorilla-us-east-1a-2"},
		{"overview", "overview-2"},
		{"../../etc", "etc"},
		{"", "2"},
		{"é", "3"},
	} {
		if got := fileName(test[0], taken); got != test[1] {
			t.Errorf("%q is %q, want %q", test[0], got, test[1])
		}
	}
}

func BenchmarkWritePages(b *testing.B) {
	dir, runs := b.TempDir(), variants()
	for b.Loop() {
		if _, err := WritePages(dir, streaming(), runs); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(runs)), "variants")
}
