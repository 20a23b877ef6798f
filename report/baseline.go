package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/silverback-sim/silverback/topology"
)

// BaselineVersion is the version of the baseline's format.
const BaselineVersion = 1

// MostValues is the greatest number of replications of which a baseline keeps
// the figures one by one, for comparisons in pairs; of more it keeps mean and
// standard deviation.
const MostValues = 100

// Baseline is how a system did when it was last agreed to do well, to be
// committed beside its topology and compared with later. It holds how it was
// played, so that the same can be played again.
type Baseline struct {
	Version      int                           `json:"version"`
	Topology     string                        `json:"topology"`
	Seed         uint64                        `json:"seed"`
	Replications int                           `json:"replications"`
	Duration     Number                        `json:"duration"` // s
	Warmup       Number                        `json:"warmup"`   // s
	Confidence   float64                       `json:"confidence"`
	Tolerance    Tolerances                    `json:"tolerance"`
	Variants     Named[Named[*BaselineFigure]] `json:"variants"`
}

// BaselineFigure is one figure over the replications, in the units of the results
// document. Values are those of the replications in their order, null where one
// cannot say.
type BaselineFigure struct {
	Mean   Number   `json:"mean"`
	StdDev Number   `json:"stddev"`
	N      int      `json:"n"` // replications that could say
	Low    Number   `json:"low"`
	High   Number   `json:"high"`
	Values []Number `json:"values,omitempty"`
}

// NewBaseline of what a watch has seen over so many replications.
func NewBaseline(w *Watch, sim topology.Simulation, replications int, tolerance Tolerances, confidence float64) *Baseline {
	b := &Baseline{
		Version: BaselineVersion, Topology: w.topology.Name, Seed: sim.Seed, Replications: replications,
		Duration: Number(sim.Duration.Seconds()), Warmup: Number(sim.Warmup.Seconds()),
		Confidence: confidence, Tolerance: tolerance,
	}
	for _, v := range w.variants {
		figures := Named[*BaselineFigure]{}
		for i, f := range v.figures {
			if figure := v.samples[i].baseline(f, confidence); figure.N > 0 {
				figures = append(figures, Entry[*BaselineFigure]{f.name, figure})
			}
		}
		b.Variants = append(b.Variants, Entry[Named[*BaselineFigure]]{v.name, figures})
	}
	return b
}

// The errors of reading a baseline.
var (
	errNoBaseline    = errors.New("is not a baseline")
	errOtherBaseline = errors.New("is of another version")
)

