package topology

import (
	"time"

	"gopkg.in/yaml.v3"
)

// maxShards bounds the shards of a store.
const maxShards = 100_000

func (l *loader) readStore(f *file, s *Store, o fields) {
	s.Nodes = l.instances(f, o.get("nodes"))
	s.Work = f.distribution(o.get("work"), Distribution{})
	f.serving(o, &s.Concurrency, &s.Queue, &s.HealthCheck, &s.Startup, &s.Replace)
	s.Keys, s.Zipf = f.keys(o)
	s.Placement = f.placement(o, f.lang.store)
	s.Writes = f.share(o.get("writes"), 0)
	s.Shards = f.count(o.get("shards"), 1, 1, maxShards)
	nodes := total(s.Nodes)
	r := f.replication(s, o.get("replication"), nodes)
	s.Reads = f.reads(o.get("reads"))
	s.Failover = f.failover(o.get("failover"))
	if s.Quorum {
		for _, key := range []string{"reads", "failover", "shards"} {
			if k := o.keys[key]; k != nil {
				f.fail(k, "conflict", "a `quorum` has no primary: `"+key+"` belongs to `mode: primary`")
			}
		}
		return
	}
	single := s.Factor == 1
	f.idle(r.keys["sync"], single && s.Sync != Asynchronous, "there is no replica to wait for")
	f.idle(o.keys["failover"], single, "there is no replica to become the primary")
	f.idle(o.keys["hashing"], s.Shards == 1, "one shard has all keys: `hashing` has no effect")
	if n := o.get("reads"); n != nil && single && s.Reads == ReadReplicas {
		f.fail(n, "conflict", "there is no replica to read from")
	}
}

func total(perZone []int) int {
	sum := 0
	for _, n := range perZone {
		sum += n
	}
	return sum
}

// replication reads how copies come about; the fields are those written.
func (f *file) replication(s *Store, n *yaml.Node, nodes int) fields {
	s.Lag = Distribution{Kind: Exponential, Mean: 50 * time.Millisecond}
	s.Factor = max(nodes, 1)
	if n == nil {
		return fields{}
	}
	o, _ := f.open(n, f.lang.replication, "`replication`")
	s.Quorum = f.word(o.get("mode"), f.lang.replication.find("mode").value, "primary") == "quorum"
	if s.Quorum {
		s.Factor = max(min(nodes, 3), 1)
	}
	if n := o.get("factor"); n != nil {
		s.Factor = f.count(n, int64(s.Factor), 1, maxInstances)
		if s.Factor > nodes {
			f.fail(n, "out-of-range", "there are "+formatInt(nodes)+" "+plural("node", nodes)+" for "+formatInt(s.Factor)+" copies of a key")
			s.Factor = max(nodes, 1)
		}
	}
	other, owner := []string{"read", "write"}, "quorum"
	if s.Quorum {
		other, owner = []string{"sync", "lag"}, "primary"
	}
	for _, key := range other {
		if k := o.keys[key]; k != nil {
			f.fail(k, "conflict", "`"+key+"` belongs to `mode: "+owner+"`")
		}
	}
	if s.Quorum {
		s.ReadLevel, s.WriteLevel = f.level(o.get("read"), s.Factor), f.level(o.get("write"), s.Factor)
		return o
	}
	switch f.word(o.get("sync"), f.lang.replication.find("sync").value, "async") {
	case "semi_sync":
		s.Sync = SemiSynchronous
	case "sync":
		s.Sync = Synchronous
	}
	s.Lag = f.distribution(o.get("lag"), s.Lag)
	f.idle(o.keys["lag"], s.Sync == Synchronous, "with `sync: sync` a write is at all replicas when it is acknowledged: they have no `lag`")
	return o
}

// level reads how many of the copies answer.
func (f *file) level(n *yaml.Node, factor int) int {
	if n == nil {
		return factor/2 + 1
	}
	if n.Kind == yaml.ScalarNode {
		switch n.Value {
		case "one":
			return 1
		case "quorum":
			return factor/2 + 1
		case "all":
			return factor
		}
		if n.ShortTag() == "!!str" && letters(n.Value) == len(n.Value) && n.Value != "" {
			f.fail(n, "bad-value", "`"+clip(n.Value)+"` is neither a count nor one of one, quorum and all")
			return 1
		}
	}
	v := f.count(n, 1, 1, maxInstances)
	if v > factor {
		f.fail(n, "out-of-range", "a key has "+formatInt(factor)+" "+copies(factor)+": "+formatInt(v)+" can never answer")
	}
	return min(v, factor)
}

func copies(n int) string {
	if n == 1 {
		return "copy"
	}
	return "copies"
}

func (f *file) reads(n *yaml.Node) Reads {
	switch f.word(n, f.lang.store.find("reads").value, "primary") {
	case "replicas":
		return ReadReplicas
	case "any":
		return ReadAny
	default:
		return ReadPrimary
	}
}

func (f *file) failover(n *yaml.Node) Failover {
	over := Failover{Automatic: true, Detect: 10 * time.Second, Promote: 20 * time.Second, DNSTTL: time.Minute}
	if n == nil {
		return over
	}
	o, _ := f.open(n, f.lang.failover, "`failover`")
	over.Automatic = f.boolean(o.get("automatic"), true)
	over.Detect = f.duration(o.get("detect"), over.Detect, 0)
	over.Promote = f.duration(o.get("promote"), over.Promote, 0)
	over.DNSTTL = f.duration(o.get("dns_ttl"), over.DNSTTL, 0)
	for _, key := range []string{"detect", "promote", "dns_ttl"} {
		f.idle(o.keys[key], !over.Automatic, "without an `automatic` failover nobody is promoted: `"+key+"` has no effect")
	}
	return over
}
