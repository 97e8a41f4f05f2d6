package report

import (
	"fmt"
	"math"
	"strings"
)

// Plot is a curve over shares: the axes run from 0 to 100 %, the vertical one to Top where Top is not 0.
type Plot struct {
	Title, Desc string // Desc says what is to be seen, for those who do not see it
	X, Y        string // what the axes are
	Top         float64
	Diagonal    bool // where both are the same
	Curve       []Point
	Dots        bool // the points of the curve are shown
	Mark        *Mark
	Bars        []Bar   // a histogram below, on the same horizontal axis
	BarsOf      string  // what it counts
	Table       Figures // the same in numbers
}

// Point is a point of a curve.
type Point struct{ X, Y float64 }

// Mark is a point with a name.
type Mark struct {
	Point
	Name string
}

// Bar is so many cases in a part of the horizontal axis.
type Bar struct {
	From, To float64
	Count    int
}

// The drawing and its margins, in units of SVG: near a pixel on a phone, more on a large screen.
const (
	plotWidth, plotHeight              = 400.0, 280.0
	plotLeft, plotRight                = 48.0, 14.0
	plotTop, plotBottom                = 26.0, 42.0
	barsHeight                         = 44.0
	plotInnerWidth                     = plotWidth - plotLeft - plotRight
	dotRadius, markRadius, labelOffset = 3.5, 6.0, 11.0
)

// drawing is a plot in units of SVG.
type drawing struct {
	Plot
	Width, Height            float64
	Left, Right, Upper, Base float64 // of the plane
	TicksX, TicksY           []tick
	Line                     string
	At                       []Point // of the dots
	Radius                   float64
	Marked                   *label
	Floor                    float64 // of the bars
	Boxes                    []box
}

type tick struct {
	At   float64
	Text string
}

type label struct {
	Point
	Radius       float64
	TextX, TextY float64
	Anchor, Text string
}

type box struct {
	X, Y, W, H float64
	Middle     float64
	Text       string
}

// Draw lays a plot out.
func (p Plot) Draw() drawing {
	top := p.Top
	if top == 0 {
		top = 1
	}
	d := drawing{Plot: p, Width: plotWidth, Height: plotHeight, Left: plotLeft, Right: plotWidth - plotRight, Upper: plotTop, Base: plotHeight - plotBottom, Radius: dotRadius}
	x := func(share float64) float64 { return tenth(d.Left + share*plotInnerWidth) }
	y := func(share float64) float64 { return tenth(d.Base - share/top*(d.Base-d.Upper)) }
	for _, at := range ticks(1) {
		d.TicksX = append(d.TicksX, tick{x(at), fmt.Sprintf("%.0f", 100*at)})
	}
	for _, at := range ticks(top) {
		d.TicksY = append(d.TicksY, tick{y(at), fmt.Sprintf("%.0f %%", 100*at)})
	}
	var line strings.Builder
	last := Point{-1, -1}
	for _, at := range p.Curve {
		at = Point{x(at.X), y(at.Y)}
		if at != last {
			fmt.Fprintf(&line, "%g,%g ", at.X, at.Y)
			d.At = append(d.At, at)
		}
		last = at
	}
	d.Line = strings.TrimSpace(line.String())
	if m := p.Mark; m != nil {
		l := label{Point: Point{x(m.X), y(m.Y)}, Radius: markRadius, Anchor: "start", Text: m.Name}
		l.TextX, l.TextY = l.X+labelOffset, l.Y+4
		if m.X > 0.5 {
			l.TextX, l.Anchor = l.X-labelOffset, "end"
		}
		d.Marked = &l
	}
	if len(p.Bars) > 0 {
		d.Height += barsHeight + 18
		d.Floor = d.Height - 4
		most := 0
		for _, b := range p.Bars {
			most = max(most, b.Count)
		}
		for _, b := range p.Bars {
			h := tenth(barsHeight * float64(b.Count) / float64(max(most, 1)))
			d.Boxes = append(d.Boxes, box{X: x(b.From) + 1, Y: d.Floor - h, W: tenth(x(b.To) - x(b.From) - 2), H: h, Middle: x((b.From + b.To) / 2), Text: Count(int64(b.Count))})
		}
	}
	return d
}

// ticks are round shares from 0 to top, six at most after the first.
func ticks(top float64) (at []float64) {
	step := 0.05
	for _, step = range []float64{0.01, 0.02, 0.05, 0.1, 0.2} {
		if top/step <= 6 {
			break
		}
	}
	for i := 0.0; i*step <= top+1e-9; i++ {
		at = append(at, i*step)
	}
	return at
}

func tenth(x float64) float64 { return math.Round(10*x) / 10 }
