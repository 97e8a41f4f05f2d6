// Package report turns rows into what people read: an article with its stances, the small table of who is for and
// against, a page of figures and plots, CSV and JSON lines. It takes the nouns of package news (or any struct, for
// exports), writes to an io.Writer and knows nothing of files, flags or terminals: how much may be dressed up is said by
// a Style.
//
// Everything that it prints came from strangers' web pages, so all escaping of output is here. Text for people never
// carries a control character, a bidirectional override or an invalid byte to the terminal; a page holds no markup but
// its own; a CSV cell is never read as a formula by a spreadsheet; and both exports can be read back to exactly the text
// that went in.
package report

import "stance/pipeline/news"

// Style says how text may be dressed.
type Style struct {
	Colour bool // ANSI colours
	Width  int  // columns to a line; 0 means DefaultWidth
}

// DefaultWidth is the line that text is wrapped to where there is no terminal to ask: long enough for tables, short
// enough to read.
const DefaultWidth = 100

// The widest and narrowest lines that text is wrapped to, whatever the terminal says: longer ones are hard to read,
// shorter ones have no room for a stance.
const (
	maxWidth = 120
	minWidth = 40
)

func (s Style) width() int {
	if s.Width <= 0 {
		return DefaultWidth
	}
	return min(max(s.Width, minWidth), maxWidth)
}

// ink is what follows ESC [ in an ANSI colour sequence; empty leaves text as it is.
type ink string

const (
	plain ink = ""
	bold  ink = "1"
	faint ink = "2"
	under ink = "4"
	red   ink = "31"
	green ink = "32"
)

func (s Style) paint(i ink, text string) string {
	if !s.Colour || i == plain || text == "" {
		return text
	}
	return "\x1b[" + string(i) + "m" + text + "\x1b[0m"
}

func inkOf(l news.Label) ink {
	switch l {
	case news.Pro:
		return green
	case news.Anti:
		return red
	default:
		return faint
	}
}
