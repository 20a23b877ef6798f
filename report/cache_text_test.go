package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/silverback-sim/silverback/report/trace"
)

func TestCachesAreTold(t *testing.T) {
	run := lost()
	cache := run.Components[1]
	cache.Windows.Hits, cache.Windows.Misses = column(90, 90, 20, 0, 0, 0), column(10, 10, 80, 0, 0, 100)
	cache.Lookups = [trace.Phases]trace.Lookups{
		trace.Before:     {Hits: 180, Misses: 20, Fetches: 15},
		trace.Undetected: {Hits: 20, Misses: 80, Fetches: 80, StaleServed: 7},
		trace.Recovery:   {Misses: 100, Fetches: 99},
	}
	var b bytes.Buffer
	if err := WriteText(&b, document(run), Style{Width: 200}); err != nil {
		t.Fatal(err)
	}
	want := "caches      db: 50% hits (90% before, 20% during the fault, 0% in recovery), 194 fetches from behind it, 7 answers with expired data\n"
	if !strings.Contains(b.String(), want) {
		t.Errorf("no %q in\n%s", want, b.String())
	}
	if strings.Contains(b.String(), "web: 0% hits") || strings.Count(b.String(), " hits (") != 1 {
		t.Errorf("something else is told as a cache:\n%s", b.String())
	}
}
