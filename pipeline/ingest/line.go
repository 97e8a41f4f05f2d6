package ingest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A line is one line of a page, judged on its own: what it looks like, before anybody asks where it stands.
type line struct {
	text  string // one line, single spaces
	key   string // lower-case letters and digits only, to find the same words again
	words int

	ended bool // ends as sentences do
	prose bool // running text: sentences rather than labels
	title bool // could be a headline, cross-heading or link: some words and no full stop
	caps  bool // set in capitals throughout
	name  bool // two to four capitalised words and nothing else, as in a byline
	item  bool // starts with a bullet
	cue   cue

	teaser  bool   // belongs to another article's teaser or to a comment (markTeasers, markComments)
	outside bool   // the extraction library of HTML does not count it as main text
	copy    copyOf // whether the same words stand on this page again
}

const minProseWords = 6 // shorter sentences ("No," he said.) are kept by their neighbours, not by themselves

// readLine judges one line.
func readLine(text string) line {
	l := line{text: text, key: textKey(text)}
	fields := strings.Fields(text)
	l.item = bullet.MatchString(text)
	lower, upper, function := 0, 0, 0
	for _, f := range fields {
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(f, `"'“‘(«[`))
		switch {
		case unicode.IsLower(r):
			lower++
		case unicode.IsUpper(r):
			upper++
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			l.words++
		}
		if functionWords[strings.ToLower(strings.Trim(f, `.,;:!?"'“”‘’()`))] {
			function++
		}
	}
	l.ended = endsSentence(text)
	running := 5*lower >= 2*l.words && 8*function >= l.words // most words small, one in eight a function word
	l.prose = running && (l.ended && l.words >= minProseWords || l.words >= 25 || strings.HasSuffix(text, ":") && l.words >= minProseWords)
	l.caps = l.words >= 4 && strings.ToUpper(text) == text && strings.ToLower(text) != text
	l.name = l.words >= 2 && l.words <= 4 && upper == l.words && personName.MatchString(text)
	l.cue = readCue(l)
	question := strings.HasSuffix(text, "?")
	l.title = l.cue == noCue && l.words >= 3 && (!l.prose && !l.ended && l.words <= 35 || question && l.words <= 20)
	return l
}

// isBodyLike reports whether a line could be a paragraph of the article.
func (l line) isBodyLike() bool {
	return l.prose && l.cue == noCue && (l.copy == onlyCopy || l.copy == lastCopy)
}

// isPoint reports whether a line could be one of the points of a summary: a sentence without its full stop.
func (l line) isPoint() bool { return l.cue == noCue && !l.prose && !l.ended && l.words >= 5 }

// isButton reports whether a line is one of the small things that come in rows: buttons, dates.
func (l line) isButton() bool { return l.cue == actionCue || l.cue == timeCue || l.copy == refrain }

// isLabel reports whether a line is a few words that say nothing: a name, a section.
func (l line) isLabel() bool { return !l.ended && l.words > 0 && l.words <= 4 }

// endsSentence reports whether a text ends as sentences do, whatever quotes, brackets or footnote mark follow.
func endsSentence(text string) bool {
	if note := strings.LastIndexByte(text, '['); note > 0 && len(text)-note <= len("[123]") {
		text = text[:note]
	}
	text = strings.TrimRight(text, `"'”’»)] `)
	return strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "…")
}

// isMore reports whether a line is the button that ends a teaser on some sites.
func (l line) isMore() bool {
	return l.cue == teaserCue && l.words <= 3 && morePhrases.in(wordsOf(l.text))
}

// opensList reports whether titles of other articles follow a line: it points to them and names none itself.
func (l line) opensList() bool {
	switch l.cue {
	case endCue, continueCue:
		return true
	case teaserCue:
		return l.words <= 3
	}
	return false
}

// Which of the lines with the same words a line is.
type copyOf int

const (
	onlyCopy copyOf = iota
	earlierCopy
	lastCopy
	twinCopy // next to another, as alternative text and caption are
	refrain  // a short line that stands three times or more, as buttons do
)

