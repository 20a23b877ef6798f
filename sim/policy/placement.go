package policy

import "slices"

// A placement says which instance has a key. Modulo, Jump, Rendezvous and Ring (which
// is consistent hashing) have the same methods:
//
//	Follow(members, identity)          who there is; identity is a random word of each
//	Place(key) instance                who has the key
//	Replicas(key, zones, to) instances who have its copies: as many as to is long, each
//	                                   in another zone as far as there are zones
//
// The first replica is Place's. zones tells the zone of an instance by its number; nil
// is one zone. With fewer members than copies, all have one. Before Place and Replicas
// there must be a member. What moves when the n-th member comes:
//
//	Modulo      (n−1)/n of all keys: nearly all
//	others      1/n, the least possible
//
// A lookup takes constant time with Modulo, log n steps with Jump and Ring, n with
// Rendezvous.

// Modulo gives the key to member number (hash mod n): the plainest of all, and the one
// that no cache can grow with. The zero value is empty.
type Modulo struct{ members }

// Place is the instance that has the key.
func (m *Modulo) Place(key uint64) int32 { return m.sorted[m.first(key)] }

func (m *Modulo) first(key uint64) int { return int(scatter(key) % uint64(len(m.sorted))) }

// Replicas are the members from Place's on, in the order of their numbers.
func (m *Modulo) Replicas(key uint64, zones, to []int32) []int32 {
	return m.from(m.first(key), zones, to)
}

// Jump is the jump consistent hash (Lamping & Veach, "A Fast, Minimal Memory,
// Consistent Hash Algorithm", 2014): even shares and no table, but members are
// numbered, so that only the last one comes or goes without moving more than its share.
// The zero value is empty.
type Jump struct{ members }

// Place is the instance that has the key.
func (j *Jump) Place(key uint64) int32 { return j.sorted[jump(scatter(key), len(j.sorted))] }

// Replicas are the members from Place's on, in the order of their numbers.
func (j *Jump) Replicas(key uint64, zones, to []int32) []int32 {
	return j.from(jump(scatter(key), len(j.sorted)), zones, to)
}

// jump goes through the buckets to which the key would have moved while their number
// grew to n. Each is found from the one before in one step: the chance to stay from b+1
// up to i buckets is (b+1)/i.
func jump(key uint64, n int) int {
	bucket, next := 0, int64(0)
	for next < int64(n) {
		bucket = int(next)
		key = key*2862933555777941757 + 1
		next = int64(float64(bucket+1) * (float64(1<<31) / float64(key>>33+1)))
	}
	return bucket
}

// Rendezvous gives the key to the member with the highest random weight (Thaler &
// Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM ToN 6(1),
// 1998). The zero value is empty.
type Rendezvous struct {
	members
	words []uint64 // of each member
}

// Follow makes the given instances the members. An instance's identity is a random word
// of its own.
func (r *Rendezvous) Follow(members []int32, identity func(instance int32) uint64) {
	r.members.Follow(members, identity)
	r.words = r.words[:0]
	for _, i := range r.sorted {
		r.words = append(r.words, scatter(identity(i)))
	}
}

// Place is the instance that has the key.
func (r *Rendezvous) Place(key uint64) int32 {
	hash := scatter(key)
	best, weight := 0, uint64(0)
	for i, word := range r.words {
		if w := weigh(word, hash); w > weight {
			best, weight = i, w
		}
	}
	return r.sorted[best]
}

func weigh(word, hash uint64) uint64 { return scatter(word ^ hash) }

// Replicas are the members of the highest weights.
func (r *Rendezvous) Replicas(key uint64, zones, to []int32) []int32 {
	hash := scatter(key)
	n := 0
	for ; n < min(len(to), len(r.sorted)); n++ {
		best, weight, apart := -1, uint64(0), false
		for i, word := range r.words {
			who := r.sorted[i]
			if slices.Contains(to[:n], who) {
				continue
			}
			a := !sameZone(zones, to[:n], who)
			if w := weigh(word, hash); best < 0 || a && !apart || a == apart && w > weight {
				best, weight, apart = i, w, a
			}
		}
		to[n] = r.sorted[best]
	}
	return to[:n]
}

// members of a placement, in the order of their numbers.
type members struct {
	sorted []int32
	spare  []int32 // memory of choice
}

// Follow makes the given instances the members.
func (m *members) Follow(members []int32, _ func(instance int32) uint64) {
	m.sorted = append(m.sorted[:0], members...)
	slices.Sort(m.sorted)
}

// from chooses replicas from a member on.
func (m *members) from(first int, zones, to []int32) []int32 {
	c := choice{zones: zones, to: to[:0], want: len(to), spare: m.spare[:0]}
	for k := 0; k < len(m.sorted) && !c.done(); k++ {
		c.offer(m.sorted[(first+k)%len(m.sorted)])
	}
	m.spare = c.spare
	return c.close()
}

// choice takes instances in the order of preference, at first of zones that it does not
// have yet.
type choice struct {
	zones, to, spare []int32
	want             int
}

func (c *choice) done() bool { return len(c.to) == c.want }

func (c *choice) offer(instance int32) {
	if !sameZone(c.zones, c.to, instance) {
		c.to = append(c.to, instance)
	} else if len(c.spare) < c.want {
		c.spare = append(c.spare, instance)
	}
}

// close fills up with those passed over.
func (c *choice) close() []int32 {
	return append(c.to, c.spare[:min(len(c.spare), c.want-len(c.to))]...)
}

func sameZone(zones, chosen []int32, instance int32) bool {
	for _, other := range chosen {
		if zones == nil || zones[other] == zones[instance] {
			return true
		}
	}
	return false
}
