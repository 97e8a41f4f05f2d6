package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
)

// Page is a document of figures in one file that needs nothing else: no script, no font, no network. It has no markup of its
// own; all strings are taken for text, whatever they hold.
type Page struct {
	Title    string
	Intro    Body
	Sections []Section
}

// Section has an entry in the table of contents.
type Section struct {
	Title string
	Body
	Parts []Part
}

// Part is a section of a section.
type Part struct {
	Title string
	Body
}

// Body is what stands under a heading, in this order. Tables and plots stand side by side where there is room.
type Body struct {
	Warnings []string
	Facts    []Fact
	Text     []string // paragraphs
	Tables   []Figures
	Plots    []Plot
	Quotes   []Quote
}

// Fact is a name and what it stands for.
type Fact [2]string

// Quote is a text and what is to be said of it.
type Quote struct {
	Head  string
	Facts []Fact
	Text  string
}

// Figures are a table. The first cell of a row is its heading.
type Figures struct {
	Caption  string
	Head     []string
	Groups   []Group
	From, To float64 // the axis of all intervals in the table; 0 and 0 mean from 0 to 1
}

// Group is rows that belong together, under a name where it has one.
type Group struct {
	Name string
	Rows []Row
}

// Row is a row of Figures.
type Row struct {
	Faint bool // of little weight, which the text has to say as well
	Cells []Cell
}

// Cell is one of these, or text with one of them. The zero Cell is empty.
type Cell struct {
	Text     string
	Under    string    // in small letters below
	Heat     float64   // from 0 to 1: the darkness of the ground
	Interval *Interval // drawn to the table's axis
}

// Interval is a dot on a line from Low to High, or from the beginning of the axis where the three are the same.
type Interval struct{ Value, Low, High float64 }

// Cells are cells of text alone.
func Cells(texts ...string) []Cell {
	cells := make([]Cell, len(texts))
	for i, t := range texts {
		cells[i].Text = t
	}
	return cells
}

// HTML writes a page. The same page gives the same bytes.
func HTML(w io.Writer, p *Page) error {
	var b strings.Builder
	if err := pageTemplate.Execute(&b, p); err != nil {
		return err
	}
	_, err := io.WriteString(w, squeeze(b.String()))
	return err
}

// squeeze leaves out what only makes a file longer, and makes the rest Printable: here, where nothing can be forgotten.
func squeeze(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString(Printable(line) + "\n")
		}
	}
	return b.String()
}

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string

	style     = squeeze(pageCSS)
	styleHash = sha256.Sum256([]byte(style))
)

// policy lets a page that was talked into more than text do nothing: even its styles are allowed by their hash alone.
var policy = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(styleHash[:]) + "'"

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"style":  func() template.CSS { return template.CSS(style) },
	"policy": func() string { return policy },
	"number": func(i int) int { return i + 1 },
}).Parse(pageHTML))

// Shade is how dark the ground of a cell is, from 0 to 10.
func (c Cell) Shade() int { return int(math.Round(10 * min(max(c.Heat, 0), 1))) }

func (f Figures) axis() (from, to float64) {
	if f.From == 0 && f.To == 0 {
		return 0, 1
	}
	return f.From, f.To
}

// Ticks are the three numbers that stand over a column of intervals.
func (f Figures) Ticks() [3]string {
	from, to := f.axis()
	return [3]string{short(from), short((from + to) / 2), short(to)}
}

// Drawn says whether a column has intervals.
func (f Figures) Drawn(column int) bool {
	for _, g := range f.Groups {
		for _, r := range g.Rows {
			if column < len(r.Cells) && r.Cells[column].Interval != nil {
				return true
			}
		}
	}
	return false
}

// At is where a value lies on the axis, in percent of its length; what lies outside is moved to its ends.
func (f Figures) At(value float64) string {
	from, to := f.axis()
	return fmt.Sprintf("%.1f%%", 100*min(max((value-from)/(to-from), 0), 1))
}

func short(x float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", x), "0"), ".")
}
