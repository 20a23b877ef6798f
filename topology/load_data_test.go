package topology

import (
	"slices"
	"testing"
	"time"
)

// storing has every key of caches, stores, externals and CDNs.
const storing = `version: 1
zones: [a, b, c]
traffic: {members: {to: {edge: 1, near: 1}, rate: 1/s, timeout: 1s}}
services:
  edge: {work: 1ms, calls: [{to: db.read, timeout: 1s, cache: {to: hot, timeout: 5ms}}, {to: front, timeout: 1s}, {to: pay, timeout: 1s}]}
caches:
  front: {work: 1ms, in_front_of: {to: db, timeout: 50ms, retries: {max: 1}}, ttl: 5m, refresh: true, serve_stale: {max_age: 1h}, data: {writes: 20/s, lost: 1%}}
  hot: {work: 1ms, instances: 3, queue: {limit: 5}, keys: 1M, popularity: {zipf: 0.99}, capacity: 200k, eviction: tinylfu, hashing: modulo, coalesce: true, replicas: 2, data: immutable}
  quick: {work: 1ms, in_front_of: pay, hit_rate: 90%, refill: 10m}
stores:
  db: {work: 1ms, nodes: 3, replication: {sync: semi_sync, lag: 50ms, factor: 2}, reads: any, failover: {detect: 5s, dns_ttl: 30s}, shards: 8, vnodes: 16, writes: 10%}
  ring: {work: 1ms, nodes: {a: 2, b: 2, c: 2}, popularity: uniform, replication: {mode: quorum, read: one, write: 2}, startup: 1m}
externals: {pay: {latency: {exponential: 50ms}, availability: 99.9%, outage: {mttf: 30d, mttr: 20m, mode: blackhole}, rate_limit: 500/s}}
cdns: {near: {pops: 12, serves: 95%, latency: 5ms, pop_capacity: 20k/s, origin: edge}}
scenarios:
  everything:
    faults:
      - {kill: {node: primary}, at: 1m}
      - {kill: {node: ring-6, mode: blackhole}, at: 1m}
      - {kill: {cdns: [near], count: 2}, at: 1m, for: 1m}
      - {errors: {externals: "*", stores: [db], rate: 5%}, at: 1m}
      - {errors: {operations: [db.write], rate: 5%}, at: 1m}
      - {cache_flush: {caches: [hot], share: 50%}, at: 1m}
      - {cache_resize: {cache: hot, to: 4}, at: 1m, for: 1m}
      - {partition: {from: [pay, near], to: [edge]}, at: 1m}
`

func TestLoadData(t *testing.T) {
	top, err := Load([]Source{{Name: "storing.yaml", Data: []byte(storing)}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	index := func(name string) int {
		for i := range top.Components() {
			if top.ComponentName(i) == name {
				return i
			}
		}
		t.Fatal("no component " + name)
		return -1
	}
	db, hot := index("db"), index("hot")
	read := top.Services[0].Operations[0].Steps[0][0]
	if read.To != (Target{db, ReadOperation}) || read.Cache.To != (Target{hot, 0}) || read.Cache.Timeout != 5*time.Millisecond || read.Timeout != time.Second {
		t.Errorf("look-aside: %+v", read)
	}
	front, keyed, quick := top.Caches[0], top.Caches[1], top.Caches[2]
	if front.InFrontOf.To != (Target{db, ReadOperation}) || front.InFrontOf.Timeout != 50*time.Millisecond || front.InFrontOf.Retries.Max != 1 ||
		front.Source != db || front.TTL != 5*time.Minute || !front.Refresh || !front.ServeStale.OnError || front.ServeStale.MaxAge != time.Hour ||
		front.Data != (Data{Writes: 20, Delete: true, Lost: 0.01}) || front.Keys != 1_000_000 || front.Zipf != 0 || front.Capacity != Unlimited {
		t.Errorf("front: %+v", front)
	}
	if keyed.InFrontOf != nil || keyed.Source != db || keyed.Zipf != 0.99 || keyed.Capacity != 200_000 || keyed.Eviction != TinyLFU ||
		keyed.Placement != (Placement{Hashing: Modulo}) || !keyed.Coalesce || keyed.Replicas != 2 || !keyed.Data.Immutable || total(keyed.Instances) != 3 {
		t.Errorf("hot: %+v", keyed)
	}
	if !quick.Knob || quick.HitRate != 0.9 || quick.Refill != 10*time.Minute {
		t.Errorf("quick: %+v", quick)
	}
	primary, ring := top.Stores[0], top.Stores[1]
	if primary.Quorum || primary.Factor != 2 || primary.Sync != SemiSynchronous || primary.Reads != ReadAny || primary.Shards != 8 ||
		primary.Placement != (Placement{VNodes: 16}) || primary.Writes != 0.1 ||
		primary.Failover != (Failover{Automatic: true, Detect: 5 * time.Second, Promote: 20 * time.Second, DNSTTL: 30 * time.Second}) {
		t.Errorf("db: %+v", primary)
	}
	if !ring.Quorum || ring.Factor != 3 || ring.ReadLevel != 1 || ring.WriteLevel != 2 || total(ring.Nodes) != 6 {
		t.Errorf("ring: %+v", ring)
	}
	if pay := top.Externals[0]; pay.Availability != 0.999 || pay.Outage.MTTF.Kind != Exponential || pay.Outage.Mode != Blackhole || pay.RateLimit != 500 {
		t.Errorf("pay: %+v", pay)
	}
	if near := top.CDNs[0]; near.PoPs != 12 || near.Serves != 0.95 || near.PoPCapacity != 20_000 || near.Origin.To != (Target{0, 0}) {
		t.Errorf("near: %+v", near)
	}
	faults := top.Scenarios[0].Faults
	if k := faults[0].Kill; !k.Primary || !slices.Equal(k.Services, []int{db}) {
		t.Errorf("kill of the primary: %+v", k)
	}
	if k := faults[1].Kill; k.Node != 6 || !slices.Equal(k.Services, []int{index("ring")}) {
		t.Errorf("kill of a node: %+v", k)
	}
	if e := faults[3].Errors; !slices.Equal(e.Services, []int{db, index("pay")}) {
		t.Errorf("errors: %+v", e)
	}
	if e := faults[4].Errors; !slices.Equal(e.Operations, []Target{{db, WriteOperation}}) {
		t.Errorf("errors of writes: %+v", e)
	}
	if f := faults[5].Flush; !slices.Equal(f.Services, []int{hot}) || f.Share != 0.5 {
		t.Errorf("flush: %+v", f)
	}
	if r := faults[6].Resize; r.Cache != 1 || r.To != 4 {
		t.Errorf("resize: %+v", r)
	}
}
