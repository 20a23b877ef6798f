package topology

// language holds the shapes that a reader asks for again and again, made once
// per Load.
type language struct {
	file, region, network, simulation              *shape
	service, perZone, healthCheck, queue           *shape
	ejection, warm, shedding                       *shape
	operation, call, retries, backoff              *shape
	breaker, hedge, throttle                       *shape
	distribution                                   *shape
	traffic, rateShapes                            *shape
	cache, store, external, cdn, fetch, lookAside  *shape
	popularity, serveStale, data                   *shape
	replication, failover, outage                  *shape
	flush, resize                                  *shape
	scenario, fault, monkey, gorilla, kong, kill   *shape
	pause, latency, errors, badData, failures      *shape
	partition, loss, side, surge                   *shape
	objective, objectiveLatency, objectiveHeadroom *shape
}

func newLanguage() *language {
	service, retries, fault, objective := serviceShape(), retriesShape(), faultShape(), objectiveShape()
	kind := func(name string) *shape { return fault.find(name).value }
	return &language{
		file: fileShape(), region: regionShape(), network: networkShape(), simulation: simulationShape(),
		service: service, perZone: perZoneShape(), healthCheck: healthCheckShape(),
		queue: service.find("queue").value, operation: service.find("operations").value.items,
		ejection: ejectionShape(), warm: warmShape(), shedding: sheddingShape(),
		breaker: breakerShape(), hedge: hedgeShape(), throttle: throttleShape(),
		call: callShape(), retries: retries, backoff: retries.find("backoff").value,
		distribution: distributionObject(),
		traffic:      trafficShape(), rateShapes: shapesOfRate(),
		cache: cacheShape(), store: storeShape(), external: externalShape(), cdn: cdnShape(),
		fetch: fetchShape(), lookAside: lookAsideShape(),
		popularity: popularityShape(), serveStale: serveStaleShape(), data: dataShape(),
		replication: replicationShape(), failover: failoverShape(), outage: outageShape(),
		flush: kind("cache_flush"), resize: kind("cache_resize"),
		scenario: scenarioShape(), fault: fault, side: sideObject(),
		monkey: kind("monkey"), gorilla: kind("gorilla"), kong: kind("kong"), kill: kind("kill"),
		pause: kind("pause"), latency: kind("latency"), errors: kind("errors"), badData: kind("bad_data"),
		failures: kind("failures"), partition: kind("partition"), loss: kind("loss"), surge: kind("surge"),
		objective: objective, objectiveLatency: objective.find("latency").value,
		objectiveHeadroom: objective.find("headroom").value,
	}
}
