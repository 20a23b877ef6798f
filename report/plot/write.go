package plot

import (
	"bytes"
	"image/png"
	"io"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// WriteSVG writes text as text. The embedded fonts are Liberation's; where those
// are missing, a viewer takes others of the same measures.
func (p *Page) WriteSVG(w io.Writer) error {
	c := vgsvg.New(pageWidth, pageHeight)
	p.draw(draw.New(c))
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return err
	}
	fonts := []byte("font-family:Liberation Sans,Arimo,Arial,Helvetica,sans-serif;")
	_, err := w.Write(bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans;"), fonts))
	return err
}

// WritePNG writes the page in pixels.
func (p *Page) WritePNG(w io.Writer) error {
	c := vgimg.NewWith(vgimg.UseWH(pageWidth, pageHeight), vgimg.UseDPI(pixels))
	p.draw(draw.New(c))
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	return encoder.Encode(w, c.Image())
}
