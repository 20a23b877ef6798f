package topology

import (
	"errors"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "250us": 250 * time.Microsecond, "5ms": 5 * time.Millisecond, "1.5s": 1500 * time.Millisecond,
		"2m": 2 * time.Minute, "1h30m": 90 * time.Minute, "7d": 7 * day, "1d2h3m4s5ms6us": day + 2*time.Hour + 3*time.Minute + 4*time.Second + 5*time.Millisecond + 6*time.Microsecond,
		"0.25ms": 250 * time.Microsecond, "0.0000005ms": 1, "0.1s": 100 * time.Millisecond, "3650d": maxDuration,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", text, got, err, want)
		}
	}
	for text, rule := range map[string]string{
		"": "bad-value", "5": "missing-unit", "1.5": "missing-unit", "-5ms": "out-of-range", "5 ms": "bad-value", "5MS": "bad-value",
		"ms": "bad-value", "5min": "bad-value", "1m1h": "bad-value", "1s1s": "bad-value", "1e3s": "bad-value", ".5s": "bad-value",
		"5.s": "bad-value", "+5s": "bad-value", "NaN": "bad-value", "inf": "bad-value", "3651d": "out-of-range", "1_000s": "bad-value",
		"00000000000000000000000000000001s": "bad-value", "5ms ": "bad-value", "٣s": "bad-value", "--5s": "bad-value",
	} {
		checkRule(t, text, rule, func(s string) error { _, err := ParseDuration(s); return err })
	}
}

func checkRule(t *testing.T, text, rule string, parse func(string) error) {
	t.Helper()
	var q *QuantityError
	if err := parse(text); !errors.As(err, &q) || q.Rule != rule {
		t.Errorf("%q: got %v, want %s", text, err, rule)
	}
}

func TestParseRate(t *testing.T) {
	for text, want := range map[string]float64{
		"40/s": 40, "90/min": 1.5, "2k/s": 2000, "1.5M/s": 1.5e6, "3/h": 3.0 / 3600, "1/d": 1.0 / 86400, "0/s": 0, "1G/s": 1e9,
	} {
		if got, err := ParseRate(text); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", text, got, err, want)
		}
	}
	for text, rule := range map[string]string{
		"40": "missing-unit", "2k": "missing-unit", "40/m": "bad-value", "-1/s": "out-of-range", "2G/s": "out-of-range",
		"/s": "bad-value", "40 /s": "bad-value", "40rps": "bad-value", "NaN/s": "bad-value", "1e400/s": "bad-value", "": "bad-value",
	} {
		checkRule(t, text, rule, func(s string) error { _, err := ParseRate(s); return err })
	}
}

func TestParseShare(t *testing.T) {
	for text, want := range map[string]float64{"30%": 0.3, "0.3": 0.3, "99.9%": 0.999, "0": 0, "1": 1, "100%": 1, "0%": 0, "7%": 0.07} {
		if got, err := ParseShare(text); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", text, got, err, want)
		}
	}
	for text, rule := range map[string]string{
		"101%": "out-of-range", "30": "out-of-range", "-1%": "out-of-range", "x": "bad-value", "": "bad-value", "NaN": "bad-value", "5 %": "bad-value", "%": "bad-value",
	} {
		checkRule(t, text, rule, func(s string) error { _, err := ParseShare(s); return err })
	}
}

func TestParseCountAndNumber(t *testing.T) {
	for text, want := range map[string]int64{"12": 12, "10k": 10_000, "2M": 2_000_000, "0": 0, "3G": 3_000_000_000} {
		if got, err := ParseCount(text); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", text, got, err, want)
		}
	}
	for text, rule := range map[string]string{
		"1.5": "bad-value", "1e3": "bad-value", "-1": "out-of-range", "99999999999999999999": "out-of-range", "2000G": "out-of-range", "k": "bad-value", "0x10": "bad-value", "1_000": "bad-value",
	} {
		checkRule(t, text, rule, func(s string) error { _, err := ParseCount(s); return err })
	}
	for text, rule := range map[string]string{
		"NaN": "bad-value", ".nan": "bad-value", "inf": "bad-value", "1e400": "out-of-range", "0x1p4": "bad-value", "": "bad-value", "1_0": "bad-value", "e": "bad-value",
	} {
		checkRule(t, text, rule, func(s string) error { _, err := ParseNumber(s); return err })
	}
}

func TestFormatQuantities(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 250 * time.Microsecond: "250us", 1500 * time.Microsecond: "1.5ms", 1500 * time.Millisecond: "1.5s",
		90 * time.Second: "1m30s", 90 * time.Minute: "1h30m", 7 * day: "7d", -5 * time.Millisecond: "-5ms", 1: "0.001us",
		time.Minute + 1500*time.Microsecond: "1m0.0015s", math.MaxInt64: "106751d23h47m16.854775807s",
	} {
		if got := FormatDuration(d); got != want {
			t.Errorf("%d: got %s, want %s", d, got, want)
		}
	}
	for v, want := range map[float64]string{0: "0/s", 900: "900/s", 1500: "1500/s", 20_000: "20k/s", 1.5e6: "1.5M/s", 0.5: "30/min", 1e9: "1G/s"} {
		if got := FormatRate(v); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
	for v, want := range map[float64]string{0: "0%", 1: "100%", 0.999: "99.9%", 0.07: "7%", 0.29: "29%", -0.125: "-12.5%", 1e-9: "0.0000001%"} {
		if got := FormatShare(v); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
}

func TestQuantitiesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(maxDuration)).Draw(t, "duration"))
		if got, err := ParseDuration(FormatDuration(d)); err != nil || got != d {
			t.Fatalf("%s: %v, %v", FormatDuration(d), got, err)
		}
		share := rapid.Float64Range(0, 1).Filter(func(v float64) bool { return v == 0 || v > 1e-20 }).Draw(t, "share")
		if len(FormatShare(share)) <= maxDigits {
			if got, err := ParseShare(FormatShare(share)); err != nil || math.Abs(got-share) > 1e-15 {
				t.Fatalf("%s: %v, %v", FormatShare(share), got, err)
			}
		}
	})
}
