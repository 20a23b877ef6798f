package cache

import "math/bits"

// sketch estimates how often keys came lately: a count-min sketch (Cormode &
// Muthukrishnan, J. Algorithms 55, 2005) of four rows of 4-bit counters, two a row for
// each entry of the cache. After ten additions per entry all counters are halved, which
// forgets the past (the reset of TinyLFU). The zero value counts nothing.
type sketch struct {
	words     []uint64 // row by row, 16 counters a word
	mask      uint32   // of a counter's number in its row
	additions int
	sample    int
}

const rows = 4

func newSketch(capacity int) sketch {
	counters := max(16, 1<<bits.Len(uint(2*capacity-1)))
	return sketch{
		words: make([]uint64, rows*counters/16),
		mask:  uint32(counters - 1), sample: 10 * capacity,
	}
}

// place of the counter of a key in a row, of the key's word (Kirsch & Mitzenmacher,
// "Less hashing, same performance", 2006).
func (s *sketch) place(word uint64, row int) (at int, shift uint) {
	i := (uint32(word) + uint32(row)*uint32(word>>32|1)) & s.mask
	return row*(int(s.mask)+1)/16 + int(i/16), uint(i % 16 * 4)
}

func (s *sketch) add(key uint32) {
	if s.words == nil {
		return
	}
	word := Scatter(key, golden)
	added := uint64(0)
	for row := range rows {
		at, shift := s.place(word, row)
		if s.words[at]>>shift&15 < 15 {
			s.words[at] += 1 << shift
			added = 1
		}
	}
	s.additions += int(added)
	if s.additions >= s.sample {
		for i := range s.words {
			s.words[i] = s.words[i] >> 1 & 0x7777777777777777
		}
		s.additions /= 2
	}
}

// count is how often a key came lately, up to 15; collisions may make it too large.
func (s *sketch) count(key uint32) uint64 {
	word := Scatter(key, golden)
	least := uint64(15)
	for row := range rows {
		at, shift := s.place(word, row)
		least = min(least, s.words[at]>>shift&15)
	}
	return least
}

func (s *sketch) clear() {
	clear(s.words)
	s.additions = 0
}
