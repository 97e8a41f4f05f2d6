package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"stance/pipeline/news"
)

// Judged is one row as a reader wants it: an actor, where it is mentioned, and what was found.
type Judged struct {
	news.Subject
	news.Stance
}

// Article prints an article, its mentions marked, with the stances under each paragraph: judged[i] belongs to
// a.Paragraphs[i]. With colours a mention has that of its actor's label; without, it stands in [brackets].
func Article(w io.Writer, a *news.Article, judged [][]Judged, style Style) error {
	out := bufio.NewWriter(w)
	if len(a.Paragraphs) == 0 || a.Paragraphs[0].Kind != news.Headline { // which says the same
		fmt.Fprintln(out, style.paint(bold, Printable(or(a.Title, "(no title)"))))
	}
	fmt.Fprintln(out, style.paint(faint, strings.Join(about(a), " · ")))
	for i, p := range a.Paragraphs {
		var here []Judged
		if i < len(judged) {
			here = judged[i]
		}
		fmt.Fprintln(out)
		for _, line := range wrap(mark(p.Text, here, style.Colour), style.width()-len(indent(p.Kind))) {
			fmt.Fprintln(out, indent(p.Kind)+render(line, style))
		}
		for _, j := range here {
			fmt.Fprintln(out, stanceLine(j, style))
		}
	}
	return out.Flush()
}

func about(a *news.Article) []string {
	var parts []string
	for _, s := range []string{a.Source, a.Byline, a.Genre, a.URL} {
		if s != "" {
			parts = append(parts, Printable(s))
		}
	}
	if !a.Published.IsZero() {
		parts = append(parts, a.Published.UTC().Format("2 January 2006"))
	}
	if a.DuplicateOf != "" {
		parts = append(parts, "duplicate of "+Printable(a.DuplicateOf))
	}
	return append(parts, "id "+Printable(a.ID))
}

// indent sets headline and deck off from the body.
func indent(k news.ParagraphKind) string {
	switch k {
	case news.Headline:
		return "# "
	case news.Deck:
		return "## "
	default:
		return ""
	}
}

// glyph is one rune of a paragraph and how it is painted.
type glyph struct {
	r   rune
	ink ink
}

// mark paints the mentions into a paragraph, or brackets them where there are no colours. Mentions that do not lie
// within the text are left out.
func mark(text string, judged []Judged, colour bool) []glyph {
	glyphs := make([]glyph, 0, len(text))
	for _, r := range Printable(text) {
		glyphs = append(glyphs, glyph{r: r})
	}
	opens, closes := map[int]int{}, map[int]int{}
	for _, j := range judged {
		for _, m := range j.Mentions {
			if m.Start < 0 || m.Start >= m.End || m.End > len(glyphs) {
				continue
			}
			opens[m.Start]++
			closes[m.End]++
			for i := m.Start; i < m.End; i++ {
				glyphs[i].ink = under + ";" + inkOf(j.Label)
			}
		}
	}
	if colour {
		return glyphs
	}
	bracketed := make([]glyph, 0, len(glyphs))
	for i := 0; i <= len(glyphs); i++ {
		for range closes[i] {
			bracketed = append(bracketed, glyph{r: ']'})
		}
		for range opens[i] {
			bracketed = append(bracketed, glyph{r: '['})
		}
		if i < len(glyphs) {
			bracketed = append(bracketed, glyph{r: glyphs[i].r})
		}
	}
	return bracketed
}

// wrap breaks text at spaces into lines of at most n columns; a word that is longer is broken where the line ends.
func wrap(text []glyph, n int) [][]glyph {
	var lines [][]glyph
	for len(text) > 0 {
		used, end, space := 0, 0, -1
		for end < len(text) {
			if used += runeColumns(text[end].r); used > n {
				break
			}
			if text[end].r == ' ' {
				space = end
			}
			end++
		}
		next := end
		switch {
		case end == len(text):
		case text[end].r == ' ':
			next = end + 1
		case space > 0:
			end, next = space, space+1
		case end == 0: // a rune wider than the line
			end, next = 1, 1
		}
		lines = append(lines, text[:end])
		text = text[next:]
	}
	return lines
}

func render(line []glyph, style Style) string {
	var b strings.Builder
	for i := 0; i < len(line); {
		j := i
		var run strings.Builder
		for ; j < len(line) && line[j].ink == line[i].ink; j++ {
			run.WriteRune(line[j].r)
		}
		b.WriteString(style.paint(line[i].ink, run.String()))
		i = j
	}
	return b.String()
}

// Columns of a stance line: name, label, bar; the probabilities follow.
const (
	nameColumns  = 30
	labelColumns = 8
	barColumns   = 12
)

func stanceLine(j Judged, style Style) string {
	var notes []string
	if j.Abstained {
		notes = append(notes, "undecided")
	}
	if j.Truncated {
		notes = append(notes, "cut")
	}
	var how []string
	for _, m := range j.Mentions {
		if h := string(m.How); len(how) == 0 || how[len(how)-1] != h {
			how = append(how, h)
		}
	}
	if len(how) > 0 {
		notes = append(notes, "by "+strings.Join(how, ", "))
	}
	names := min(nameColumns, style.width()/4)
	line := "    " + fit(Printable(or(j.Actor.Name, j.Actor.ID)), names) + " " +
		style.paint(inkOf(j.Label), fit(string(j.Label), labelColumns)) + bar(j.P, style)
	numbers := fmt.Sprintf("  %.2f %.2f %.2f", j.P[0], j.P[1], j.P[2])
	rest := style.width() - 4 - names - 1 - labelColumns - barColumns - len(numbers)
	if rest < 0 {
		return line
	}
	line += numbers
	if note := strings.Join(notes, ", "); note != "" && rest > 4 {
		line += "  " + style.paint(faint, strings.TrimRight(fit(note, rest-2), " "))
	}
	return line
}

// bar divides its columns between pro, anti and neutral by their probabilities; the shades tell them apart without
// colours.
func bar(p [3]float32, style Style) string {
	shades := [3]string{"█", "▓", "░"}
	var b strings.Builder
	done, sum := 0, float32(0)
	for i, label := range news.Labels {
		sum += p[i]
		end := min(max(int(sum*barColumns+0.5), done), barColumns)
		if i == len(p)-1 {
			end = barColumns
		}
		b.WriteString(style.paint(inkOf(label), strings.Repeat(shades[i], end-done)))
		done = end
	}
	return b.String()
}

func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}
