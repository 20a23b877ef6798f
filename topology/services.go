package topology

import (
	"fmt"
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
	defaultDrain       = 30 * time.Second
)

// readServices reads in two rounds, as calls refer to services and operations
// that stand further down or in another file.
func (l *loader) readServices() {
	entries := l.merged("services", "a service", map[string]place{})
	written := make([]fields, len(entries))
	for i, entry := range entries {
		written[i], _ = entry.open(entry.value, entry.lang.service, "the service `"+entry.name+"`")
		s := &Service{Name: entry.name, Pos: entry.pos(entry.key)}
		l.services[s.Name] = len(l.topology.Services)
		l.topology.Services = append(l.topology.Services, s)
		s.Operations = entry.operationNames(written[i].get("operations"), s)
	}
	l.serviceNames = namesOf(entries)
	instances := 0
	for i, entry := range entries {
		s := l.topology.Services[i]
		l.readService(entry.file, s, written[i])
		for _, n := range s.Instances {
			if instances += n; instances > maxInstances {
				entry.fail(entry.key, "out-of-range", fmt.Sprintf("all services together can have %d instances at most", maxInstances))
				break
			}
		}
		instances = min(instances, maxInstances)
	}
	if len(entries) == 0 && len(l.problems.problems) == 0 && len(l.files) > 0 {
		l.files[0].fail(l.files[0].root, "missing-key", "there are no services in any file")
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
	s.Concurrency = f.countOrUnlimited(o.get("concurrency"), defaultConcurrency, 1, maxConcurrency)
	if n := o.get("cores"); n != nil {
		s.Cores = f.count(n, 0, 1, maxCores)
	}
	s.Queue = f.queue(o.get("queue"))
	s.Blocking = f.boolean(o.get("blocking"), true)
	s.Balancing = f.balancing(o.get("balancing"))
	f.word(o.get("balancer"), f.lang.service.find("balancer").value, "shared")
	s.ZoneRouting = f.zoneRouting(o.get("zone_routing"))
	s.HealthCheck = f.healthCheck(o.get("health_check"))
	s.Startup = f.distribution(o.get("startup"), Distribution{Mean: defaultStartup})
	s.Replace = f.boolean(o.get("replace"), true)
	s.Drain = defaultDrain

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

func (f *file) queue(n *yaml.Node) Queue {
	queue := Queue{Limit: defaultQueueLimit}
	if n == nil {
		return queue
	}
	o, _ := f.open(n, f.lang.queue, "`queue`")
	queue.Limit = f.countOrUnlimited(o.get("limit"), defaultQueueLimit, 0, maxConcurrency)
	f.word(o.get("order"), f.lang.queue.find("order").value, "fifo")
	return queue
}

func (f *file) balancing(n *yaml.Node) Balancing {
	switch f.word(n, f.lang.service.find("balancing").value, "round_robin") {
	case "random":
		return RandomChoice
	case "least_requests":
		return LeastRequests
	case "power_of_two":
		return PowerOfTwo
	default:
		return RoundRobin
	}
}

func (f *file) zoneRouting(n *yaml.Node) ZoneRouting {
	switch f.word(n, f.lang.service.find("zone_routing").value, "any") {
	case "prefer":
		return PreferZone
	case "only":
		return OnlyZone
	default:
		return AnyZone
	}
}

func (f *file) healthCheck(n *yaml.Node) HealthCheck {
	check := HealthCheck{Interval: 5 * time.Second, UnhealthyAfter: 2, HealthyAfter: 2}
	switch {
	case n == nil:
		return check
	case n.Kind == yaml.ScalarNode && n.Value == "none":
		return HealthCheck{None: true}
	}
	o, _ := f.open(n, f.lang.healthCheck, "`health_check` (or the word `none`)")
	check.Interval = f.duration(o.get("interval"), check.Interval, 1)
	check.Timeout = f.duration(o.get("timeout"), 0, 0)
	check.UnhealthyAfter = f.count(o.get("unhealthy_after"), 2, 1, maxChecks)
	check.HealthyAfter = f.count(o.get("healthy_after"), 2, 1, maxChecks)
	if after := max(check.UnhealthyAfter, check.HealthyAfter); check.Interval > maxDuration/time.Duration(after) {
		f.fail(n, "out-of-range", "the checks take longer than "+FormatDuration(maxDuration)+" to tell")
	}
	return check
}
