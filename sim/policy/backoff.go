package policy

// Jitter spreads the retries of many callers in time (Brooker, "Exponential
// Backoff And Jitter", AWS Architecture Blog 2015).
type Jitter uint8

// The jitters: with b the exponential backoff, full waits U(0, b), equal
// b/2 + U(0, b/2), decorrelated min(cap, U(initial, 3·previous)), none b.
const (
	FullJitter Jitter = iota
	EqualJitter
	DecorrelatedJitter
	NoJitter
)

// Backoff is how long a caller waits before a retry. All times in ns.
type Backoff struct {
	Initial int64
	Factor  float64
	Cap     int64 // longest wait; 0 = no bound
	Jitter  Jitter
}

// Wait before retry n (1 = the first), given the wait before the previous retry
// (decorrelated jitter only) and a share u in [0,1).
func (b *Backoff) Wait(n int, previous int64, u float64) int64 {
	if b.Initial == 0 {
		return 0
	}
	if b.Jitter == DecorrelatedJitter {
		if previous < b.Initial {
			previous = b.Initial
		}
		return b.bound(float64(b.Initial) + float64(u*(3*float64(previous)-float64(b.Initial))))
	}
	w := float64(b.Initial)
	for i := 1; i < n && w < longestWait; i++ {
		w = float64(w * b.Factor)
	}
	full := b.bound(w)
	switch b.Jitter {
	case FullJitter:
		return int64(float64(u * float64(full)))
	case EqualJitter:
		return full/2 + int64(float64(u*float64(full-full/2)))
	case DecorrelatedJitter, NoJitter:
	}
	return full
}

const longestWait = 1e17 // three years

func (b *Backoff) bound(w float64) int64 {
	if b.Cap > 0 && w > float64(b.Cap) {
		return b.Cap
	}
	return int64(min(w, longestWait))
}