// ReadBaseline reads what WriteBaseline wrote.
func ReadBaseline(r io.Reader) (*Baseline, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var head struct {
		Version  int              `json:"version"`
		Variants *json.RawMessage `json:"variants"`
	}
	if err := json.Unmarshal(data, &head); err != nil || head.Version == 0 || head.Variants == nil {
		return nil, errNoBaseline
	}
	if head.Version != BaselineVersion {
		return nil, fmt.Errorf("%w: %d, and only %d is supported", errOtherBaseline, head.Version, BaselineVersion)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	b := new(Baseline)
	if err := decoder.Decode(b); err != nil {
		return nil, fmt.Errorf("is damaged: %w", err)
	}
	return b, b.validate()
}

// IsOtherBaseline tells whether an error of ReadBaseline means a baseline of
// another version, rather than a file that is none.
func IsOtherBaseline(err error) bool { return errors.Is(err, errOtherBaseline) }

func (b *Baseline) validate() error {
	if b.Replications < 1 {
		return fmt.Errorf("is damaged: %d replications", b.Replications)
	}
	seen := map[string]bool{}
	for _, v := range b.Variants {
		if seen[v.Name] {
			return fmt.Errorf("is damaged: %s is there twice", v.Name)
		}
		seen[v.Name] = true
		for _, f := range v.Value {
			name := f.Name + " of " + v.Name
			if seen[name] {
				return fmt.Errorf("is damaged: %s is there twice", name)
			}
			seen[name] = true
			if err := f.Value.validate(b.Replications); err != nil {
				return fmt.Errorf("is damaged: %s %w", name, err)
			}
		}
	}
	switch {
	case !b.Duration.Known() || b.Duration <= 0 || !b.Warmup.Known() || b.Warmup < 0:
		return fmt.Errorf("is damaged: runs of %g s after %g s of warm-up", b.Duration, b.Warmup)
	case b.Confidence <= 0 || b.Confidence >= 1:
		return fmt.Errorf("is damaged: a confidence of %g", b.Confidence)
	}
	return nil
}

// validate what is compared; low and high are for readers.
func (f *BaselineFigure) validate(replications int) error {
	if f == nil || f.N < 1 || !f.Mean.Known() {
		return errors.New("has no mean")
	}
	known := 0
	for _, x := range f.Values {
		if x.Known() {
			known++
		}
	}
	switch {
	case f.N > replications:
		return fmt.Errorf("is of %d replications of %d", f.N, replications)
	case f.N > 1 && (!f.StdDev.Known() || f.StdDev < 0):
		return fmt.Errorf("has a standard deviation of %g", f.StdDev)
	case len(f.Values) > 0 && len(f.Values) != replications:
		return fmt.Errorf("has %d values of %d replications", len(f.Values), replications)
	case len(f.Values) > 0 && known != f.N:
		return fmt.Errorf("has %d known values and says %d", known, f.N)
	}
	return nil
}

// Times of the runs that the baseline was taken from.
func (b *Baseline) Times() (duration, warmup time.Duration) {
	return seconds(b.Duration), seconds(b.Warmup)
}

// WriteBaseline writes b as JSON with a figure a line, so that changes of it can
// be read.
func WriteBaseline(w io.Writer, b *Baseline) error {
	out := bufio.NewWriter(w)
	tolerance, err := json.Marshal(b.Tolerance)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "{\n  \"version\": %d,\n  \"topology\": %s,\n  \"seed\": %d,\n  \"replications\": %d,\n", b.Version, quoted(b.Topology), b.Seed, b.Replications)
	fmt.Fprintf(out, "  \"duration\": %s,\n  \"warmup\": %s,\n  \"confidence\": %s,\n", sixDigits(b.Duration), sixDigits(b.Warmup), sixDigits(Number(b.Confidence)))
	fmt.Fprintf(out, "  \"tolerance\": %s,\n  \"variants\": {", spaced(tolerance))
	for i, v := range b.Variants {
		fmt.Fprintf(out, "%s\n    %s: {", comma(i), quoted(v.Name))
		for j, f := range v.Value {
			fmt.Fprintf(out, "%s\n      %s: %s", comma(j), quoted(f.Name), f.Value.line())
		}
		fmt.Fprint(out, "\n    }")
	}
	fmt.Fprint(out, "\n  }\n}\n")
	return out.Flush()
}

func (f *BaselineFigure) line() string {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"mean": %s, "stddev": %s, "n": %d, "low": %s, "high": %s`, sixDigits(f.Mean), sixDigits(f.StdDev), f.N, sixDigits(f.Low), sixDigits(f.High))
	for i, x := range f.Values {
		if i == 0 {
			b.WriteString(`, "values": [`)
		}
		b.WriteString(comma(i) + sixDigits(x))
	}
	if len(f.Values) > 0 {
		b.WriteByte(']')
	}
	return b.String() + "}"
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

func quoted(text string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		panic("report: a string cannot be written: " + err.Error())
	}
	return string(bytes.TrimSpace(b.Bytes()))
}

// spaced sets a blank after the commas and colons of a flat object.
func spaced(object []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(object, []byte(`,"`), []byte(`, "`)), []byte(`":`), []byte(`": `))
}

// sixDigits is more than any figure of a simulation deserves.
func sixDigits(n Number) string {
	if !n.Known() {
		return "null"
	}
	return string(appendNumber(nil, rounded(float64(n))))
}

// rounded to what a baseline keeps.
func rounded(x float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	if err != nil {
		panic(fmt.Sprintf("report: %v does not survive its own formatting: %v", x, err))
	}
	return short
}
