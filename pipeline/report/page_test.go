package report

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// hostile is what a stranger's page may hold: markup for each place in which text stands, a character that a terminal acts on, and
// one that turns text round.
const hostile = "</title></style></script><script>owned()</script><img src=x onerror=owned()>\" onload=\"owned()\x1b[31m\u202e&amp;{{.}}]]>"

// everywhere is a page with the text in each place that takes one.
func everywhere(text string) *Page {
	table := Figures{Caption: text, Head: []string{text, text, text}, Groups: []Group{{Name: text, Rows: []Row{
		{Cells: []Cell{{Text: text, Under: text}, {Interval: &Interval{0.5, 0.25, 2}}, {Text: text, Under: text, Heat: 0.5}}},
		{Faint: true, Cells: []Cell{{Text: text}, {Text: text}, {Interval: &Interval{-1, -1, -1}}}},
	}}}}
	plot := Plot{
		Title: text, Desc: text, X: text, Y: text, Diagonal: true, Dots: true, Curve: []Point{{0, 0}, {0.5, 0.25}, {1, 1}},
		Mark: &Mark{Point{0.5, 0.5}, text}, Bars: []Bar{{0, 0.5, 3}, {0.5, 1, 12345}}, BarsOf: text, Table: table,
	}
	body := Body{
		Warnings: []string{text}, Facts: []Fact{{text, text}}, Text: []string{text}, Tables: []Figures{table}, Plots: []Plot{plot},
		Quotes: []Quote{{Head: text, Facts: []Fact{{text, text}}, Text: text}},
	}
	return &Page{Title: text, Intro: body, Sections: []Section{{Title: text, Body: body, Parts: []Part{{text, body}}}, {Title: text}}}
}

func written(t *testing.T, p *Page) string {
	t.Helper()
	var b strings.Builder
	if err := HTML(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// element is a start tag of a page with the text that begins it.
type element struct {
	name, text string
	attr       map[string]string
}

// elements reads a page as XML, which it is as well and which forgives nothing.
func elements(t *testing.T, page string) (all []element) {
	t.Helper()
	open := false
	for d := xml.NewDecoder(strings.NewReader(page)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			all, open = append(all, e), true
		case xml.EndElement:
			open = false
		case xml.CharData:
			if open {
				all[len(all)-1].text += string(token)
			}
		}
	}
}

func TestTextInAPageStaysText(t *testing.T) {
	hurt, plain := elements(t, written(t, everywhere(hostile))), elements(t, written(t, everywhere("text")))
	names := func(all []element) (n []string) {
		for _, e := range all {
			n = append(n, fmt.Sprint(e.name, len(e.attr)))
		}
		return n
	}
	if !slices.Equal(names(hurt), names(plain)) {
		t.Error("hostile text makes other elements or attributes than plain text")
	}
	shown := 0
	for i, e := range plain {
		if strings.TrimSpace(e.text) == "text" {
			shown++
			if got := strings.TrimSpace(hurt[i].text); got != Printable(hostile) {
				t.Errorf("<%s> holds %q", e.name, got)
			}
		}
	}
	if shown < 50 {
		t.Errorf("the text stands in %d places: is the test looking in the right ones?", shown)
	}
}

func TestAPageNeedsNothingElse(t *testing.T) {
	page := written(t, everywhere(hostile))
	targets := map[string]bool{}
	for _, e := range elements(t, page) {
		if id, ok := e.attr["id"]; ok {
			if targets["#"+id] {
				t.Errorf("the id %q stands twice", id)
			}
			targets["#"+id] = true
		}
	}
	links := 0
	for _, e := range elements(t, page) {
		if slices.Contains([]string{"script", "link", "img", "iframe", "object", "form", "base", "image", "use"}, e.name) {
			t.Errorf("there is a <%s>", e.name)
		}
		for name, value := range e.attr {
			switch {
			case name == "href":
				links++
				if !targets[value] {
					t.Errorf("a link leads to %q", value)
				}
			case name == "src", name == "style", name == "srcset", strings.HasPrefix(name, "on"):
				t.Errorf("<%s> has %s=%q", e.name, name, value)
			}
		}
		if e.name == "style" && strings.Contains(e.text, "url(") || strings.Contains(e.text, "@import") {
			t.Error("the styles refer to something")
		}
	}
	if links != 3 {
		t.Errorf("%d links for 2 sections and a part", links)
	}
}

func TestThePolicyAllowsTheStylesAndNothingElse(t *testing.T) {
	all := elements(t, written(t, everywhere("text")))
	at := func(name string) element {
		return all[slices.IndexFunc(all, func(e element) bool { return e.name == name })]
	}
	sum := sha256.Sum256([]byte(at("style").text))
	want := "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	for _, e := range all {
		if e.attr["http-equiv"] == "Content-Security-Policy" {
			if e.attr["content"] != want {
				t.Errorf("the policy is %q, want %q", e.attr["content"], want)
			}
			return
		}
	}
	t.Error("there is no policy")
}

