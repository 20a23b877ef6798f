package topology

import (
	"fmt"
	"slices"
)

// Kind tells the components of a topology apart.
type Kind uint8

// The kinds of components, in the order of their indices.
const (
	ServiceKind Kind = iota
	CacheKind
	StoreKind
	ExternalKind
	CDNKind
)

// String is the word of the language for one component of the kind.
func (k Kind) String() string {
	switch k {
	case ServiceKind:
		return "service"
	case CacheKind:
		return "cache"
	case StoreKind:
		return "store"
	case ExternalKind:
		return "external"
	case CDNKind:
		return "cdn"
	}
	panic(fmt.Sprintf("topology: there is no kind %d", k))
}

// a is the word with its article.
func (k Kind) a() string {
	if k == ExternalKind {
		return "an " + k.String()
	}
	return "a " + k.String()
}

// All components share one line of indices, which calls and faults refer to:
// Services, then Caches, Stores, Externals and CDNs. The index of a service is
// that into Services; those before Fleets have instances in zones.

// Components is their number.
func (t *Topology) Components() int { return t.First(CDNKind) + len(t.CDNs) }

// Fleets is the number of those that have instances in zones: services, caches
// and stores.
func (t *Topology) Fleets() int { return t.First(ExternalKind) }

// First is the index of the first component of a kind, if there is one.
func (t *Topology) First(k Kind) int {
	first := 0
	for kind := range k {
		first += t.Count(kind)
	}
	return first
}

// Count is the number of components of a kind.
func (t *Topology) Count(k Kind) int {
	switch k {
	case ServiceKind:
		return len(t.Services)
	case CacheKind:
		return len(t.Caches)
	case StoreKind:
		return len(t.Stores)
	case ExternalKind:
		return len(t.Externals)
	case CDNKind:
		return len(t.CDNs)
	}
	panic(fmt.Sprintf("topology: there is no kind %d", k))
}

// Component returns the kind of a component and its index among those.
func (t *Topology) Component(i int) (Kind, int) {
	k, of := ServiceKind, i
	for ; k < CDNKind && of >= t.Count(k); k++ {
		of -= t.Count(k)
	}
	return k, of
}

// ComponentName is the name of a component.
func (t *Topology) ComponentName(i int) string {
	name, _ := t.named(i)
	return name
}

func (t *Topology) named(i int) (string, Pos) {
	switch k, of := t.Component(i); k {
	case CacheKind:
		return t.Caches[of].Name, t.Caches[of].Pos
	case StoreKind:
		return t.Stores[of].Name, t.Stores[of].Pos
	case ExternalKind:
		return t.Externals[of].Name, t.Externals[of].Pos
	case CDNKind:
		return t.CDNs[of].Name, t.CDNs[of].Pos
	default:
		return t.Services[of].Name, t.Services[of].Pos
	}
}

// InstancesOf are the instances of a fleet per zone, indexed like ZoneNames; nil
// if the component has none.
func (t *Topology) InstancesOf(i int) []int {
	switch k, of := t.Component(i); k {
	case ServiceKind:
		return t.Services[of].Instances
	case CacheKind:
		return t.Caches[of].Instances
	case StoreKind:
		return t.Stores[of].Nodes
	default:
		return nil
	}
}

// CallsOf are the calls that a request sets off itself: what the operation of a
// service calls, what a cache fetches, and a CDN's origin. Look-aside caches come
// on top (Call.Cache).
func (t *Topology) CallsOf(at Target) []*Call {
	switch k, of := t.Component(at.Service); k {
	case ServiceKind:
		return slices.Concat(t.Services[of].Operations[at.Operation].Steps...)
	case CacheKind:
		if fetch := t.Caches[of].InFrontOf; fetch != nil {
			return []*Call{fetch}
		}
	case CDNKind:
		return []*Call{t.CDNs[of].Origin}
	default:
	}
	return nil
}

// TargetName is the name of a component with, if it has one, its operation.
func (t *Topology) TargetName(at Target) string {
	name := t.ComponentName(at.Service)
	if operation := t.operationsOf(at.Service)[at.Operation]; operation != "" {
		return name + "." + operation
	}
	return name
}

// storeOperations are the names of a store's operations by their indices.
func storeOperations() []string { return []string{"", "read", "write"} }
