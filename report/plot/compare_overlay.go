package plot

import (
	"math"

	"gonum.org/v1/plot"

	"github.com/silverback-sim/silverback/report"
)

// overlay shows two designs over the time of a run, one above the other.
type overlay struct {
	subject
	contrast *report.Contrast
	variant  *report.VariantContrast
}

// overlayBins are the bins of both designs, which play the same time.
func overlayBins(v *report.VariantContrast) bins {
	b := newBins(v.First[0])
	if b.per == 1 && len(b.start) > overlaySteps {
		// Two lines with their bands are hard to tell apart in fine steps.
		b.per = (len(b.start) + overlaySteps - 1) / overlaySteps
		var start []float64
		for i := 0; i < len(b.start); i += b.per {
			start = append(start, b.start[i])
		}
		b.start = start
	}
	return b
}

const overlaySteps = 180

// letters of the designs.
func letter(i int) string { return string(rune('A' + i)) }

// judged tells of what part of the run figures are.
func (o *overlay) judged() string {
	if _, fault := o.result.Hardest(); fault != "" {
		return "fault"
	}
	return "whole run"
}

func (o *overlay) availability() *plot.Plot {
	p := o.newTimePanel(heading{"Availability", "requests answered, by the time they were made; figures: " + o.judged()})
	p.Y.Tick.Marker = roundTicks{most: 5, top: 1, format: report.FormatShare}
	var labels endLabels
	bottom := math.NaN()
	judged := o.variant.Judged()
	for i, figure := range []report.Number{judged.A, judged.B} {
		line := o.variant.Over[i]
		low, high := o.bins.mean(line.Low), o.bins.mean(line.High)
		mean := o.bins.mean(line.Availability)
		bottom = lowest([]float64{bottom, lowest(mean)})
		p.Add(band{o.bins, orMean(low, mean), orMean(high, mean), light(hue(i))})
		labels.add(ending(mean), letter(i), report.FormatAvailability(float64(figure)), hue(i))
	}
	if math.IsNaN(bottom) {
		return empty(p, "no requests: no availability")
	}
	for i := range o.variant.Over {
		p.Add(steps{o.bins, o.bins.mean(o.variant.Over[i].Availability), stroke(i, 1.4)})
	}
	p.Y.Min = availabilityFloor(bottom)
	p.Y.Max = 1 + (1-p.Y.Min)*0.04
	p.Add(labels)
	return p
}

// orMean puts the mean in the place of what is unknown, so that a band has no
// hole where its line has none.
func orMean(bound, mean []float64) []float64 {
	for i := range bound {
		if math.IsNaN(bound[i]) {
			bound[i] = mean[i]
		}
		if math.IsNaN(bound[i]) {
			bound[i] = 1
		}
	}
	return bound
}

func (o *overlay) latency() *plot.Plot {
	p := o.newTimePanel(heading{"p99 latency", "of the slowest client, mean of replications; figures: " + o.judged()})
	var labels endLabels
	low, high := math.NaN(), math.NaN()
	d := o.variant.Find("latency_p99")
	for i, figure := range []report.Number{d.A, d.B} {
		y := o.bins.mean(o.variant.Over[i].P99)
		low, high = lowest([]float64{low, lowest(y)}), highest([]float64{high, highest(y)})
		p.Add(steps{o.bins, y, stroke(i, 1.4)})
		labels.add(ending(y), letter(i), report.FormatLatency(float64(figure)), hue(i))
	}
	if math.IsNaN(high) {
		return empty(p, "nothing was answered: no latency")
	}
	scaleLatency(&p.Y, low, high, 5)
	p.Add(labels)
	return p
}
