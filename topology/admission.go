package topology

import (
	"gopkg.in/yaml.v3"
)

// admission reads what an instance does with the requests that reach it.
func (f *file) admission(s *Service, o fields) {
	s.Queue = f.queue(o.get("queue"))
	if n := o.get("shedding"); n != nil {
		s.Shedding = f.shedding(n, s)
	}
	if n := o.get("warm"); n != nil {
		s.Warm = f.warm(n)
	}
	s.Contention = f.share(o.get("contention"), 0)
	if s.Contention > 0 && s.Concurrency == 1 {
		f.warn(o.keys["contention"], "no-effect", "with a `concurrency` of 1 no request is beside another")
	}
	s.Cancel = f.boolean(o.get("cancel"), false)
	if s.Cancel && s.Queue.Limit == 0 {
		f.warn(o.keys["cancel"], "no-effect", "`cancel` drops what waits, and nobody waits in a queue with a `limit` of 0")
	}
	s.Tolerant = f.word(o.get("reads"), f.lang.service.find("reads").value, "strict") == "tolerant"
}

func (f *file) queue(n *yaml.Node) Queue {
	queue := Queue{Limit: defaultQueueLimit}
	if n == nil {
		return queue
	}
	o, _ := f.open(n, f.lang.queue, "`queue`")
	queue.Limit = f.countOrUnlimited(o.get("limit"), defaultQueueLimit, 0)
	switch f.word(o.get("order"), f.lang.queue.find("order").value, "fifo") {
	case "lifo":
		queue.Order = LIFO
	case "adaptive_lifo":
		queue.Order = AdaptiveLIFO
	case "priority":
		queue.Order = ByPriority
	}
	if queue.Limit == 0 && queue.Order != FIFO {
		f.warn(o.keys["order"], "no-effect", "nobody waits in a queue with a `limit` of 0, in whatever `order`")
	}
	return queue
}

func (f *file) shedding(n *yaml.Node, s *Service) *Shedding {
	o, ok := f.open(n, f.lang.shedding, "`shedding`")
	shed := &Shedding{Adaptive: f.word(o.get("adaptive"), f.lang.shedding.find("adaptive").value, "") == "gradient"}
	if n := o.get("max_in_flight"); n != nil {
		shed.MaxInFlight = f.count(n, 1, 1, maxConcurrency)
		if room := s.Concurrency + s.Queue.Limit; s.Blocking && s.Concurrency != Unlimited && s.Queue.Limit != Unlimited && shed.MaxInFlight >= room {
			f.warn(n, "no-effect", "an instance holds "+formatInt(room)+" requests at most, by its `concurrency` and its queue's `limit`")
		}
	}
	if n := o.get("max_queue_delay"); n != nil {
		shed.MaxQueueDelay = f.duration(n, 0, 1)
		if s.Queue.Limit == 0 {
			f.warn(o.keys["max_queue_delay"], "no-effect", "nobody waits in a queue with a `limit` of 0")
		}
	}
	if ok && len(o.keys) == 0 {
		f.fail(n, "missing-key", "`shedding` needs one or more of "+enumerate(f.lang.shedding.accepted()))
	}
	return shed
}

func (f *file) warm(n *yaml.Node) *Warm {
	o, _ := f.open(n, f.lang.warm, "`warm`")
	w := &Warm{For: f.duration(o.get("for"), 1, 1), Slowdown: 1}
	if n := o.get("slowdown"); n != nil {
		if v, ok := f.number(n, "the slowdown", 0); ok && v < 1 {
			f.fail(n, "out-of-range", "the slowdown must be 1 at least: a young instance is not faster")
		} else if ok {
			w.Slowdown = v
		}
	}
	return w
}
