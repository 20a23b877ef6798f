package plot

import (
	"image/color"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A page has the proportions of a slide: 960 × 540 pt, as PNG 1600 × 900 px.
const (
	pageWidth  = 960 * vg.Length(1)
	pageHeight = 540 * vg.Length(1)
	pixels     = 120 // per inch
	margin     = 26 * vg.Length(1)
)

// Sizes of text in points.
const (
	titleSize   = 20
	captionSize = 12
	headingSize = 13
	labelSize   = 10.5
	smallSize   = 9.5
)

// ink is the colour of text and of what counts most.
func ink() color.Color { return color.RGBA{0x22, 0x22, 0x22, 0xff} }

// pale is the colour of text that may be overlooked.
func pale() color.Color { return color.RGBA{0x66, 0x66, 0x66, 0xff} }

// faint is the colour of the grid and of lines that only surround others.
func faint() color.Color { return color.RGBA{0xdd, 0xdd, 0xdd, 0xff} }

// hue is the i-th colour of the palette of Okabe and Ito (Color Universal
// Design, 2008), which people with any colour vision can tell apart; its black
// and its yellow, too light for lines, are left out.
func hue(i int) color.RGBA {
	switch i % hues {
	case 0:
		return color.RGBA{0x00, 0x72, 0xb2, 0xff} // blue
	case 1:
		return color.RGBA{0xe6, 0x9f, 0x00, 0xff} // orange
	case 2:
		return color.RGBA{0x00, 0x9e, 0x73, 0xff} // bluish green
	case 3:
		return color.RGBA{0xcc, 0x79, 0xa7, 0xff} // reddish purple
	case 4:
		return color.RGBA{0x56, 0xb4, 0xe9, 0xff} // sky blue
	default:
		return alarm()
	}
}

const hues = 6

// alarm is the palette's vermillion: objectives, and what falls short of them.
func alarm() color.RGBA { return color.RGBA{0xd5, 0x5e, 0x00, 0xff} }

// mix lets share of c show on the background b.
func mix(c, b color.RGBA, share float64) color.RGBA {
	blend := func(x, y uint8) uint8 { return uint8(float64(x)*share + float64(y)*(1-share) + 0.5) }
	return color.RGBA{blend(c.R, b.R), blend(c.G, b.G), blend(c.B, b.B), 0xff}
}

// light is c as an area, on which lines in ink stand out.
func light(c color.RGBA) color.RGBA { return mix(c, color.RGBA{0xff, 0xff, 0xff, 0xff}, 0.45) }

// dark is c as text, with enough contrast on white.
func dark(c color.RGBA) color.RGBA { return mix(c, color.RGBA{0, 0, 0, 0xff}, 0.72) }

// stroke is the line of the i-th of several.
func stroke(i int, width vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: hue(i), Width: width}
}

// faintLine is the colour of lines without a name.
func faintLine() color.RGBA { return color.RGBA{0xbb, 0xbb, 0xbb, 0xff} }

func plain(size float64, c color.Color) text.Style {
	return text.Style{
		Color:   c,
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)},
		XAlign:  text.XLeft,
		YAlign:  text.YBottom,
		Handler: plot.DefaultTextHandler,
	}
}

func bold(size float64, c color.Color) text.Style {
	style := plain(size, c)
	style.Font.Weight = xfont.WeightBold
	return style
}

// centre writes words with the middle of their letters at the height of at.
func centre(c draw.Canvas, style text.Style, at vg.Point, words string) {
	style.YAlign = text.YBottom
	at.Y -= style.Font.Size * 0.36
	c.FillText(style, at, words)
}

// fit cuts words with an ellipsis until they are at most width wide.
func fit(style text.Style, words string, width vg.Length) string {
	if style.Width(words) <= width {
		return words
	}
	runes := []rune(words)
	for n := len(runes) - 1; n > 0; n-- {
		if short := string(runes[:n]) + "…"; style.Width(short) <= width {
			return short
		}
	}
	return "…"
}