func TestAPageCanBeReadWithoutEyes(t *testing.T) {
	all := elements(t, written(t, everywhere("text")))
	level, counts := 0, map[string]int{}
	for i, e := range all {
		counts[e.name]++
		switch e.name {
		case "h1", "h2", "h3", "h4":
			if now := int(e.name[1] - '0'); now > level+1 {
				t.Errorf("<%s> follows a heading of level %d", e.name, level)
			} else {
				level = now
			}
		case "th":
			if e.attr["scope"] == "" {
				t.Error("a <th> has no scope")
			}
		case "svg":
			if e.attr["role"] != "img" || all[i+1].name != "title" || strings.TrimSpace(all[i+1].text) == "" {
				t.Error("an <svg> is no image with a title")
			}
		}
	}
	if counts["h1"] != 1 || counts["caption"] != counts["table"] || counts["table"] == 0 || counts["desc"] != counts["figure"] || counts["details"] != counts["figure"] {
		t.Error(counts)
	}
}

func TestTheSamePageIsTheSameBytes(t *testing.T) {
	if first, second := written(t, everywhere(hostile)), written(t, everywhere(hostile)); first != second {
		t.Error("they differ")
	}
	if err := HTML(full{}, everywhere("text")); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

func TestWhereIntervalsAreDrawn(t *testing.T) {
	unit, around := Figures{}, Figures{From: -0.15, To: 0.15}
	for _, test := range []struct {
		table Figures
		value float64
		want  string
	}{{unit, 0, "0.0%"}, {unit, 0.642, "64.2%"}, {unit, 2, "100.0%"}, {unit, -1, "0.0%"}, {around, 0, "50.0%"}, {around, 0.075, "75.0%"}} {
		if got := test.table.At(test.value); got != test.want {
			t.Errorf("%g stands at %s, want %s", test.value, got, test.want)
		}
	}
	if got := around.Ticks(); got != [3]string{"-0.15", "0", "0.15"} {
		t.Error(got)
	}
}

func TestAPlotIsDrawnWithinItsFrame(t *testing.T) {
	for _, top := range []float64{0, 0.1, 0.35, 0.5, 1} {
		p := everywhere("text").Intro.Plots[0]
		p.Top = top
		if top > 0 {
			p.Curve = []Point{{0, 0}, {0.3, top / 2}, {0.3, top / 2}, {1, top}}
		}
		d := p.Draw()
		if n := len(d.TicksY); n < 3 || n > 7 {
			t.Errorf("top %g: %d ticks", top, n)
		}
		if len(d.At) != 3 { // the same point twice is drawn once
			t.Errorf("top %g: %d dots", top, len(d.At))
		}
		for _, at := range d.At {
			if at.X < d.Left || at.X > d.Right || at.Y < d.Upper || at.Y > d.Base {
				t.Errorf("top %g: %v is outside", top, at)
			}
		}
		for _, b := range d.Boxes {
			if b.X < d.Left || b.X+b.W > d.Right || b.Y < d.Base || b.Y+b.H > d.Height || b.W < 0 {
				t.Errorf("bar %v is outside", b)
			}
		}
	}
}
