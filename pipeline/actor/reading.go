package actor

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"stance/pipeline/news"
)

// reading is an article while it is read.
type reading struct {
	finder     *Finder
	at         time.Time // when the article was published; zero where unknown
	byline     string    // plain; no more of it than names need
	paragraphs []paragraph
	lands      lands
	cast       cast

	transcript  bool    // labels say who speaks
	interviewee *member // nil where the article is no interview
	questions   int     // paragraph in which they begin
}

type paragraph struct {
	kind     news.ParagraphKind
	words    []word
	loud     bool   // in Title Case or CAPITALS: capitals tell nothing
	dateline int    // how many words at the beginning say where and when it was written
	spans    []span // what the inventory knows in it, leftmost first, longest at each place, without an article that hides a longer one
	starts   []int32
	ends     []int32 // number of the span that begins or ends before a word, from 1; 0 for none
	found    []found
	covered  []bool    // by word: part of a mention
	people   []*figure // by word: the person a mention of whom begins there
	inQuotes []bool    // by word
	quotes   bool      // any word is
	lands    lands
	manner
	turn *turn // nil where the paragraph has no label that says who speaks
}

// span is an expression that the inventory knows.
type span struct {
	from, to int // words
	forms    []form
	taken    bool // decided, by itself or as part of a longer expression
	place    bool // decided to name a place, no actor
}

// found is a mention.
type found struct {
	who      *figure
	from, to int // words
	how      news.How
}

// read splits the article into words and finds all that the inventory knows in it.
func (f *Finder) read(a *news.Article) *reading {
	r := &reading{finder: f, at: a.Published, paragraphs: make([]paragraph, len(a.Paragraphs)), cast: newCast()}
	const longestByline = 400 // bytes
	r.byline = plain(a.Byline[:min(len(a.Byline), longestByline)])
	for i, text := range a.Paragraphs {
		words := split(text.Text)
		f.names.look(words)
		r.paragraphs[i] = paragraph{
			kind:     text.Kind,
			words:    words,
			loud:     loud(words),
			dateline: dateline(words),
			starts:   make([]int32, len(words)+1),
			ends:     make([]int32, len(words)+1),
			covered:  make([]bool, len(words)),
			people:   make([]*figure, len(words)),
			inQuotes: inQuotes(text.Text, words),
			manner:   mannerOf(text.Text),
		}
		r.paragraphs[i].quotes = slices.Contains(r.paragraphs[i].inQuotes, true)
		r.paragraphs[i].match(f.names)
	}
	return r
}

// match finds the spans of a paragraph.
func (p *paragraph) match(names *automaton) {
	for from := 0; from < len(p.words); {
		forms, to := names.match(p.words, from)
		if p.key(from) == "the" && len(forms) > 0 {
			if longer, end := names.match(p.words, from+1); end > to {
				from, to, forms = from+1, end, longer // "the Left Alliance" is not the Left
			}
		}
		if len(forms) == 0 || to <= p.dateline || p.shouts(from, to) || half(p.key(from)) && p.gap(to) != hyphen {
			from++
			continue
		}
		p.spans = append(p.spans, span{from: from, to: to, forms: forms})
		p.starts[from], p.ends[to] = int32(len(p.spans)), int32(len(p.spans))
		from = to
	}
}

// shouts reports whether a name is an ordinary word in a text in capitals: "WHO WINS", "TELL US".
func (p *paragraph) shouts(from, to int) bool {
	w := p.words[from]
	if to != from+1 || !p.loud || w.class&function == 0 || w.text != strings.ToUpper(w.key) {
		return false
	}
	for i := max(0, from-1); i <= from+1 && i < len(p.words); i++ {
		if i != from && p.words[i].shape != upper {
			return false // only the name is in capitals
		}
	}
	switch p.key(from - 1) {
	case "tell", "let", "join", "help", "give", "show", "follow", "contact", "about", "of", "for":
		return true
	}
	return w.key != "us"
}

