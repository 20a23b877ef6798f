package sim_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/silverback-sim/silverback/report/trace"
	"github.com/silverback-sim/silverback/scenarios"
	"github.com/silverback-sim/silverback/sim"
	"github.com/silverback-sim/silverback/sim/fleet"
	"github.com/silverback-sim/silverback/topology"
)

// lines is a run in the bytes of its trace.
func lines(t *testing.T, r *trace.Run) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := trace.WriteLines(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The same seed gives the same bytes, whatever was played before on the same model
// and by however many workers, with and without faults.
func TestSameSeedSameBytes(t *testing.T) {
	for _, path := range everyTopology(t) {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			top := load(t, path)
			shorten(top, 20_000)
			m := compile(t, top)
			var jobs []fleet.Job
			for _, v := range someFaults(top) {
				for seed := range uint64(2) {
					jobs = append(jobs, fleet.Job{Model: m, Variant: v, Seed: 7 + seed})
				}
			}
			alone := fleet.Play(jobs, fleet.Options{Workers: 1})
			crowd := fleet.Play(jobs, fleet.Options{Workers: 8})
			for i, job := range jobs {
				first := lines(t, alone[i])
				if !bytes.Equal(first, lines(t, crowd[i])) {
					t.Errorf("%s, seed %d: 1 and 8 workers give different runs", job.Variant.Name, job.Seed)
				}
				if i%2 == 1 && bytes.Equal(first, lines(t, alone[i-1])) {
					t.Errorf("%s: another seed gives the same run", job.Variant.Name)
				}
			}
			fresh := sim.Play(compile(t, top), jobs[0].Variant, sim.Options{Seed: jobs[0].Seed})
			if !bytes.Equal(lines(t, alone[0]), lines(t, fresh)) {
				t.Errorf("%s: a model compiled anew gives a different run", jobs[0].Variant.Name)
			}
		})
	}
}

// A run that branches off what its seed has in common with others is the run itself,
// and leaves what it branched off as it was.
func TestBranchIsTheRunItself(t *testing.T) {
	for _, path := range everyTopology(t) {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			top := load(t, path)
			shorten(top, 10_000)
			variants := someFaults(top)
			for _, f := range variants[0].Scenario.Faults {
				f.At += top.Simulation.Window / 3 // not where counts are settled anyway
			}
			variants = append(variants, variants...)
			m := compile(t, top)
			trunk := sim.Common(m, variants, sim.Options{Seed: 3})
			for _, v := range variants {
				want := lines(t, sim.Play(m, v, sim.Options{Seed: 3}))
				if !bytes.Equal(lines(t, trunk.Branch(v, sim.Options{})), want) {
					t.Errorf("%s: another run", v.Name)
				}
			}
		})
	}
}

// sorted lines of a run, without those of its own (events played), its end and
// those that contain a text.
func sortedLines(t *testing.T, r *trace.Run, without string) []string {
	t.Helper()
	var kept []string
	for line := range strings.Lines(string(lines(t, r))) {
		if strings.HasPrefix(line, `{"record":"run"`) || strings.HasPrefix(line, `{"record":"end"`) {
			continue
		}
		if without == "" || !strings.Contains(line, without) {
			kept = append(kept, line)
		}
	}
	slices.Sort(kept)
	return kept
}

// The order of sections and of services in the file means nothing.
func TestOrderOfTheFileMeansNothing(t *testing.T) {
	const path = "streaming.yaml"
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(read(t, path)), &doc); err != nil {
		t.Fatal(err)
	}
	reverse(doc.Content[0])
	for i, n := range doc.Content[0].Content {
		if n.Value == "services" {
			reverse(doc.Content[0].Content[i+1])
		}
	}
	data, err := yaml.Marshal(&doc)
	if err != nil {
		t.Fatal(err)
	}
	original, reordered := load(t, path), parse(t, path, data)
	if original.Services[0].Name == reordered.Services[0].Name {
		t.Fatal("the services are not reordered")
	}
	shorten(original, 200_000)
	shorten(reordered, 200_000)
	first := sortedLines(t, sim.Play(compile(t, original), scenarios.Healthy(), sim.Options{Seed: 1}), "")
	second := sortedLines(t, sim.Play(compile(t, reordered), scenarios.Healthy(), sim.Options{Seed: 1}), "")
	if !slices.Equal(first, second) {
		t.Error("the order of the file changes the answer")
	}
}

// reverse the entries of a mapping.
func reverse(mapping *yaml.Node) {
	var content []*yaml.Node
	for i := len(mapping.Content) - 2; i >= 0; i -= 2 {
		content = append(content, mapping.Content[i], mapping.Content[i+1])
	}
	mapping.Content = content
}

// A service that nobody calls changes nothing but the count of instances.
func TestUnusedServiceChangesNothing(t *testing.T) {
	original, extended := load(t, "streaming.yaml"), load(t, "streaming.yaml")
	unused := *extended.Services[3]
	unused.Name = "unused"
	extended.Services = append(extended.Services, &unused)
	shorten(original, 200_000)
	shorten(extended, 200_000)
	for i, v := range someFaults(original) {
		first := sortedLines(t, sim.Play(compile(t, original), v, sim.Options{Seed: 1}), `"record":"zone"`)
		second := sortedLines(t, sim.Play(compile(t, extended), someFaults(extended)[i], sim.Options{Seed: 1}), `"record":"zone"`)
		first = slices.DeleteFunc(first, isZoneLoss)
		second = slices.DeleteFunc(second, func(line string) bool { return isZoneLoss(line) || strings.Contains(line, "unused") })
		if !slices.Equal(first, second) {
			t.Errorf("%s: an unused service changes the answer", v.Name)
		}
	}
}

// isZoneLoss finds the events that count the instances of all services.
func isZoneLoss(line string) bool {
	return strings.Contains(line, `"kind":"gorilla"`) || strings.Contains(line, `"kind":"restored"`)
}

// Other names are other luck, and no other answer; slower time is the same answer,
// slower.
func TestNamesAndTimeUnitsMeanNothing(t *testing.T) {
	const slower = 1000
	measure := func(top *topology.Topology) []float64 {
		rows := replicate(t, top, scenarios.Healthy(), 1, replications, func(r *trace.Run) []float64 {
			return []float64{all(&client(r, "").Phases).Latency.Mean()}
		})
		var column []float64
		for _, row := range rows {
			column = append(column, row[0])
		}
		return column
	}
	original, renamed, scaled := load(t, "streaming.yaml"), load(t, "streaming.yaml"), load(t, "streaming.yaml")
	for _, s := range renamed.Services {
		s.Name = "other-" + s.Name
	}
	renamed.Traffic[0].Name = "others"
	for _, top := range []*topology.Topology{original, renamed, scaled} {
		shorten(top, 40_000)
	}
	slowDown(scaled, slower)
	first, second, third := measure(original), measure(renamed), measure(scaled)
	compare(t, "renamed", first, second, 1)
	compare(t, "slower", first, third, slower)
}
