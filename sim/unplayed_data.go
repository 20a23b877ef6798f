package sim

import "github.com/silverback-sim/silverback/topology"

// data refuses what is not played of caches, stores, externals and CDNs. While a
// kind is refused as a whole, nothing is said of its keys: whoever plays a kind
// takes its `when(true, …)` away and refuses the keys that are still missing.
func (u *refusals) data(t *topology.Topology) {
	for _, c := range t.Caches {
		u.cache("caches."+c.Name, c)
	}
	for _, s := range t.Stores {
		u.store("stores."+s.Name, s)
	}
	for _, e := range t.Externals {
		u.external("externals."+e.Name, e)
	}
	for _, c := range t.CDNs {
		u.cdn("cdns."+c.Name, c)
	}
}

func (u *refusals) cache(path string, c *topology.Cache) {
	u.when(c.Data.Writes > 0, path, "data.writes")
}

func (u *refusals) store(path string, _ *topology.Store) { u.when(true, path, "a store") }

func (u *refusals) external(path string, _ *topology.External) { u.when(true, path, "an external") }

func (u *refusals) cdn(path string, _ *topology.CDN) { u.when(true, path, "a cdn") }

func (u *refusals) dataFault(path string, f *topology.Fault) {
	u.killNode(path, f)
	u.cacheResize(path, f)
}

func (u *refusals) killNode(path string, f *topology.Fault) {
	u.when(f.Kill != nil && (f.Kill.Primary || f.Kill.Node > 0), path, "kill.node")
}

func (u *refusals) cacheResize(path string, f *topology.Fault) {
	u.when(f.Resize != nil, path, "cache_resize")
}