// loud reports whether nearly all words that carry meaning are capitalised.
func loud(words []word) bool {
	telling, low := 0, 0
	for _, w := range words {
		if w.class&function == 0 && len(w.text) > 1 {
			telling++
			if w.shape == lower {
				low++
			}
		}
	}
	return telling > 1 && low*10 <= telling
}

// dateline returns how many words open a paragraph as a dateline: "PARIS, Aug 21 (Reuters) -", "ROME, September 4. /TASS/.",
// "Ottawa, ON -".
func dateline(words []word) int {
	const longest = 12 // words
	if len(words) < 2 || words[0].shape == lower {
		return 0
	}
	town := words[0].shape == upper && len(words[0].text) >= 4
	if !town && words[1].before != comma {
		return 0
	}
	for i := 1; i < len(words) && i <= longest; i++ {
		switch words[i].before {
		case dash:
			return i
		case sentence:
			if i < 3 || words[i-2].before != comma || words[i-2].class&calendar == 0 || !unicode.IsDigit(rune(words[i-1].text[0])) {
				return 0
			}
			if i+1 < len(words) && words[i].shape == upper && words[i+1].before == sentence {
				return i + 1 // the agency
			}
			return i
		case colon, quote:
			return 0
		}
		if !town && words[i].shape == lower && !unicode.IsDigit(rune(words[i].text[0])) {
			return 0 // "Moscow, so the story goes - "
		}
	}
	return 0
}

// starting and ending return the span that begins or ends before word i, and nil where none does.
func (p *paragraph) starting(i int) *span { return p.at(p.starts, i) }
func (p *paragraph) ending(i int) *span   { return p.at(p.ends, i) }

func (p *paragraph) at(index []int32, i int) *span {
	if i < 0 || i >= len(index) || index[i] == 0 {
		return nil
	}
	return &p.spans[index[i]-1]
}

// best returns the form that is meant where only the namings allowed come into question.
func (s *span) best(allowed ...naming) (form, bool) {
	var best form
	ok := false
	for _, f := range s.forms {
		if slices.Contains(allowed, f.naming) && (!ok || f.naming < best.naming) {
			best, ok = f, true
		}
	}
	return best, ok
}

// names reports whether a span may be a name of a sort.
func (s *span) names(n naming) bool {
	return slices.ContainsFunc(s.forms, func(f form) bool { return f.naming == n })
}

// add takes down a mention.
func (p *paragraph) add(who *figure, from, to int, how news.How) {
	p.found = append(p.found, found{who, from, to, how})
	for i := from; i < to; i++ {
		p.covered[i] = true
	}
	if who.Kind == news.Person {
		p.people[from] = who
	}
}

// free reports whether no word of a stretch belongs to a mention.
func (p *paragraph) free(from, to int) bool {
	return !slices.Contains(p.covered[from:to], true)
}

// take marks all spans of a stretch as decided.
func (p *paragraph) take(from, to int) {
	for i := from; i < to; i++ {
		if s := p.starting(i); s != nil {
			s.taken = true
		}
	}
}

// text returns the words of a stretch with spaces or hyphens between them.
func (p *paragraph) text(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		if i > from && p.words[i].before == hyphen {
			b.WriteByte('-')
		} else if i > from {
			b.WriteByte(' ')
		}
		b.WriteString(p.words[i].text)
	}
	return b.String()
}

// nameOrAlias says whether a stretch is the common name of an actor.
func (p *paragraph) nameOrAlias(who *figure, from, to int) news.How {
	if plain(who.Name) == plain(p.text(from, to)) {
		return news.ByName
	}
	return news.ByAlias
}

// is reports whether there is a word i and it has any of the classes.
func (p *paragraph) is(i int, c class) bool {
	return i >= 0 && i < len(p.words) && p.words[i].class&c != 0
}

// key returns the folded word i, and "" where there is none.
func (p *paragraph) key(i int) string {
	if i < 0 || i >= len(p.words) {
		return ""
	}
	return p.words[i].key
}

// gap returns what stands before word i; a paragraph ends like a sentence.
func (p *paragraph) gap(i int) gap {
	if i <= 0 || i >= len(p.words) {
		return sentence
	}
	return p.words[i].before
}
