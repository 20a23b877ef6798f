package scenarios

import (
	"time"

	"github.com/silverback-sim/silverback/topology"
)

// Target is what faults act upon: a simulated system or a real one. Instances
// are handles of the target's own; services and zones are indices of the
// topology.
type Target interface {
	// Candidates are the living instances of a service in a zone, in a stable
	// order.
	Candidates(service, zone int) []int
	// Kill terminates an instance for good. fault is the kind that did it.
	Kill(instance int, mode topology.DeathMode, fault string)
	// Flush empties what an instance of a cache holds.
	Flush(instance int, fault string)
	// Begin puts an effect in force until End with the same id. Effects may
	// overlap on one instance; ids are not used twice.
	Begin(id int, e *Effect)
	End(id int)
}

// Effect is what a fault does to a part of the system for a time.
type Effect struct {
	Kind   EffectKind
	Fault  string // the kind of the fault behind it, as the language calls it
	Object string // whom it strikes, for people
	What   string // what it does, for people
	Where  Where  // of those on instances

	// Of ZoneLoss and, but for the last two, of Outage.
	Mode            topology.DeathMode // how the addresses behave; of Partition: how messages fail
	Restart         bool               // what was lost restarts at the end
	Surrender       time.Duration      // so long the health checks cannot see it
	RefuseElsewhere float64            // share of the launches that the other zones refuse
	Follow          time.Duration      // within so long the clients of the zones go elsewhere, spread over it, and come back likewise

	Factor  float64               // Slowdown: of the own work; Surge: of the load
	Delay   topology.Distribution // Delay: of every reply
	Rate    float64               // Errors, BadData: share of the requests; Loss: of the messages
	Salvage float64               // BadData: share that a tolerant reader recovers
	Traffic []int                 // Surge; nil = all

	// Of Partition and Loss: of the messages between the two sides.
	From, To Side
	OneWay   bool // only from From to To
}

// EffectKind is what an effect does.
type EffectKind uint8

// The effects. Where they overlap, slowdowns and surges multiply, delays add,
// errors, bad data and losses meet a request independently, and of several losses
// of a zone, or several partitions, the latest says how addresses and messages
// behave.
const (
	ZoneLoss  EffectKind = iota // the instances of the zones vanish; launches there are refused
	Outage                      // the instances are down, and restart at the end
	Slowdown                    // the own work takes longer
	Delay                       // replies are late
	Errors                      // requests fail after their work
	BadData                     // replies are malformed
	Pause                       // instances freeze, then go on with what they hold
	Partition                   // no messages pass
	Loss                        // messages get lost
	Surge                       // more load, or less
	Shift                       // an operator keeps requests out of the zones
)

// Where an effect on instances is in force.
type Where struct {
	Services []int // nil = all
	Zones    []int // nil = all
	// Instances, if not nil, are the only ones: a share or a number of them was
	// drawn when the effect began. Otherwise it also meets what is launched later.
	Instances []int
	// Operations, if not nil, are the only ones whose requests feel it.
	Operations []topology.Target
}

// Side is one end of messages: what is in the zones and of the services. Clients
// are of no service, and where they come in.
type Side struct {
	Zones    []int // nil = all
	Services []int // nil = all, and clients
	Rest     bool  // everything that is not on the other side
}
