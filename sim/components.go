package sim

import "github.com/silverback-sim/silverback/topology"

// Components of every kind are played as services. A cache is one whose instances
// look into what they hold once their work is done; queues, slots, health checks,
// replacement, zones, faults and counting are those of services. A component has the
// same index here and in the topology.

// components returns all components that are played, as services.
func components(t *topology.Topology) []*topology.Service {
	all := append([]*topology.Service(nil), t.Services...)
	for _, c := range t.Caches {
		all = append(all, cacheService(c))
	}
	return all
}

// cacheService is a cache without what it holds. Waiting for a fetch takes no slot:
// nodes of caches are event loops.
func cacheService(c *topology.Cache) *topology.Service {
	get := &topology.Operation{Pos: c.Pos, Work: c.Work}
	if c.InFrontOf != nil {
		get.Steps = []topology.Step{{c.InFrontOf}}
	}
	return &topology.Service{
		Name: c.Name, Pos: c.Pos, Instances: c.Instances, Concurrency: c.Concurrency, Queue: c.Queue,
		Operations: []*topology.Operation{get}, HealthCheck: c.HealthCheck, Startup: c.Startup, Replace: c.Replace,
	}
}
