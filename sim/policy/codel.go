package policy

// CoDel drops requests that waited too long in a server's queue. Both in ns.
//
// It is the variant for services of Maurer, "Fail at Scale", ACM Queue 13(8) 2015,
// "Controlled Delay": a request may have waited for Interval (100 ms there), but
// only for Target (5 ms) if the queue has not been empty during the last Interval.
// So bursts are served and a standing queue is kept short, without the control law
// of the original, which paces senders that slow down when a packet is lost, as
// callers of services do not. From the original (Nichols and Jacobson, RFC 8289,
// 5.5) comes that the last one in the queue is not dropped for Target's sake: that
// would only idle the server.
type CoDel struct{ Target, Interval int64 }

// MaxQueueDelay is the CoDel of a longest wait: nobody is served after waiting
// longer, and with a standing queue after more than a twentieth of it, the ratio
// of the sources.
func MaxQueueDelay(longest int64) CoDel { return CoDel{Target: longest / 20, Interval: longest} }

// Drop decides about the request at hand when a slot is free: it waited so long,
// and so many are in the queue, it included. A queue served newest first should
// be asked about its oldest ones too, which nobody else comes to.
func (c *CoDel) Drop(b *Backlog, now, waited int64, waiting int) bool {
	if waiting > 1 && b.Standing(now, c.Interval) {
		return waited > c.Target
	}
	return waited > c.Interval
}
