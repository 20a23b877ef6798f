package report

import (
	"bytes"
	"encoding/csv"
	"testing"
)

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b, document(lost(), silent())); err != nil {
		t.Fatal(err)
	}
	golden(t, "results.csv", b.Bytes())
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[5]string]bool{}
	for _, row := range rows {
		key := [5]string(row[:5])
		if seen[key] {
			t.Errorf("%v is there twice", key)
		}
		seen[key] = true
	}
}