// markCopies finds the lines that stand more than once.
func markCopies(lines []line) {
	count, seen := map[string]int{}, map[string]int{}
	for _, l := range lines {
		count[l.key]++
	}
	prose, twins := 0, 0
	for i := range lines {
		l := &lines[i]
		seen[l.key]++
		n := count[l.key]
		switch {
		case n == 1:
			l.copy = onlyCopy
		case !l.prose && n > 2 && !l.item:
			l.copy = refrain
		case n == 2 && (at(lines, i-1).key == l.key || at(lines, i+1).key == l.key):
			l.copy = twinCopy
			twins++
		case seen[l.key] < n:
			l.copy = earlierCopy
		default:
			l.copy = lastCopy
		}
		if l.prose {
			prose++
		}
	}
	if 3*twins <= prose {
		return
	}
	for i := range lines { // too many for captions: everything on this page stands twice
		if lines[i].copy == twinCopy {
			lines[i].copy = earlierCopy
			if at(lines, i-1).key == lines[i].key {
				lines[i].copy = lastCopy
			}
		}
	}
}

var (
	bullet     = regexp.MustCompile(`^(?:[•·▪■●*‣–-]|\d{1,2}[.)])\s`)
	personName = regexp.MustCompile(`^(?:[\p{Lu}][\p{L}'’.-]*\s?){2,4}$`)
)

// textKey reduces a text to its lower-case letters and digits.
func textKey(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

func runes(s string) int { return utf8.RuneCountInString(s) }

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// splitLines splits a text into its paragraphs: a line each, unless a program wrapped the text, in which case the lines
// of a paragraph are joined again.
func splitLines(text string) []string {
	raw := strings.Split(text, "\n")
	for i, t := range raw {
		raw[i] = strings.Join(strings.Fields(t), " ")
	}
	width := wrapWidth(raw)
	var out []string
	open := false
	for i, t := range raw {
		switch {
		case t == "":
			open = false
			continue
		case open:
			out[len(out)-1] += " " + t
		default:
			out = append(out, t)
		}
		open = width > 0 && i+1 < len(raw) && raw[i+1] != "" && full(t, raw[i+1], width)
	}
	return out
}

// full reports whether the first word of the next line would not have fitted on this one: then a program broke the
// line there, not the author.
func full(t, next string, width int) bool {
	n := runes(t)
	return n <= width && n+1+firstWord(next) > width
}

func firstWord(t string) (width int) {
	word, _, _ := strings.Cut(t, " ")
	return runes(word)
}

// wrapWidth is the width to which a program wrapped a text, or 0 if none did: the width that explains most of the
// breaks between lines that stand right below each other.
func wrapWidth(raw []string) (width int) {
	const narrow, wide, enough = 40, 100, 4
	type pair struct {
		above, word int // widths of a line and of the first word below it
		ended       bool
	}
	var pairs []pair
	lengths := map[int]bool{}
	for i := 1; i < len(raw); i++ {
		if above := raw[i-1]; above != "" && raw[i] != "" {
			p := pair{runes(above), firstWord(raw[i]), endsSentence(above)}
			pairs = append(pairs, p)
			lengths[p.above] = true
		}
	}
	most := enough - 1
	for w := narrow; w <= wide; w++ {
		if !lengths[w] {
			continue
		}
		filled, whole, broken := 0, 0, 0 // breaks in a sentence and after one that this width explains; those that it does not
		for _, p := range pairs {
			switch {
			case p.above > w || p.above+1+p.word <= w && 4*p.above > 3*w && !p.ended:
				broken++
			case p.above+1+p.word <= w:
			case p.ended:
				whole++
			default:
				filled++
			}
		}
		if filled > most && filled >= 3*broken && filled >= whole {
			most, width = filled, w
		}
	}
	return width
}

// at returns line i, or an empty one beyond the ends.
func at(lines []line, i int) line {
	if i < 0 || i >= len(lines) {
		return line{}
	}
	return lines[i]
}
