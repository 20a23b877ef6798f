package topology

import (
	"time"

	"gopkg.in/yaml.v3"
)

// Bounds of a service's numbers.
const (
	maxInstances   = 1_000_000 // of all services
	maxConcurrency = 1_000_000_000
	maxChecks      = 1000
	maxCores       = 10_000
)

// Defaults of a service.
const (
	defaultConcurrency = 100
	defaultQueueLimit  = 1000
	defaultStartup     = 60 * time.Second
)

// readServices reads in two rounds, as calls refer to operations that stand
// further down or in another file.
func (l *loader) readServices(entries []namedEntry) {
	written := make([]fields, len(entries))
	for i, entry := range entries {
		written[i], _ = entry.open(entry.value, entry.lang.service, "the service `"+entry.name+"`")
		s := l.topology.Services[i]
		s.Operations = entry.operationNames(written[i].get("operations"), s)
	}
	for i, entry := range entries {
		l.readService(entry.file, l.topology.Services[i], written[i])
	}
}

// operationNames declares the operations of a service.
func (f *file) operationNames(n *yaml.Node, s *Service) []*Operation {
	if n == nil {
		return []*Operation{{Pos: s.Pos}}
	}
	var operations []*Operation
	for _, entry := range f.declared(n, "operations", "an operation", map[string]place{}) {
		operations = append(operations, &Operation{Name: entry.name, Pos: f.pos(entry.key)})
	}
	if len(operations) == 0 {
		if n.Kind == yaml.MappingNode {
			f.fail(n, "missing-key", "`operations` needs an operation at least")
		}
		// Something to refer to, so that one slip is one problem.
		operations = []*Operation{{Pos: s.Pos}}
	}
	return operations
}

func (l *loader) readService(f *file, s *Service, o fields) {
	s.Instances = l.instances(f, o.get("instances"))
	s.Concurrency = f.countOrUnlimited(o.get("concurrency"), defaultConcurrency, 1)
	if n := o.get("cores"); n != nil {
		s.Cores = f.count(n, 0, 1, maxCores)
	}
	s.Blocking = f.boolean(o.get("blocking"), true)
	s.Startup = f.distribution(o.get("startup"), Distribution{Mean: defaultStartup})
	s.Replace = f.boolean(o.get("replace"), true)
	f.rotation(s, o)
	f.admission(s, o)

	operations := o.get("operations")
	if operations == nil {
		l.readOperation(f, s.Operations[0], o, "the service `"+s.Name+"`")
		return
	}
	for _, key := range []string{"work", "calls"} {
		if k := o.keys[key]; k != nil {
			f.fail(k, "conflict", "a service with `operations` has `"+key+"` in each of them, not beside")
		}
	}
	if operations.Kind != yaml.MappingNode {
		return
	}
	byName := map[string]*Operation{}
	for _, operation := range s.Operations {
		byName[operation.Name] = operation
	}
	for _, entry := range f.pairs(operations) {
		if operation := byName[entry.key.Value]; operation != nil {
			what := "the operation `" + operation.Name + "`"
			written, _ := f.open(entry.value, f.lang.operation, what)
			l.readOperation(f, operation, written, what)
		}
	}
}

func (l *loader) readOperation(f *file, operation *Operation, o fields, what string) {
	operation.Steps = l.steps(f, o.get("calls"))
	n := o.get("work")
	operation.Work = f.distribution(n, Distribution{})
	if n == nil && o.node.Kind == yaml.MappingNode && !o.has("calls") {
		f.fail(o.node, "missing-key", what+" needs `work`, or `calls` to make")
	}
}

// instances returns the number of instances per zone.
func (l *loader) instances(f *file, n *yaml.Node) []int {
	counts := make([]int, len(l.zoneNames))
	if n == nil {
		for i := range counts {
			counts[i] = 1
		}
		return counts
	}
	if n.Kind != yaml.MappingNode {
		total := f.count(n, 0, 0, maxInstances)
		for i := range counts {
			counts[i] = total / len(counts)
			if i < total%len(counts) {
				counts[i]++
			}
		}
		return counts
	}
	for _, entry := range f.pairs(n) {
		if entry.key.Value == "per_zone" {
			o, _ := f.open(n, f.lang.perZone, "`instances`")
			each := f.count(o.get("per_zone"), 0, 0, maxInstances)
			for i := range counts {
				counts[i] = each
			}
			return counts
		}
	}
	for _, entry := range f.pairs(n) {
		number := f.count(entry.value, 0, 0, maxInstances)
		if zone := l.zone(f, entry.key); zone >= 0 {
			counts[zone] = number
		}
	}
	return counts
}
